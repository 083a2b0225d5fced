/** A text under way, kept in this tab until it is saved, so that an ended session does not lose it. */
import { useState } from "react";

import { useSession } from "../session/SessionContext";

export interface Draft {
  text: string;
  write: (text: string) => void;
  /** Whether it was begun before this page was opened. */
  isRestored: boolean;
  /** Forgets it and goes back to what it began with. */
  discard: () => void;
  /** Forgets it: it has been saved. */
  finish: () => void;
}

/** key: what it is a text of. begun: what to start from where nothing is kept. */
export function useDraft(key: string, begun: string): Draft {
  const { acting } = useSession();
  const place = `sekisho.draft ${acting.arn} ${key}`;
  const [kept] = useState(() => sessionStorage.getItem(place));
  const [text, setText] = useState(kept ?? begun);
  const [isRestored, setRestored] = useState(kept !== null && kept !== begun);
  const finish = () => {
    sessionStorage.removeItem(place);
    setRestored(false);
  };
  return {
    text,
    isRestored,
    write: (next) => {
      setText(next);
      keep(place, next);
    },
    discard: () => {
      finish();
      setText(begun);
    },
    finish,
  };
}

/** A browser whose store is full keeps nothing, and goes on. */
function keep(place: string, text: string): void {
  try {
    sessionStorage.setItem(place, text);
  } catch {
    sessionStorage.removeItem(place);
  }
}
