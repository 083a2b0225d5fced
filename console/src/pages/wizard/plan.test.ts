import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import {
  apart,
  commands,
  problemsOf,
  quoted,
  rolePolicy,
  trustPolicy,
  trustStatement,
  userPolicy,
  withStatement,
  type Plan,
} from "./plan";

const PLAN: Plan = {
  userAccount: "111122223333",
  user: "alice",
  isUserNew: true,
  roleAccount: "444455556666",
  role: "team/Reader",
  isRoleNew: true,
  trusts: "user",
  needsMfa: false,
  bucket: "ledger",
  mayWrite: false,
};

describe("the two halves", () => {
  test("the user may assume the role, and no other", () => {
    expect(userPolicy(PLAN).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::444455556666:role/team/Reader",
      },
    ]);
  });

  test("the role trusts the user, or all whom the account lets go, perhaps with MFA alone", () => {
    const said = (part: Partial<Plan>) => trustPolicy({ ...PLAN, ...part }).Statement[0];
    expect(said({})?.Principal).toEqual({ AWS: "arn:aws:iam::111122223333:user/alice" });
    expect(said({ trusts: "account" })?.Principal).toEqual({ AWS: "arn:aws:iam::111122223333:root" });
    expect(said({})).not.toHaveProperty("Condition");
    expect(said({ needsMfa: true })?.Condition).toEqual({
      Bool: { "aws:MultiFactorAuthPresent": "true" },
    });
  });

  test("the role reads a bucket, writes only if told, and does nothing without one", () => {
    const actions = (part: Partial<Plan>) =>
      rolePolicy({ ...PLAN, ...part })?.Statement.flatMap((one) => one.Action);
    expect(actions({})).not.toContain("s3:PutObject");
    expect(actions({ mayWrite: true })).toContain("s3:DeleteObject");
    expect(rolePolicy({ ...PLAN, bucket: "" })).toBeNull();
  });
});

describe("a role that is there already", () => {
  const held = { Version: "2012-10-17", Statement: { Effect: "Deny", Principal: "*", Action: "*" } };

  test("keeps what it trusted, and trusts one more", () => {
    const text = withStatement(JSON.stringify(held), trustStatement(PLAN));
    expect(JSON.parse(text)).toEqual({
      ...held,
      Statement: [held.Statement, trustStatement(PLAN)],
    });
  });

  test("is not given the same statement twice", () => {
    const once = withStatement(JSON.stringify(held), trustStatement(PLAN));
    expect(withStatement(once, trustStatement(PLAN))).toBe(once);
  });
});

describe("the commands", () => {
  test("name paths apart, and leave out what is there or not asked for", () => {
    expect(apart("a/b/c")).toEqual({ path: "/a/b/", name: "c" });
    expect(commands(PLAN, "role", "http://h")[1]).toContain("--role-name Reader --path /team/ ");
    expect(commands({ ...PLAN, isUserNew: false }, "user", "http://h")).toHaveLength(2);
    expect(commands({ ...PLAN, bucket: "" }, "role", "http://h")).toHaveLength(2);
  });

  test.each(["plain", "it's", "$(touch x)", "`x`", "a b\nc", '"', "\\", "関所", "*", "~", ""])(
    "a shell reads %j as one word, unchanged",
    (word) => {
      expect(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`]).toString()).toBe(word);
    },
  );
});

test.each<[Partial<Plan>, string, object]>([
  [{}, "444455556666", {}],
  [{ user: "team/alice" }, "444455556666", {}],
  [{}, "", { account: "required" }],
  [{}, "4444", { account: "account" }],
  [{}, "111122223333", { account: "same" }],
  [{ user: "", role: "" }, "444455556666", { user: "required", role: "required" }],
  [{ user: "<b>", role: "a b" }, "444455556666", { user: "name", role: "name" }],
  [{ role: "/Reader" }, "444455556666", { role: "name" }],
  [{ role: "arn:aws:iam::1:role/" }, "444455556666", { role: "name" }],
  [{ bucket: "Ledger/*" }, "444455556666", { bucket: "bucket" }],
])("what hinders the plan %j with account %j is %j", (part, other, found) => {
  expect(problemsOf({ ...PLAN, ...part }, "111122223333", other)).toEqual(found);
});
