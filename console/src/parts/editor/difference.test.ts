import { expect, it } from "vitest";

import { difference } from "./difference";

it("shows what changes and a few lines around, and counts the rest", () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n");
  const after = before.replace("line 10", "other");
  expect(difference(before, after).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "skipped 7",
    "same line 7",
    "same line 8",
    "same line 9",
    "removed line 10",
    "added other",
    "same line 11",
    "same line 12",
    "same line 13",
    "skipped 6",
  ]);
});

it("takes no notice of how the last line ends, nor of carriage returns", () => {
  expect(difference("a\nb", "a\r\nb\r\n").some(({ kind }) => kind === "added")).toBe(false);
});
