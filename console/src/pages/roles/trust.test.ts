import { describe, expect, it } from "vitest";

import { durations, switchLink, trustedBy } from "./trust";

const policy = (...Statement: object[]) => JSON.stringify({ Statement });

describe("trustedBy", () => {
  it("tells accounts, principals, services, providers and everyone, each once", () => {
    const document = policy(
      {
        Effect: "Allow",
        Principal: { AWS: ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::1:user/a"] },
      },
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com", Federated: ["idp"] } },
      { Effect: "Allow", Principal: "*" },
      { Effect: "Allow", Principal: { AWS: "*" } },
    );
    expect(trustedBy(document)).toEqual([
      { kind: "account", name: "111122223333" },
      { kind: "account", name: "arn:aws:iam::1:user/a" },
      { kind: "service", name: "ec2.amazonaws.com" },
      { kind: "provider", name: "idp" },
      { kind: "everyone", name: "" },
    ]);
  });
  it("leaves out those who are denied", () => {
    expect(trustedBy(policy({ Effect: "Deny", Principal: { AWS: "111122223333" } }))).toEqual([]);
  });
  it("bears any text", () => {
    for (const text of ["", "{", "null", "[1]", '{"Statement":null}', '{"Statement":[null,7]}']) {
      expect(trustedBy(text)).toEqual([]);
    }
  });
});

it("a link to switch names the role with its path, in letters that an address may hold", () => {
  expect(switchLink("https://h", "prod", "/team/a/", "R+=1")).toBe(
    "https://h/switchrole?account=prod&roleName=team%2Fa%2FR%2B%3D1",
  );
  expect(switchLink("https://h", "111122223333", "/", "R")).toBe(
    "https://h/switchrole?account=111122223333&roleName=R",
  );
});

it("a duration that is set otherwise is among those offered", () => {
  expect(durations(5_400)).toEqual([3_600, 5_400, 7_200, 14_400, 28_800, 43_200]);
  expect(durations(3_600)).toHaveLength(5);
});
