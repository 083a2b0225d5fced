import { describe, expect, test } from "vitest";

import { fromQuery, LONGEST_HISTORY, toLink, withRole, type RoleChoice } from "./recent";

const role = (roleName: string, color = ""): RoleChoice => ({
  account: "444455556666",
  roleName,
  displayName: "",
  color,
});

describe("the history of roles", () => {
  test("holds the last five, the latest first (W-248)", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const history = names.reduce<RoleChoice[]>((before, name) => withRole(before, role(name)), []);
    expect(history.map((one) => one.roleName)).toEqual(["f", "e", "d", "c", "b"]);
    expect(history).toHaveLength(LONGEST_HISTORY);
  });

  test("has each role once, as it was chosen last", () => {
    const history = withRole([role("a"), role("b")], role("b", "b7ca9d"));
    expect(history).toEqual([role("b", "b7ca9d"), role("a")]);
  });

  test("tells roles apart by case and path (PE-218)", () => {
    const history = withRole(withRole([role("reader")], role("Reader")), role("team/Reader"));
    expect(history).toHaveLength(3);
  });
});

describe("the link to the form (W-243)", () => {
  test("is read as it was written", () => {
    const choice = { ...role("team/a&b=c"), displayName: "月 & <b>", color: "fbc8aa" };
    const [path, query] = toLink(choice).split("?");
    expect(path).toBe("/switchrole");
    expect(fromQuery(new URLSearchParams(query))).toEqual(choice);
  });

  test("brings no colours of its own", () => {
    for (const color of ["red", "f2b0a9;x", "url(//x)", "000000"]) {
      expect(fromQuery(new URLSearchParams({ color })).color).toBe("");
    }
    expect(fromQuery(new URLSearchParams({ color: "F2B0A9" })).color).toBe("f2b0a9");
  });
});
