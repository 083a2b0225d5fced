/** Why a form was refused, brought before the eyes of whoever sent it from the bottom of a long page. */
import { useEffect, useRef } from "react";

import { ErrorAlert } from "./ErrorAlert";

export function FormError({ error }: { error: unknown }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null) place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  if (error === null) return null;
  return (
    <div ref={place} role="alert">
      <ErrorAlert error={error} />
    </div>
  );
}
