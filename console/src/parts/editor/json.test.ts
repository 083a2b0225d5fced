import { describe, expect, it } from "vitest";

import { decoded, formatJson, offsetOf, readable, sizeOf, withoutMarks } from "./json";

describe("formatJson", () => {
  it("loses nothing: doubled keys, long numbers, escapes", () => {
    const text = '{"a":1,"a":12345678901234567890,"b":"x\\"{,}"}';
    expect(formatJson(text)).toBe(
      '{\n  "a": 1,\n  "a": 12345678901234567890,\n  "b": "x\\"{,}"\n}',
    );
  });
  it("keeps what is empty on one line", () => {
    expect(formatJson('{"a":{ },"b":[ ]}')).toBe('{\n  "a": {},\n  "b": []\n}');
  });
  it("leaves alone what is no JSON, or too deep", () => {
    expect(formatJson('{"a":')).toBe('{"a":');
    const deep = "[".repeat(100) + "]".repeat(100);
    expect(formatJson(deep)).toBe(deep);
  });
  it("does the same when done again", () => {
    const once = formatJson('{"Statement":[{"Action":["a","b"]},{}]}');
    expect(formatJson(once)).toBe(once);
  });
});

describe("readable", () => {
  it("keeps its author's lines", () => {
    expect(readable('{\n"a":1}\n')).toBe('{\n"a":1}\n');
    expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  });
});

describe("withoutMarks", () => {
  it("says the same in letters that can be seen", () => {
    const text = JSON.stringify({ Sid: "a\u202eb\u2066" });
    expect(withoutMarks(text)).toBe('{"Sid":"a\\u202eb\\u2066"}');
    expect(JSON.parse(withoutMarks(text))).toEqual(JSON.parse(text));
  });
});

describe("decoded", () => {
  it("takes what cannot be decoded as it is", () => {
    expect(decoded("%7B%22a%22%3A1%7D")).toBe('{"a":1}');
    expect(decoded("100%")).toBe("100%");
    expect(decoded(undefined)).toBe("");
  });
});

describe("sizeOf", () => {
  it("counts characters, with white space or without", () => {
    expect(sizeOf(' {"a": "関所𠮷"}\n', false)).toBe(11);
    expect(sizeOf(' {"a": "関所𠮷"}\n', true)).toBe(14);
  });
});

describe("offsetOf", () => {
  it("counts lines and code points from 1", () => {
    expect(offsetOf("ab\n𠮷c\n", 1, 1)).toBe(0);
    expect(offsetOf("ab\n𠮷c\n", 2, 2)).toBe(5);
    expect(offsetOf("ab\n𠮷c\n", 1, 9)).toBe(2);
    expect(offsetOf("ab\n𠮷c\n", 9, 1)).toBe(7);
  });
});
