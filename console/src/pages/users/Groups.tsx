/** The groups of a user. */
import {
  AddUserToGroupCommand,
  ListGroupsForUserCommand,
  paginateListGroups,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { PageLink } from "../../parts/PageLink";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

export function Groups({ name }: { name: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  const [choices, setChoices] = useState<string[] | null>(null);
  const loaded = useLoad(`groups ${name}`, async () => {
    const { Groups: found } = await iam.send(new ListGroupsForUserCommand({ UserName: name }));
    return (found ?? []).map(({ GroupName = "" }) => GroupName);
  });
  const open = () =>
    action.run(async () => {
      const all: string[] = [];
      for await (const page of paginateListGroups({ client: iam }, {})) {
        all.push(...(page.Groups ?? []).map(({ GroupName = "" }) => GroupName));
      }
      setChoices(all.filter((group) => !loaded.data?.includes(group)));
    });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button loading={action.isBusy} onClick={open}>
              {say.addToGroup}
            </Button>
          }
        >
          {say.groups}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        <ErrorAlert error={action.error} />
        {loaded.data?.length === 0 && <Box color="text-body-secondary">{both.none}</Box>}
        {loaded.data?.map((group) => (
          <SpaceBetween key={group} direction="horizontal" size="s" alignItems="center">
            <PageLink to={`/groups/detail/${encodeURIComponent(group)}`}>{plain(group)}</PageLink>
            <Button
              variant="inline-link"
              ariaLabel={`${say.leaveGroup} ${group}`}
              onClick={() =>
                action.run(async () => {
                  await iam.send(
                    new RemoveUserFromGroupCommand({ UserName: name, GroupName: group }),
                  );
                  loaded.reload();
                })
              }
            >
              {both.remove}
            </Button>
          </SpaceBetween>
        ))}
      </SpaceBetween>
      {choices !== null && (
        <FieldsDialog
          draft={`group for ${name}`}
          title={say.addToGroup}
          submit={both.add}
          fields={[
            {
              id: "group",
              label: say.chooseGroup,
              value: choices[0] ?? "",
              kind: "choice",
              choices: choices.map((group) => ({ value: group, label: plain(group) })),
            },
          ]}
          onClose={() => setChoices(null)}
          onSubmit={async ({ group }) => {
            await iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: group }));
            setChoices(null);
            loaded.reload();
          }}
        />
      )}
    </Container>
  );
}
