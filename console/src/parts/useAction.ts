/** One thing done at a time, with what went wrong; nothing typed is lost when it fails. */
import { useCallback, useState } from "react";

import { useSessionState } from "../session/SessionContext";
import { isOver } from "./useLoad";

export interface Action {
  isBusy: boolean;
  error: unknown;
  run: (act: () => Promise<void>) => void;
  clear: () => void;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { lose } = useSessionState();
  const run = useCallback(
    (act: () => Promise<void>) => {
      setBusy(true);
      setError(null);
      act()
        .catch((failure: unknown) => {
          if (isOver(failure)) lose();
          setError(failure);
        })
        .finally(() => setBusy(false));
    },
    [lose],
  );
  return { isBusy, error, run, clear: useCallback(() => setError(null), []) };
}
