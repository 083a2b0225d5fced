/** What the server says about a document, asked while it is written. */
import { useEffect, useState } from "react";

import { checkPolicy, type Finding } from "../../api/signed";
import { useSession } from "../../session/SessionContext";
import type { PolicyKind } from "./kinds";

const PAUSE_MS = 350;

/** text: what the findings are about; null before the first answer. */
export interface Findings {
  text: string | null;
  findings: Finding[];
  error: unknown;
}

export function useFindings(text: string, kind: PolicyKind): Findings {
  const { credential } = useSession().acting;
  const [known, setKnown] = useState<Findings>({ text: null, findings: [], error: null });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      if (text.trim() === "") {
        setKnown({ text, findings: [], error: null });
        return;
      }
      checkPolicy(credential, kind, text).then(
        (findings) => isWanted && setKnown({ text, findings, error: null }),
        (error: unknown) => isWanted && setKnown((before) => ({ ...before, error })),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text, kind, credential]);
  return known;
}
