import {
  GetLoginProfileCommand,
  GetUserCommand,
  paginateListUserTags,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
  type Tag,
  type User,
} from "@aws-sdk/client-iam";
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
import { unlessMissing } from "../../aws/missing";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { Boundary } from "../../parts/iam/Boundary";
import { Permissions } from "../../parts/iam/Permissions";
import { Tags } from "../../parts/iam/Tags";
import { useNotices } from "../../parts/notices";
import { plain, timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { AccessKeys } from "./AccessKeys";
import { deleteUser } from "./actions";
import { Groups } from "./Groups";
import { MfaDevices } from "./MfaDevices";
import { SignInAccess } from "./SignInAccess";
import { words } from "./words";

export default function UserPage() {
  const { name = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [dialog, setDialog] = useState<"delete" | "edit" | null>(null);
  const loaded = useLoad(name, async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: name }));
    return User ?? null;
  });
  const user = loaded.data;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/users" },
          { text: name, to: `/users/detail/${encodeURIComponent(name)}` },
        ]}
      />
      <ContentLayout
        header={
          <Header
            variant="h1"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={user === null} onClick={() => setDialog("edit")}>
                  {both.edit}
                </Button>
                <Button disabled={user === null} onClick={() => setDialog("delete")}>
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
          {user !== null && (
            <Container header={<Header variant="h2">{say.details}</Header>}>
              <KeyValuePairs
                columns={2}
                items={[
                  { label: both.arn, value: <Copyable text={user.Arn ?? ""} /> },
                  { label: say.uniqueId, value: <Copyable text={user.UserId ?? ""} /> },
                  { label: both.path, value: user.Path },
                  { label: both.created, value: timeText(user.CreateDate, language) },
                  {
                    label: say.lastUsed,
                    value: timeText(user.PasswordLastUsed, language) || both.never,
                  },
                ]}
              />
            </Container>
          )}
          {user !== null && <Details user={user} onChange={loaded.reload} />}
        </SpaceBetween>
      </ContentLayout>
      {dialog === "delete" && (
        <ConfirmDelete
          name={name}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            await deleteUser(iam, name);
            notify(both.deleted(plain(name)));
            await navigate("/users");
          }}
        >
          {say.deleteText}
        </ConfirmDelete>
      )}
      {dialog === "edit" && user !== null && (
        <FieldsDialog
          draft={`user ${name}`}
          title={say.editUser}
          submit={both.save}
          fields={[
            { id: "name", label: say.newName, value: name, hint: say.nameHint },
            { id: "path", label: both.path, value: user.Path ?? "/", hint: say.pathHint },
          ]}
          onClose={() => setDialog(null)}
          onSubmit={async ({ name: NewUserName = name, path: NewPath }) => {
            await iam.send(new UpdateUserCommand({ UserName: name, NewUserName, NewPath }));
            setDialog(null);
            notify(both.saved(plain(NewUserName)));
            if (NewUserName === name) loaded.reload();
            else await navigate(`/users/detail/${encodeURIComponent(NewUserName)}`);
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Details({ user, onChange }: { user: User; onChange: () => void }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const { UserName: name = "" } = user;
  const holder = { kind: "user", name } as const;
  return (
    <Tabs
      tabs={[
        {
          id: "permissions",
          label: say.permissionsTab,
          content: (
            <SpaceBetween size="l">
              <Permissions holder={holder} />
              <Boundary
                holder={holder}
                boundary={user.PermissionsBoundary?.PermissionsBoundaryArn}
                onChange={onChange}
              />
            </SpaceBetween>
          ),
        },
        { id: "groups", label: say.groups, content: <Groups name={name} /> },
        { id: "credentials", label: say.credentialsTab, content: <Credentials name={name} /> },
        {
          id: "tags",
          label: both.tags,
          content: (
            <Tags
              source={`user ${name}`}
              load={async () => {
                const found: Tag[] = [];
                for await (const page of paginateListUserTags({ client: iam }, { UserName: name })) {
                  found.push(...(page.Tags ?? []));
                }
                return found;
              }}
              put={(Tags) => iam.send(new TagUserCommand({ UserName: name, Tags }))}
              remove={(TagKeys) => iam.send(new UntagUserCommand({ UserName: name, TagKeys }))}
            />
          ),
        },
      ]}
    />
  );
}

function Credentials({ name }: { name: string }) {
  const iam = useIam();
  const profile = useLoad(`profile ${name}`, () =>
    unlessMissing(iam.send(new GetLoginProfileCommand({ UserName: name }))),
  );
  return (
    <SpaceBetween size="l">
      <SignInAccess name={name} profile={profile} />
      <MfaDevices name={name} />
      <AccessKeys name={name} />
    </SpaceBetween>
  );
}
