import { describe, expect, it } from "vitest";

import { fromQuery, isTime, wanted } from "./trail";

const NO_FILTERS = fromQuery(new URLSearchParams());

describe("filters of the audit trail", () => {
  it("ask for nothing where nothing is set", () => {
    expect(wanted(NO_FILTERS)).toEqual({});
    expect(wanted({ ...NO_FILTERS, action: " AssumeRole ", outcome: "denied" })).toEqual({
      action: "AssumeRole",
      outcome: "denied",
    });
  });

  it("are in the address as they are asked with", () => {
    const filters = { ...NO_FILTERS, principal: "user/a&b", outcome: "denied" as const };
    expect(fromQuery(new URLSearchParams(wanted(filters)))).toEqual(filters);
    expect(fromQuery(new URLSearchParams("outcome=?&from=yesterday&x=1"))).toEqual(NO_FILTERS);
  });

  it("know a time when they see one", () => {
    expect(isTime("")).toBe(true);
    expect(isTime("2026-11-25T18:20:00Z")).toBe(true);
    for (const text of ["yesterday", "2026-11-25", "2026-13-25T18:20:00Z", "2026-11-25T18:20:00"]) {
      expect(isTime(text)).toBe(false);
    }
  });
});
