/** What takes several calls: a user goes only once all that hangs on it is gone. */
import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  paginateListAccessKeys,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListMFADevices,
  paginateListUserPolicies,
  RemoveUserFromGroupCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import { unlessMissing } from "../../aws/missing";

export async function deleteUser(iam: IAMClient, UserName: string): Promise<void> {
  const user = { UserName };
  const pager = { client: iam };
  for await (const page of paginateListAccessKeys(pager, user)) {
    for (const { AccessKeyId } of page.AccessKeyMetadata ?? []) {
      await iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId }));
    }
  }
  for await (const page of paginateListMFADevices(pager, user)) {
    for (const { SerialNumber } of page.MFADevices ?? []) {
      await iam.send(new DeactivateMFADeviceCommand({ ...user, SerialNumber }));
    }
  }
  for await (const page of paginateListGroupsForUser(pager, user)) {
    for (const { GroupName } of page.Groups ?? []) {
      await iam.send(new RemoveUserFromGroupCommand({ ...user, GroupName }));
    }
  }
  for await (const page of paginateListUserPolicies(pager, user)) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await iam.send(new DeleteUserPolicyCommand({ ...user, PolicyName }));
    }
  }
  for await (const page of paginateListAttachedUserPolicies(pager, user)) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      await iam.send(new DetachUserPolicyCommand({ ...user, PolicyArn }));
    }
  }
  await disableSignIn(iam, UserName);
  await iam.send(new DeleteUserCommand(user));
}

/** Takes the password away; it is no error that there is none. */
export async function disableSignIn(iam: IAMClient, UserName: string): Promise<void> {
  await unlessMissing(iam.send(new DeleteLoginProfileCommand({ UserName })));
}

/** The file that AWS's console offers for a new key. */
export function keyFile(id: string, secret: string): string {
  return `Access key ID,Secret access key\r\n${id},${secret}\r\n`;
}
