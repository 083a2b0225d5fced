/** Condition keys as people type them: `key = value`, one a line. */

export class BadLine extends Error {
  constructor(readonly line: number) {
    super(`line ${line}`);
  }
}

/** Raises BadLine for the first line that is no `key = value`. Several values have commas. */
export function readContext(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [place, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    const key = line.slice(0, at).trim();
    if (at < 0 || key === "") throw new BadLine(place + 1);
    const values = line
      .slice(at + 1)
      .split(",")
      .map((value) => value.trim());
    found[key] = values.length > 1 ? values : (values[0] ?? "");
  }
  return found;
}
