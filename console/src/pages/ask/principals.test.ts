import { ListRolesCommand, ListUsersCommand, type IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";

import { listPrincipals } from "./principals";

const MARKERS: Record<string, string | undefined> = { "": "two:a", "two:a": undefined };

/** Roles on two pages, one user, and groups that may not be listed. */
const iam = {
  send: (command: { input: { Marker?: string } }) => {
    const { Marker = "" } = command.input;
    if (command instanceof ListUsersCommand) return Promise.resolve({ Users: [{ Arn: "user" }] });
    if (!(command instanceof ListRolesCommand)) return Promise.reject(new Error("AccessDenied"));
    return Promise.resolve({ Roles: [{ Arn: `role ${Marker}` }], Marker: MARKERS[Marker] });
  },
} as unknown as IAMClient;

test("lists are read one after the other, but for what may not be seen", async () => {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await listPrincipals(iam, marker);
    found.push(...page.items);
    marker = page.next;
  } while (marker !== undefined);
  expect(found).toEqual(["user", "role ", "role two:a"]);
});
