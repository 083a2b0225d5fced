/** What is being written, kept in this tab until it is saved, so that an ended session does not lose it. */
import { useState } from "react";

import { useSession } from "../session/SessionContext";

export interface Draft<T> {
  value: T;
  write: (value: T) => void;
  /** Whether it was begun before this page was opened. */
  isRestored: boolean;
  /** Forgets it and goes back to what it began with. */
  discard: () => void;
  /** Forgets it: it has been saved. */
  finish: () => void;
}

/**
 * key: what it is a draft of. begun: what to start from where nothing is kept; a text, or the fields of a form, of
 * which none may be a secret.
 */
export function useDraft<T>(key: string, begun: T): Draft<T> {
  const { acting } = useSession();
  const place = `sekisho.draft ${acting.arn} ${key}`;
  const [kept] = useState(() => read(sessionStorage.getItem(place), begun));
  const [value, setValue] = useState(kept);
  const [isRestored, setRestored] = useState(JSON.stringify(kept) !== JSON.stringify(begun));
  const finish = () => {
    sessionStorage.removeItem(place);
    setRestored(false);
  };
  return {
    value,
    isRestored,
    write: (next) => {
      setValue(next);
      keep(place, JSON.stringify(next));
    },
    discard: () => {
      finish();
      setValue(begun);
    },
    finish,
  };
}

/** What was kept, as far as it is of the kind that is begun with. */
export function read<T>(kept: string | null, begun: T): T {
  if (kept === null) return begun;
  try {
    const found: unknown = JSON.parse(kept);
    if (typeof found !== typeof begun || found === null) return begun;
    return typeof begun === "object" ? { ...begun, ...(found as T) } : (found as T);
  } catch {
    return begun;
  }
}

/** A browser whose store is full keeps nothing, and goes on. */
function keep(place: string, text: string): void {
  try {
    sessionStorage.setItem(place, text);
  } catch {
    sessionStorage.removeItem(place);
  }
}
