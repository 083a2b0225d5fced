import { expect, it } from "vitest";

import { setupAddress } from "./mfa";

it("names issuer, user and account, in letters that an address may hold", () => {
  expect(setupAddress("a+b@c", "111122223333", "ABC")).toBe(
    "otpauth://totp/Sekisho%3Aa%2Bb%40c%40111122223333?secret=ABC&issuer=Sekisho",
  );
});
