import { describe, expect, it } from "vitest";

import { BadLine, readContext } from "./context";

describe("condition keys typed by people", () => {
  it("are read line by line", () => {
    expect(readContext("")).toEqual({});
    expect(readContext("aws:SourceIp = 192.0.2.1\n\naws:TagKeys=a, b\nx=a=b")).toEqual({
      "aws:SourceIp": "192.0.2.1",
      "aws:TagKeys": ["a", "b"],
      x: "a=b",
    });
  });

  it("name the line that is none", () => {
    expect(() => readContext("a=b\nnonsense")).toThrow(new BadLine(2));
    expect(() => readContext("= b")).toThrow(new BadLine(1));
  });
});
