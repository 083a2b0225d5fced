/** Temporary credentials in memory, asked for anew before they end. */
import type { Credentials } from "../api/client";
import type { Credential } from "../api/signed";

const MARGIN_MS = 5 * 60 * 1000;

/** A source that asks once for many callers, and again when what it has is near its end. */
export function renewing(fetch: Credential, first?: Credentials, now = Date.now): Credential {
  let held: Promise<Credentials> | null = first ? Promise.resolve(first) : null;
  let ends = first ? Date.parse(first.expiration) : 0;
  return () => {
    if (held === null || now() > ends - MARGIN_MS) {
      const asked = fetch();
      held = asked;
      ends = Infinity;
      asked.then(
        (got) => {
          ends = Date.parse(got.expiration);
        },
        () => {
          if (held === asked) held = null;
        },
      );
    }
    return held;
  };
}
