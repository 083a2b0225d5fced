/** Both halves of a way into another account, as the documents and commands that make them. */

/** Where the user and the role live; names have their path and no slash before it. */
export interface Plan {
  userAccount: string;
  user: string;
  isUserNew: boolean;
  roleAccount: string;
  role: string;
  isRoleNew: boolean;
  /** Whom the role trusts: this user alone, or everybody whom the user's account lets go. */
  trusts: "user" | "account";
  needsMfa: boolean;
  /** Empty: the role is given no permissions here. */
  bucket: string;
  mayWrite: boolean;
}

export type Side = "user" | "role";

export interface Statement {
  Effect: "Allow";
  Principal?: { AWS: string };
  Action: string | string[];
  Resource?: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface Document {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** Path and name of a user or role, as calls want them apart. */
export function apart(named: string): { path: string; name: string } {
  const end = named.lastIndexOf("/");
  return end < 0
    ? { path: "/", name: named }
    : { path: `/${named.slice(0, end)}/`, name: named.slice(end + 1) };
}

export function userArn({ userAccount, user }: Plan): string {
  return `arn:aws:iam::${userAccount}:user/${user}`;
}

export function roleArn({ roleAccount, role }: Plan): string {
  return `arn:aws:iam::${roleAccount}:role/${role}`;
}

/** What the user's policy is called, in the 128 characters that a name may have. */
export function userPolicyName(plan: Plan): string {
  return `Assume-${apart(plan.role).name}`;
}

export const ROLE_POLICY_NAME = "BucketAccess";

export function userPolicy(plan: Plan): Document {
  return document({ Effect: "Allow", Action: "sts:AssumeRole", Resource: roleArn(plan) });
}

export function trustStatement(plan: Plan): Statement {
  const AWS = plan.trusts === "user" ? userArn(plan) : `arn:aws:iam::${plan.userAccount}:root`;
  return {
    Effect: "Allow",
    Principal: { AWS },
    Action: "sts:AssumeRole",
    ...(plan.needsMfa ? { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } } : {}),
  };
}

export function trustPolicy(plan: Plan): Document {
  return document(trustStatement(plan));
}

/** What the role may do; null if nothing is chosen. */
export function rolePolicy({ bucket, mayWrite }: Plan): Document | null {
  if (bucket === "") return null;
  const there = `arn:aws:s3:::${bucket}`;
  return document(
    { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
    { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: there },
    {
      Effect: "Allow",
      Action: mayWrite ? ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] : "s3:GetObject",
      Resource: `${there}/*`,
    },
  );
}

/** A role's trust policy with one more statement; the same text where it has that one already. */
export function withStatement(text: string, statement: Statement): string {
  const held = JSON.parse(text) as { Statement?: unknown };
  const before: unknown[] = Array.isArray(held.Statement) ? held.Statement : [held.Statement];
  const wanted = JSON.stringify(statement);
  if (before.some((one) => JSON.stringify(one) === wanted)) return text;
  return JSON.stringify({ ...held, Statement: [...before, statement] }, null, 2);
}

/** The commands that make one half, for whoever may. */
export function commands(plan: Plan, side: Side, endpoint: string): string[] {
  const lines = side === "user" ? userCommands(plan) : roleCommands(plan);
  return [`export AWS_ENDPOINT_URL=${quoted(endpoint)}`, ...lines];
}

function userCommands(plan: Plan): string[] {
  const { path, name } = apart(plan.user);
  const user = `--user-name ${quoted(name)}`;
  return [
    ...(plan.isUserNew ? [`aws iam create-user ${user}${pathOption(path)}`] : []),
    `aws iam put-user-policy ${user} --policy-name ${quoted(userPolicyName(plan))}` +
      ` --policy-document ${quoted(JSON.stringify(userPolicy(plan)))}`,
  ];
}

function roleCommands(plan: Plan): string[] {
  const { path, name } = apart(plan.role);
  const role = `--role-name ${quoted(name)}`;
  const permitted = rolePolicy(plan);
  const trust = quoted(JSON.stringify(trustPolicy(plan)));
  return [
    `aws iam create-role ${role}${pathOption(path)} --assume-role-policy-document ${trust}`,
    ...(permitted === null
      ? []
      : [
          `aws iam put-role-policy ${role} --policy-name ${ROLE_POLICY_NAME}` +
            ` --policy-document ${quoted(JSON.stringify(permitted))}`,
        ]),
  ];
}

function pathOption(path: string): string {
  return path === "/" ? "" : ` --path ${quoted(path)}`;
}

/** A word that a POSIX shell takes as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function document(...Statement: Statement[]): Document {
  return { Version: "2012-10-17", Statement };
}

export type Problem = "required" | "account" | "same" | "name" | "bucket";
export type Problems = Partial<Record<"account" | "user" | "role" | "bucket", Problem>>;

const NAMED = /^(?:[!-.0-~]+\/)*[\w+=,.@-]{1,64}$/;

/** What hinders the plan. other: the account that is not one's own; own: the one that is. */
export function problemsOf(plan: Plan, own: string, other: string): Problems {
  const found: Problems = {};
  if (other === "") found.account = "required";
  else if (!/^\d{12}$/.test(other)) found.account = "account";
  else if (other === own) found.account = "same";
  if (plan.user === "") found.user = "required";
  else if (!NAMED.test(plan.user)) found.user = "name";
  if (plan.role === "") found.role = "required";
  else if (!NAMED.test(plan.role)) found.role = "name";
  if (plan.bucket !== "" && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(plan.bucket)) {
    found.bucket = "bucket";
  }
  return found;
}
