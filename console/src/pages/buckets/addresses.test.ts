import { describe, expect, it } from "vitest";

import { bucketPath, fileName, isAskable, objectPath, stepsOf } from "./addresses";

describe("addresses of buckets and objects", () => {
  it("know the keys that no browser can ask for", () => {
    expect(["..", "../x", "a/./b", "a/.."].filter(isAskable)).toEqual([]);
    const askable = ["a..b", ".x", "...", "%2e%2e/x", "a//b"];
    expect(askable.filter(isAskable)).toEqual(askable);
  });

  it("keep a hostile key in the query, where it is read back whole", () => {
    for (const key of ["../x", "a//b", "/", "a?b#c&d=e", "é\u202e", "%2F", " "]) {
      const path = objectPath("b", key);
      expect(path.startsWith("/buckets/detail/b/object?")).toBe(true);
      expect(new URL(path, "http://h").searchParams.get("key")).toBe(key);
    }
    expect(bucketPath("b", "../")).toBe("/buckets/detail/b?prefix=..%2F");
  });

  it("cut a prefix into its folders, empty ones too", () => {
    expect(stepsOf("a//b/")).toEqual([
      { name: "a/", prefix: "a/" },
      { name: "/", prefix: "a//" },
      { name: "b/", prefix: "a//b/" },
    ]);
    expect(stepsOf("")).toEqual([]);
  });

  it("name the file after the end of the key", () => {
    expect(fileName("a/b.csv")).toBe("b.csv");
    expect(fileName("a/")).toBe("a");
    expect(fileName("//")).toBe("object");
  });
});
