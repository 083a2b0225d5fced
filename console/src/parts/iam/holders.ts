/** What policies hang on: users, groups and roles, which have the same calls under three names. */
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  paginateListAttachedGroupPolicies,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupPolicies,
  paginateListRolePolicies,
  paginateListUserPolicies,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  type AttachedPolicy,
  type IAMClient,
} from "@aws-sdk/client-iam";

import { decoded } from "../editor/json";

export type HolderKind = "user" | "group" | "role";

export interface Holder {
  kind: HolderKind;
  name: string;
}

/** The most characters that all inline policies of one have together, white space aside (PE-61). */
export const INLINE_QUOTAS: Readonly<Record<HolderKind, number>> = {
  user: 2_048,
  group: 5_120,
  role: 10_240,
};

/** The page of one within the console. */
export function pageOf({ kind, name }: Holder): string {
  return `/${kind}s/detail/${encodeURIComponent(name)}`;
}

export async function listAttached(iam: IAMClient, { kind, name }: Holder) {
  const pager = { client: iam };
  const pages = {
    user: () => paginateListAttachedUserPolicies(pager, { UserName: name }),
    group: () => paginateListAttachedGroupPolicies(pager, { GroupName: name }),
    role: () => paginateListAttachedRolePolicies(pager, { RoleName: name }),
  }[kind]();
  const found: AttachedPolicy[] = [];
  for await (const { AttachedPolicies = [] } of pages) found.push(...AttachedPolicies);
  return found;
}

export async function listInline(iam: IAMClient, { kind, name }: Holder): Promise<string[]> {
  const pager = { client: iam };
  const pages = {
    user: () => paginateListUserPolicies(pager, { UserName: name }),
    group: () => paginateListGroupPolicies(pager, { GroupName: name }),
    role: () => paginateListRolePolicies(pager, { RoleName: name }),
  }[kind]();
  const found: string[] = [];
  for await (const { PolicyNames = [] } of pages) found.push(...PolicyNames);
  return found;
}

/** The text of an inline policy. */
export async function getInline(
  iam: IAMClient,
  { kind, name }: Holder,
  PolicyName: string,
): Promise<string> {
  const found = await {
    user: () => iam.send(new GetUserPolicyCommand({ UserName: name, PolicyName })),
    group: () => iam.send(new GetGroupPolicyCommand({ GroupName: name, PolicyName })),
    role: () => iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName })),
  }[kind]();
  return decoded(found.PolicyDocument);
}

export async function putInline(
  iam: IAMClient,
  { kind, name }: Holder,
  PolicyName: string,
  PolicyDocument: string,
): Promise<void> {
  const policy = { PolicyName, PolicyDocument };
  await {
    user: () => iam.send(new PutUserPolicyCommand({ UserName: name, ...policy })),
    group: () => iam.send(new PutGroupPolicyCommand({ GroupName: name, ...policy })),
    role: () => iam.send(new PutRolePolicyCommand({ RoleName: name, ...policy })),
  }[kind]();
}

export async function deleteInline(
  iam: IAMClient,
  { kind, name }: Holder,
  PolicyName: string,
): Promise<void> {
  await {
    user: () => iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName })),
    group: () => iam.send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName })),
    role: () => iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName })),
  }[kind]();
}

export async function attach(
  iam: IAMClient,
  { kind, name }: Holder,
  PolicyArn: string,
): Promise<void> {
  await {
    user: () => iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn })),
    group: () => iam.send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn })),
    role: () => iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn })),
  }[kind]();
}

export async function detach(
  iam: IAMClient,
  { kind, name }: Holder,
  PolicyArn: string,
): Promise<void> {
  await {
    user: () => iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn })),
    group: () => iam.send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn })),
    role: () => iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn })),
  }[kind]();
}

/** Takes all policies off, so that the holder can be deleted. */
export async function strip(iam: IAMClient, holder: Holder): Promise<void> {
  for (const { PolicyArn = "" } of await listAttached(iam, holder)) {
    await detach(iam, holder, PolicyArn);
  }
  for (const name of await listInline(iam, holder)) await deleteInline(iam, holder, name);
}

/** boundary: the policy's ARN; null takes it away. Groups have none. */
export async function setBoundary(
  iam: IAMClient,
  { kind, name }: Holder,
  boundary: string | null,
): Promise<void> {
  const user = { UserName: name };
  const role = { RoleName: name };
  if (boundary === null) {
    if (kind === "user") await iam.send(new DeleteUserPermissionsBoundaryCommand(user));
    else await iam.send(new DeleteRolePermissionsBoundaryCommand(role));
    return;
  }
  const limit = { PermissionsBoundary: boundary };
  if (kind === "user") await iam.send(new PutUserPermissionsBoundaryCommand({ ...user, ...limit }));
  else await iam.send(new PutRolePermissionsBoundaryCommand({ ...role, ...limit }));
}
