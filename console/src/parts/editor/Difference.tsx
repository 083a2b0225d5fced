/** What changes between two documents. */
import Box from "@cloudscape-design/components/box";
import { useMemo } from "react";

import { useWords } from "../../words/language";
import { plain } from "../text";
import { difference, type Line } from "./difference";
import "./editor.css";
import { words } from "./words";

const SIGNS = { same: " ", added: "+", removed: "-", skipped: "…" } as const;

export function Difference({ before, after }: { before: string; after: string }) {
  const say = useWords(words);
  const lines = useMemo(() => difference(before, after), [before, after]);
  if (!lines.some(({ kind }) => kind === "added" || kind === "removed")) {
    return <Box color="text-body-secondary">{say.unchanged}</Box>;
  }
  const spoken: Partial<Record<Line["kind"], string>> = {
    added: say.added,
    removed: say.removedLine,
  };
  return (
    <div className="difference" role="region" aria-label={say.difference} tabIndex={0}>
      {lines.map(({ kind, text }, at) => (
        <div key={at} className={kind}>
          {spoken[kind] !== undefined && <span className="unseen">{`${spoken[kind]}: `}</span>}
          <span aria-hidden="true">{`${SIGNS[kind]} `}</span>
          {kind === "skipped" ? say.skipped(text) : plain(text)}
        </div>
      ))}
    </div>
  );
}
