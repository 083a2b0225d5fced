import { describe, expect, it } from "vitest";

import { isTime, NO_FILTERS, wanted } from "./trail";

describe("filters of the audit trail", () => {
  it("ask for nothing where nothing is set", () => {
    expect(wanted(NO_FILTERS)).toEqual({});
    expect(wanted({ ...NO_FILTERS, action: " AssumeRole ", outcome: "denied" })).toEqual({
      action: "AssumeRole",
      outcome: "denied",
    });
  });

  it("know a time when they see one", () => {
    expect(isTime("")).toBe(true);
    expect(isTime("2026-11-25T18:20:00Z")).toBe(true);
    for (const text of ["yesterday", "2026-11-25", "2026-13-25T18:20:00Z", "2026-11-25T18:20:00"]) {
      expect(isTime(text)).toBe(false);
    }
  });
});
