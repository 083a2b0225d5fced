/** The ARNs of an account's users, groups and roles, one list after the other. */
import {
  ListGroupsCommand,
  ListRolesCommand,
  ListUsersCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import { isOver } from "../../parts/useLoad";
import { pageSize, type PageOf } from "../../parts/usePages";

interface Found {
  entities: { Arn?: string | undefined }[] | undefined;
  next: string | undefined;
}

type List = (iam: IAMClient, page: { Marker?: string; MaxItems: number }) => Promise<Found>;

const LISTS: List[] = [
  async (iam, page) => {
    const { Users, Marker } = await iam.send(new ListUsersCommand(page));
    return { entities: Users, next: Marker };
  },
  async (iam, page) => {
    const { Groups, Marker } = await iam.send(new ListGroupsCommand(page));
    return { entities: Groups, next: Marker };
  },
  async (iam, page) => {
    const { Roles, Marker } = await iam.send(new ListRolesCommand(page));
    return { entities: Roles, next: Marker };
  },
];

/**
 * One page. marker: the list's place, a colon, and the wire's marker within it. A list that may not be seen is
 * left out: this is a help, and the form tells what is refused.
 */
export async function listPrincipals(
  iam: IAMClient,
  marker: string | undefined,
): Promise<PageOf<string>> {
  const [place = "0", ...rest] = (marker ?? "0:").split(":");
  const within = rest.join(":");
  const list = LISTS[Number(place)];
  if (list === undefined) return { items: [] };
  const page = { MaxItems: pageSize(marker), ...(within === "" ? {} : { Marker: within }) };
  const { entities = [], next } = await list(iam, page).catch((error: unknown): Found => {
    if (isOver(error)) throw error;
    return { entities: [], next: undefined };
  });
  const after = next === undefined ? `${Number(place) + 1}:` : `${place}:${next}`;
  return {
    items: entities.map(({ Arn = "" }) => Arn),
    ...(after === `${LISTS.length}:` ? {} : { next: after }),
  };
}
