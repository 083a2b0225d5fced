/** What takes several calls: a role goes only once nothing hangs on it. */
import {
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  paginateListInstanceProfilesForRole,
  RemoveRoleFromInstanceProfileCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import { strip } from "../../parts/iam/holders";

/** Roles that a service has made for itself. */
export function isServiceLinked(path: string): boolean {
  return path.startsWith("/aws-service-role/");
}

export async function deleteRole(iam: IAMClient, RoleName: string, path: string): Promise<void> {
  if (isServiceLinked(path)) {
    await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
    return;
  }
  const profiles: string[] = [];
  for await (const page of paginateListInstanceProfilesForRole({ client: iam }, { RoleName })) {
    profiles.push(...(page.InstanceProfiles ?? []).map((one) => one.InstanceProfileName ?? ""));
  }
  for (const InstanceProfileName of profiles) {
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
  }
  await strip(iam, { kind: "role", name: RoleName });
  await iam.send(new DeleteRoleCommand({ RoleName }));
}
