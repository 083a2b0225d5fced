import { expect, test } from "vitest";

import { tell, type Told } from "./told";

const JAPANESE = { "{} asks for {}": "{1}、{0}より", alice: "アリス", "{} of {}": "{1}の{0}" };

test.each<[Told, string, string]>([
  ["as it is", "as it is", "as it is"],
  ["alice", "alice", "alice"],
  [["{} asks for {}", "alice", "s3:*"], "alice asks for s3:*", "s3:*、aliceより"],
  [["{} asks for {}", ["{} of {}", "alice", "home"], "{0}"], "alice of home asks for {0}", "{0}、homeのaliceより"],
  [['"${{" and {{"{}": 1}}', "{}"], '"${" and {"{}": 1}', '"${" and {"{}": 1}'],
  [["no such pattern: {}", "a"], "no such pattern: a", "no such pattern: a"],
  [["{} asks for {}", "alice"], "alice asks for ", "、aliceより"],
])("%j is told in both languages", (told, english, japanese) => {
  expect(tell(told)).toBe(english);
  expect(tell(told, JAPANESE)).toBe(japanese);
});
