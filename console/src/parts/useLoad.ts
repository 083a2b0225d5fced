/** What a page shows, loaded when it opens and again when asked. */
import { useCallback, useEffect, useRef, useState } from "react";

import { Refusal } from "../api/client";
import { useSessionState } from "../session/SessionContext";

/** Codes that tell that the session is over, whichever call met it. */
const OVER = new Set([
  "NotSignedIn",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  // S3's names of the same.
  "InvalidAccessKeyId",
  "InvalidToken",
]);

export function isOver(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return OVER.has(error instanceof Refusal ? error.code : error.name);
}

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

/**
 * Loads when `key` changes. What was loaded last stays while the next comes, and stays when it fails.
 */
export function useLoad<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; isLoading: boolean }>({
    data: null,
    error: null,
    isLoading: true,
  });
  const latest = useRef(load);
  const turn = useRef(0);
  const { lose } = useSessionState();
  useEffect(() => {
    latest.current = load;
  });
  const reload = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    setState((before) => ({ ...before, isLoading: true }));
    latest.current().then(
      (data) => {
        if (mine === turn.current) setState({ data, error: null, isLoading: false });
      },
      (error: unknown) => {
        if (mine !== turn.current) return;
        if (isOver(error)) lose();
        setState((before) => ({ ...before, error, isLoading: false }));
      },
    );
  }, [lose]);
  useEffect(() => {
    void Promise.resolve().then(reload);
    return () => {
      turn.current += 1;
    };
  }, [key, reload]);
  return { ...state, reload };
}
