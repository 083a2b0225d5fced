import { GetGroupCommand, UpdateGroupCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { Permissions } from "../../parts/iam/Permissions";
import { useNotices } from "../../parts/notices";
import { plain, timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deleteGroup } from "./actions";
import { Members } from "./Members";
import { words } from "./words";

export default function GroupPage() {
  const { name = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [dialog, setDialog] = useState<"delete" | "edit" | null>(null);
  const loaded = useLoad(name, async () => {
    const { Group } = await iam.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }));
    return Group ?? null;
  });
  const group = loaded.data;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/groups" },
          { text: name, to: `/groups/detail/${encodeURIComponent(name)}` },
        ]}
      />
      <ContentLayout
        header={
          <Header
            variant="h1"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={group === null} onClick={() => setDialog("edit")}>
                  {both.edit}
                </Button>
                <Button disabled={group === null} onClick={() => setDialog("delete")}>
                  {both.delete}
                </Button>
              </SpaceBetween>
            }
          >
            <span className="name">{plain(name)}</span>
          </Header>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
          {group !== null && (
            <Container header={<Header variant="h2">{say.summary}</Header>}>
              <KeyValuePairs
                columns={2}
                items={[
                  { label: both.arn, value: <Copyable text={group.Arn ?? ""} /> },
                  { label: say.uniqueId, value: <Copyable text={group.GroupId ?? ""} /> },
                  { label: both.path, value: group.Path },
                  { label: both.created, value: timeText(group.CreateDate, language) },
                ]}
              />
            </Container>
          )}
          {group !== null && (
            <Tabs
              tabs={[
                { id: "users", label: say.usersTab, content: <Members group={name} /> },
                {
                  id: "permissions",
                  label: say.permissionsTab,
                  content: <Permissions holder={{ kind: "group", name }} />,
                },
              ]}
            />
          )}
        </SpaceBetween>
      </ContentLayout>
      {dialog === "delete" && (
        <ConfirmDelete
          name={name}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            await deleteGroup(iam, name);
            notify(both.deleted(plain(name)));
            await navigate("/groups");
          }}
        >
          {say.deleteText}
        </ConfirmDelete>
      )}
      {dialog === "edit" && group !== null && (
        <FieldsDialog
          draft={`group ${name}`}
          title={say.editGroup}
          submit={both.save}
          fields={[
            { id: "name", label: say.groupName, value: name, hint: say.nameHint },
            { id: "path", label: both.path, value: group.Path ?? "/", hint: say.pathHint },
          ]}
          onClose={() => setDialog(null)}
          onSubmit={async ({ name: NewGroupName = name, path: NewPath }) => {
            await iam.send(new UpdateGroupCommand({ GroupName: name, NewGroupName, NewPath }));
            setDialog(null);
            notify(both.saved(plain(NewGroupName)));
            if (NewGroupName === name) loaded.reload();
            else await navigate(`/groups/detail/${encodeURIComponent(NewGroupName)}`);
          }}
        />
      )}
    </SpaceBetween>
  );
}
