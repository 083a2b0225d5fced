import { describe, expect, it } from "vitest";

import type { Finding } from "../../api/signed";
import { coloured, gravestByLine, underlined, type Run } from "./paint";

const joined = (runs: Run[]) => runs.map(({ text }) => text).join("");

const finding = (place: Partial<Finding>): Finding => ({
  code: "X",
  severity: "warning",
  told: { message: "", why: "" },
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  path: "",
  ...place,
});

describe("coloured", () => {
  it("tells keys from strings, and numbers", () => {
    const kinds = coloured('{"a": "b", "c" : [1, true]}').filter(({ kind }) => kind !== "");
    expect(kinds.map(({ text, kind }) => `${kind} ${text}`)).toEqual([
      'key "a"',
      'string "b"',
      'key "c"',
      "number 1",
      "number true",
    ]);
  });
  it("changes nothing of any text", () => {
    for (const text of ["", '{"a', '"\\', "\n\n", '"𠮷" : <script>', "x".repeat(50_000)]) {
      expect(joined(coloured(text))).toBe(text);
    }
  });
});

describe("underlined", () => {
  const text = '{\n  "Effect": "Alow"\n}';
  it("marks from line and column to the first column after", () => {
    const runs = underlined(text, [finding({ line: 2, column: 13, endLine: 2, endColumn: 19 })]);
    expect(runs.filter(({ kind }) => kind !== "")).toEqual([{ text: '"Alow"', kind: "warning" }]);
    expect(joined(runs)).toBe(text);
  });
  it("bears places beyond the text, and such as overlap", () => {
    const runs = underlined(text, [
      finding({ endLine: 3, endColumn: 1 }),
      finding({ severity: "error", endLine: 2, endColumn: 3 }),
      finding({ line: 99, endLine: 99 }),
    ]);
    expect(joined(runs)).toBe(text);
    expect(runs[0]?.kind).toBe("error");
  });
});

it("a line bears the mark of its gravest finding", () => {
  const marks = gravestByLine([
    finding({ severity: "suggestion" }),
    finding({ severity: "error" }),
    finding({ line: 2 }),
  ]);
  expect([...marks]).toEqual([
    [1, "error"],
    [2, "warning"],
  ]);
});
