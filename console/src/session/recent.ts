/** Roles lately switched to, kept in this browser; names alone, never credentials (W-248). */

/** A role as the form names it: account is an id or an alias, roleName has its path. */
export interface RoleChoice {
  account: string;
  roleName: string;
  displayName: string;
  color: string;
}

/** The colours that a link may give (W-243). */
export const COLORS = ["f2b0a9", "fbc8aa", "efda95", "b7ca9d", "83d4e8"] as const;
export const LONGEST_HISTORY = 5;
/** Path and name of a role together (W-244). */
export const LONGEST_ROLE_NAME = 64;

const KEPT = "sekisho.roles";
const ACTING = "sekisho.acting";

export function sameRole(one: RoleChoice, other: RoleChoice): boolean {
  return one.account === other.account && one.roleName === other.roleName;
}

/** The history with this role first, at most five. */
export function withRole(history: readonly RoleChoice[], role: RoleChoice): RoleChoice[] {
  return [role, ...history.filter((one) => !sameRole(one, role))].slice(0, LONGEST_HISTORY);
}

/** The form's fields as a link gives them; colours that are not of the set are left out. */
export function fromQuery(query: URLSearchParams): RoleChoice {
  const color = (query.get("color") ?? "").toLowerCase();
  return {
    account: query.get("account") ?? "",
    roleName: query.get("roleName") ?? "",
    displayName: query.get("displayName") ?? "",
    color: (COLORS as readonly string[]).includes(color) ? color : "",
  };
}

/** The link to the form, filled in. */
export function toLink(role: RoleChoice): string {
  const query = new URLSearchParams({ account: role.account, roleName: role.roleName });
  if (role.displayName) query.set("displayName", role.displayName);
  if (role.color) query.set("color", role.color);
  return `/switchrole?${query.toString()}`;
}

export function readHistory(): RoleChoice[] {
  const kept = parsed(localStorage.getItem(KEPT));
  return Array.isArray(kept) ? kept.filter(isChoice).slice(0, LONGEST_HISTORY) : [];
}

export function keepHistory(history: readonly RoleChoice[]): void {
  localStorage.setItem(KEPT, JSON.stringify(history));
}

/** The role that this tab acts as; each tab has its own. */
export function readActing(owner: string): RoleChoice | null {
  const kept = parsed(sessionStorage.getItem(ACTING)) as { owner?: unknown; role?: unknown } | null;
  return kept !== null && kept.owner === owner && isChoice(kept.role) ? kept.role : null;
}

export function keepActing(owner: string, role: RoleChoice | null): void {
  if (role === null) sessionStorage.removeItem(ACTING);
  else sessionStorage.setItem(ACTING, JSON.stringify({ owner, role }));
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function isChoice(value: unknown): value is RoleChoice {
  if (typeof value !== "object" || value === null) return false;
  const { account, roleName, displayName, color } = value as Record<string, unknown>;
  return [account, roleName, displayName, color].every((one) => typeof one === "string");
}
