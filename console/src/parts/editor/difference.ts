/** What changes between two texts, line by line, with a few lines around each change. */
import { diffLines } from "diff";

export interface Line {
  kind: "same" | "added" | "removed" | "skipped";
  /** Of skipped lines, how many as text. */
  text: string;
}

const AROUND = 3;

export function difference(before: string, after: string): Line[] {
  const lines: Line[] = diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ kind: added ? "added" : removed ? "removed" : "same", text }) as const),
  );
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same"),
  );
  const shown: Line[] = [];
  let hidden = 0;
  const skip = () => {
    if (hidden > 0) shown.push({ kind: "skipped", text: String(hidden) });
    hidden = 0;
  };
  lines.forEach((line, at) => {
    if (isNear[at]) {
      skip();
      shown.push(line);
    } else hidden += 1;
  });
  skip();
  return shown;
}

function ended(text: string): string {
  const unix = text.replace(/\r\n?/g, "\n");
  return unix === "" || unix.endsWith("\n") ? unix : `${unix}\n`;
}
