import { expect, test } from "vitest";

import { read } from "./useDraft";

test.each([
  [null, "begun", "begun"],
  ['"kept"', "begun", "kept"],
  ["not JSON", "begun", "begun"],
  ['{"a": 1}', "begun", "begun"],
  ["null", { a: 1, b: 2 }, { a: 1, b: 2 }],
  ['{"a": 3}', { a: 1, b: 2 }, { a: 3, b: 2 }],
])("of %j, where %j is begun, %j is taken up again", (kept, begun, found) => {
  expect(read<unknown>(kept, begun)).toEqual(found);
});
