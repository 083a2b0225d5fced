/** Whom a trust policy trusts, in a few words for a list. */

export interface Trusted {
  kind: "account" | "service" | "provider" | "everyone";
  /** An account's id, a principal's ARN, a service, a provider; empty for everyone. */
  name: string;
}

const MOST = 200;

/** Of each statement that allows; nothing of what cannot be read. */
export function trustedBy(document: string): Trusted[] {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    return [];
  }
  const found = new Map<string, Trusted>();
  for (const statement of listOf(field(policy, "Statement"))) {
    if (field(statement, "Effect") !== "Allow") continue;
    for (const trusted of principals(field(statement, "Principal"))) {
      if (found.size < MOST) found.set(`${trusted.kind} ${trusted.name}`, trusted);
    }
  }
  return [...found.values()];
}

function principals(principal: unknown): Trusted[] {
  if (principal === "*") return [{ kind: "everyone", name: "" }];
  const aws = listOf(field(principal, "AWS")).map((one): Trusted => {
    const text = String(one);
    if (text === "*") return { kind: "everyone", name: "" };
    const root = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(text);
    return { kind: "account", name: root?.[1] ?? text };
  });
  const services = listOf(field(principal, "Service")).map(
    (one): Trusted => ({ kind: "service", name: String(one) }),
  );
  const providers = listOf(field(principal, "Federated")).map(
    (one): Trusted => ({ kind: "provider", name: String(one) }),
  );
  return [...aws, ...services, ...providers];
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The address that opens the form to switch to a role, filled in. account: id or alias. */
export function switchLink(origin: string, account: string, path: string, name: string): string {
  const roleName = `${path.replace(/^\//, "")}${name}`;
  return `${origin}/switchrole?${new URLSearchParams({ account, roleName }).toString()}`;
}

/** The durations that are offered, in seconds; one that is set to another is among them. */
export function durations(current: number): number[] {
  const offered = [3_600, 7_200, 14_400, 28_800, 43_200];
  return offered.includes(current) ? offered : [...offered, current].sort((a, b) => a - b);
}
