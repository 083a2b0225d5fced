import { expect, test } from "vitest";

import type { Credentials } from "../api/client";
import { renewing } from "./credentials";

const MINUTE = 60_000;
const START = Date.parse("2026-11-25T12:00:00Z");

function until(end: number, accessKeyId = "ASIA"): Credentials {
  const expiration = new Date(end).toISOString();
  return { accessKeyId, secretAccessKey: "secret", sessionToken: "token", expiration };
}

test("many callers ask once", async () => {
  let asked = 0;
  const credential = renewing(
    () => Promise.resolve(until(START + 15 * MINUTE, `ASIA${++asked}`)),
    undefined,
    () => START,
  );
  const found = await Promise.all([credential(), credential(), credential()]);
  expect(found.map((one) => one.accessKeyId)).toEqual(["ASIA1", "ASIA1", "ASIA1"]);
  expect((await credential()).accessKeyId).toBe("ASIA1");
});

test("credentials are asked for anew five minutes before they end", async () => {
  let now = START;
  let asked = 0;
  const next = () => Promise.resolve(until(now + 15 * MINUTE, `ASIA${++asked}`));
  const credential = renewing(next, until(START + 15 * MINUTE, "first"), () => now);
  expect((await credential()).accessKeyId).toBe("first");
  now = START + 10 * MINUTE;
  expect((await credential()).accessKeyId).toBe("first");
  now += 1;
  expect((await credential()).accessKeyId).toBe("ASIA1");
});

test("a failure is not kept", async () => {
  let works = false;
  const credential = renewing(
    () => (works ? Promise.resolve(until(START + 15 * MINUTE)) : Promise.reject(new Error("no"))),
    undefined,
    () => START,
  );
  await expect(credential()).rejects.toThrow("no");
  works = true;
  expect((await credential()).accessKeyId).toBe("ASIA");
});
