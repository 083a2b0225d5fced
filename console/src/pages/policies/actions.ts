/** Managed policies: what takes several calls. */
import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  paginateListEntitiesForPolicy,
  paginateListPolicyVersions,
  type IAMClient,
  type PolicyVersion,
} from "@aws-sdk/client-iam";

import { decoded } from "../../parts/editor/json";
import { detach, type Holder } from "../../parts/iam/holders";

/** More a policy may not have (PE-62). */
export const MOST_VERSIONS = 5;

export interface Attachment extends Holder {
  usage: "permissions" | "boundary";
}

/** Newest first, as IAM lists them. */
export async function listVersions(iam: IAMClient, PolicyArn: string): Promise<PolicyVersion[]> {
  const found: PolicyVersion[] = [];
  for await (const page of paginateListPolicyVersions({ client: iam }, { PolicyArn })) {
    found.push(...(page.Versions ?? []));
  }
  return found;
}

/** The text of a version. */
export async function versionText(
  iam: IAMClient,
  PolicyArn: string,
  VersionId: string | undefined,
): Promise<string> {
  const found = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return decoded(found.PolicyVersion?.Document);
}

export async function listAttachments(iam: IAMClient, arn: string): Promise<Attachment[]> {
  const found: Attachment[] = [];
  for (const [usage, PolicyUsageFilter] of [
    ["permissions", "PermissionsPolicy"],
    ["boundary", "PermissionsBoundary"],
  ] as const) {
    const pages = paginateListEntitiesForPolicy(
      { client: iam },
      { PolicyArn: arn, PolicyUsageFilter },
    );
    for await (const { PolicyUsers = [], PolicyGroups = [], PolicyRoles = [] } of pages) {
      found.push(
        ...PolicyUsers.map(({ UserName = "" }) => ({ kind: "user", name: UserName, usage }) as const),
        ...PolicyGroups.map(
          ({ GroupName = "" }) => ({ kind: "group", name: GroupName, usage }) as const,
        ),
        ...PolicyRoles.map(({ RoleName = "" }) => ({ kind: "role", name: RoleName, usage }) as const),
      );
    }
  }
  return found;
}

export async function deletePolicy(iam: IAMClient, PolicyArn: string): Promise<void> {
  for (const { usage, ...holder } of await listAttachments(iam, PolicyArn)) {
    if (usage === "permissions") await detach(iam, holder, PolicyArn);
  }
  for (const { VersionId, IsDefaultVersion } of await listVersions(iam, PolicyArn)) {
    if (!IsDefaultVersion) {
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    }
  }
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
}
