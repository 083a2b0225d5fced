/** The kinds of policies: how much each may hold (PE-61), and how that is counted. */

export type PolicyKind =
  | "identity"
  | "managed"
  | "boundary"
  | "session"
  | "trust"
  | "bucket"
  | "scp"
  | "rcp";

/** In characters. */
export const QUOTAS: Readonly<Record<PolicyKind, number>> = {
  identity: 10_240,
  managed: 6_144,
  boundary: 6_144,
  session: 2_048,
  trust: 2_048,
  bucket: 20_480,
  scp: 10_240,
  rcp: 5_120,
};

/** White space does not count in IAM's own policies. */
export function countsSpace(kind: PolicyKind): boolean {
  return !["identity", "managed", "boundary", "trust"].includes(kind);
}
