/** The users of a group. */
import {
  AddUserToGroupCommand,
  GetGroupCommand,
  ListUsersCommand,
  RemoveUserFromGroupCommand,
  type User,
} from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { Restored } from "../../parts/Restored";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { pageSize } from "../../parts/usePages";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

export function Members({ group }: { group: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  const [isAdding, setAdding] = useState(false);
  const [round, setRound] = useState(0);
  const again = () => setRound((before) => before + 1);
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={action.error} />
      <ResourceTable<User>
        title={say.users}
        heading="h2"
        source={`members ${group} ${round}`}
        load={async (marker) => {
          const found = await iam.send(
            new GetGroupCommand({ GroupName: group, Marker: marker, MaxItems: pageSize(marker) }),
          );
          return { items: found.Users ?? [], next: found.Marker };
        }}
        rowId={(user) => user.UserName ?? ""}
        searchText={(user) => user.UserName ?? ""}
        columns={[
          {
            id: "name",
            header: say.userName,
            isRowHeader: true,
            minWidth: 160,
            cell: ({ UserName = "" }) => (
              <PageLink to={`/users/detail/${encodeURIComponent(UserName)}`}>
                {plain(UserName)}
              </PageLink>
            ),
          },
          {
            id: "actions",
            header: both.actions,
            cell: ({ UserName = "" }) => (
              <Button
                variant="inline-link"
                disabled={action.isBusy}
                ariaLabel={say.removeUser(plain(UserName))}
                onClick={() =>
                  action.run(async () => {
                    await iam.send(new RemoveUserFromGroupCommand({ GroupName: group, UserName }));
                    again();
                  })
                }
              >
                {both.remove}
              </Button>
            ),
          },
        ]}
        actions={<Button onClick={() => setAdding(true)}>{say.addUsers}</Button>}
      />
      {isAdding && (
        <AddUsers
          group={group}
          onClose={() => {
            setAdding(false);
            again();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function AddUsers({ group, onClose }: { group: string; onClose: () => void }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  const draft = useDraft(`members of ${group}`, { chosen: [] as User[] });
  const { chosen } = draft.value;
  const close = () => {
    draft.finish();
    onClose();
  };
  const add = async () => {
    for (const { UserName } of chosen) {
      await iam.send(new AddUserToGroupCommand({ GroupName: group, UserName }));
    }
    close();
  };
  return (
    <Modal
      visible
      size="large"
      header={say.addUsers}
      closeAriaLabel={both.close}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              {both.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={chosen.length === 0}
              loading={action.isBusy}
              onClick={() => action.run(add)}
            >
              {say.addCount(chosen.length)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={action.error} />
        <Restored drafts={[draft]} />
        <ResourceTable<User>
          title={say.usersTab}
          heading="h2"
          hasPaths
          source="users to add"
          load={async (marker, prefix) => {
            const found = await iam.send(
              new ListUsersCommand({
                Marker: marker,
                MaxItems: pageSize(marker),
                ...(prefix === undefined ? {} : { PathPrefix: prefix }),
              }),
            );
            return { items: found.Users ?? [], next: found.Marker };
          }}
          rowId={(user) => user.UserName ?? ""}
          searchText={(user) => `${user.UserName ?? ""} ${user.Path ?? ""}`}
          selectionType="multi"
          selected={chosen}
          onSelect={(users) =>
            draft.write({ chosen: users.map(({ UserName }) => ({ UserName }) as User) })
          }
          columns={[
            {
              id: "name",
              header: say.userName,
              isRowHeader: true,
              cell: ({ UserName = "" }) => <span className="name">{plain(UserName)}</span>,
            },
            { id: "path", header: both.path, cell: ({ Path }) => Path },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
