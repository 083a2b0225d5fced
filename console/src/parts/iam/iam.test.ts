import { describe, expect, it } from "vitest";

import { tagChanges } from "./tagging";
import { accountTrust, serviceTrust } from "./templates";

describe("tagChanges", () => {
  const before = [
    { key: "team", value: "red" },
    { key: "cost", value: "1" },
  ];
  it("puts what is new or other, and takes away what is gone", () => {
    const after = [
      { key: "team", value: "blue" },
      { key: "stage", value: "" },
      { key: "", value: "" },
    ];
    expect(tagChanges(before, after)).toEqual({
      gone: ["cost"],
      changed: [
        { key: "team", value: "blue" },
        { key: "stage", value: "" },
      ],
    });
  });
  it("does not take away a key that was only spelled otherwise", () => {
    expect(tagChanges(before, [{ key: "Team", value: "red" }]).gone).toEqual(["cost"]);
  });
  it("lets the server refuse a value without a key", () => {
    expect(tagChanges([], [{ key: "", value: "x" }]).changed).toEqual([{ key: "", value: "x" }]);
  });
});

describe("trust", () => {
  it("asks for no condition unless told", () => {
    const trust = accountTrust({ account: "111122223333", externalId: "", needsMfa: false });
    expect(JSON.parse(trust).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
      },
    ]);
  });
  it("asks for an external id and MFA", () => {
    const trust = accountTrust({ account: "111122223333", externalId: 'a"b', needsMfa: true });
    expect(JSON.parse(trust).Statement[0].Condition).toEqual({
      StringEquals: { "sts:ExternalId": 'a"b' },
      Bool: { "aws:MultiFactorAuthPresent": "true" },
    });
  });
  it("names a service", () => {
    expect(JSON.parse(serviceTrust("ec2.amazonaws.com")).Statement[0].Principal).toEqual({
      Service: "ec2.amazonaws.com",
    });
  });
});
