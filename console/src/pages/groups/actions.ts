/** What takes several calls: a group goes only once it is empty and bare. */
import {
  DeleteGroupCommand,
  paginateGetGroup,
  RemoveUserFromGroupCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import { strip } from "../../parts/iam/holders";

/** The names of a group's users. */
export async function members(iam: IAMClient, GroupName: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { Users = [] } of paginateGetGroup({ client: iam }, { GroupName })) {
    found.push(...Users.map(({ UserName = "" }) => UserName));
  }
  return found;
}

export async function deleteGroup(iam: IAMClient, GroupName: string): Promise<void> {
  for (const UserName of await members(iam, GroupName)) {
    await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName }));
  }
  await strip(iam, { kind: "group", name: GroupName });
  await iam.send(new DeleteGroupCommand({ GroupName }));
}
