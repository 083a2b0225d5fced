/** Making one half of a plan; what is there already is left, so that a second try goes on. */
import {
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import {
  apart,
  ROLE_POLICY_NAME,
  rolePolicy,
  trustPolicy,
  trustStatement,
  userPolicy,
  userPolicyName,
  withStatement,
  type Plan,
  type Side,
} from "./plan";

/** What was made so far, so that a second try does not make it again. */
export type Made = Set<string>;

export async function apply(iam: IAMClient, plan: Plan, side: Side, made: Made): Promise<void> {
  if (side === "user") await applyUser(iam, plan, made);
  else await applyRole(iam, plan, made);
}

/** What the user or role that is there already is called, path and all. */
export async function nameHeld(iam: IAMClient, plan: Plan, side: Side): Promise<string> {
  const { name } = apart(side === "user" ? plan.user : plan.role);
  const found =
    side === "user"
      ? (await iam.send(new GetUserCommand({ UserName: name }))).User
      : (await iam.send(new GetRoleCommand({ RoleName: name }))).Role;
  return `${found?.Path ?? "/"}${name}`.slice(1);
}

async function applyUser(iam: IAMClient, plan: Plan, made: Made): Promise<void> {
  const { path: Path, name: UserName } = apart(plan.user);
  if (plan.isUserNew && !made.has(`user ${plan.user}`)) {
    await iam.send(new CreateUserCommand({ UserName, Path }));
    made.add(`user ${plan.user}`);
  }
  await iam.send(
    new PutUserPolicyCommand({
      UserName,
      PolicyName: userPolicyName(plan),
      PolicyDocument: text(userPolicy(plan)),
    }),
  );
}

async function applyRole(iam: IAMClient, plan: Plan, made: Made): Promise<void> {
  const { path: Path, name: RoleName } = apart(plan.role);
  if (plan.isRoleNew && !made.has(`role ${plan.role}`)) {
    const AssumeRolePolicyDocument = text(trustPolicy(plan));
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
    made.add(`role ${plan.role}`);
  } else {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const held = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    const PolicyDocument = withStatement(held, trustStatement(plan));
    if (PolicyDocument !== held) {
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    }
  }
  const permitted = rolePolicy(plan);
  if (permitted !== null) {
    const PolicyDocument = text(permitted);
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: ROLE_POLICY_NAME, PolicyDocument }),
    );
  }
}

export function text(document: object): string {
  return JSON.stringify(document, null, 2);
}
