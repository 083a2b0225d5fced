/** A link within the console; its address is plain, so that it opens in a new tab as well. */
import Link, { type LinkProps } from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";

interface Props {
  to: string;
  children: ReactNode;
  variant?: LinkProps.Variant;
}

export function PageLink({ to, children, variant }: Props) {
  const navigate = useNavigate();
  return (
    <Link
      href={`/console${to}`}
      {...(variant ? { variant } : {})}
      onFollow={(happened) => {
        happened.preventDefault();
        void navigate(to);
      }}
    >
      <span className="name">{children}</span>
    </Link>
  );
}
