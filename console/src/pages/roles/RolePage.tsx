import {
  GetRoleCommand,
  paginateListRoleTags,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateRoleCommand,
  type Role,
  type Tag,
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
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { Crumbs } from "../../parts/Crumbs";
import { decoded, readable } from "../../parts/editor/json";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { Boundary } from "../../parts/iam/Boundary";
import { Permissions } from "../../parts/iam/Permissions";
import { Tags } from "../../parts/iam/Tags";
import { useNotices } from "../../parts/notices";
import { PolicyText } from "../../parts/PolicyText";
import { plain, timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deleteRole } from "./actions";
import { durations, switchLink } from "./trust";
import { useDurationText } from "./useDurationText";
import { words } from "./words";

export default function RolePage() {
  const { name = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [dialog, setDialog] = useState<"delete" | "edit" | null>(null);
  const loaded = useLoad(name, async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return Role ?? null;
  });
  const role = loaded.data;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/roles" },
          { text: name, to: `/roles/detail/${encodeURIComponent(name)}` },
        ]}
      />
      <ContentLayout
        header={
          <Header
            variant="h1"
            description={role?.Description && <span className="told">{plain(role.Description)}</span>}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={role === null} onClick={() => setDialog("edit")}>
                  {both.edit}
                </Button>
                <Button disabled={role === null} onClick={() => setDialog("delete")}>
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
          {role !== null && <Summary role={role} />}
          {role !== null && <Details role={role} onChange={loaded.reload} />}
        </SpaceBetween>
      </ContentLayout>
      {dialog === "delete" && (
        <ConfirmDelete
          name={name}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            await deleteRole(iam, name, role?.Path ?? "/");
            notify(both.deleted(plain(name)));
            await navigate("/roles");
          }}
        >
          {say.deleteText}
        </ConfirmDelete>
      )}
      {dialog === "edit" && role !== null && (
        <EditDialog
          role={role}
          onClose={() => setDialog(null)}
          onSave={() => {
            setDialog(null);
            notify(both.saved(plain(name)));
            loaded.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Summary({ role }: { role: Role }) {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const { acting, session } = useSession();
  const durationText = useDurationText();
  const alias = acting.role === null ? session.alias : acting.alias;
  const { Path = "/", RoleName = "", RoleLastUsed } = role;
  return (
    <Container header={<Header variant="h2">{say.summary}</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: both.arn, value: <Copyable text={role.Arn ?? ""} /> },
          { label: say.uniqueId, value: <Copyable text={role.RoleId ?? ""} /> },
          {
            label: say.switchLink,
            value: (
              <Copyable
                text={switchLink(window.location.origin, alias ?? acting.account, Path, RoleName)}
              />
            ),
          },
          { label: say.maxSession, value: durationText(role.MaxSessionDuration ?? 3_600) },
          { label: both.created, value: timeText(role.CreateDate, language) },
          {
            label: say.lastActivity,
            value: timeText(RoleLastUsed?.LastUsedDate, language) || both.never,
          },
          { label: both.path, value: Path },
        ]}
      />
    </Container>
  );
}

function Details({ role, onChange }: { role: Role; onChange: () => void }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { RoleName = "" } = role;
  const holder = { kind: "role", name: RoleName } as const;
  const trust = readable(decoded(role.AssumeRolePolicyDocument));
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
                boundary={role.PermissionsBoundary?.PermissionsBoundaryArn}
                onChange={onChange}
              />
            </SpaceBetween>
          ),
        },
        {
          id: "trust",
          label: say.trustTab,
          content: (
            <Container
              header={
                <Header
                  variant="h2"
                  description={say.trustText}
                  actions={
                    <Button
                      onClick={() =>
                        void navigate(`/roles/detail/${encodeURIComponent(RoleName)}/trust`)
                      }
                    >
                      {say.editTrust}
                    </Button>
                  }
                >
                  {say.trustPolicy}
                </Header>
              }
            >
              <PolicyText text={trust} label={say.trustPolicy} />
            </Container>
          ),
        },
        {
          id: "tags",
          label: both.tags,
          content: (
            <Tags
              source={`role ${RoleName}`}
              load={async () => {
                const found: Tag[] = [];
                for await (const page of paginateListRoleTags({ client: iam }, { RoleName })) {
                  found.push(...(page.Tags ?? []));
                }
                return found;
              }}
              put={(Tags) => iam.send(new TagRoleCommand({ RoleName, Tags }))}
              remove={(TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys }))}
            />
          ),
        },
      ]}
    />
  );
}

interface EditProps {
  role: Role;
  onSave: () => void;
  onClose: () => void;
}

function EditDialog({ role, onSave, onClose }: EditProps) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const durationText = useDurationText();
  const { RoleName, Description = "", MaxSessionDuration = 3_600 } = role;
  return (
    <FieldsDialog
      draft={`role ${RoleName}`}
      title={say.editRole}
      submit={both.save}
      fields={[
        { id: "description", label: both.description, value: Description },
        {
          id: "duration",
          label: say.maxSession,
          value: String(MaxSessionDuration),
          kind: "choice",
          choices: durations(MaxSessionDuration).map((seconds) => ({
            value: String(seconds),
            label: durationText(seconds),
          })),
        },
      ]}
      onClose={onClose}
      onSubmit={async ({ description = "", duration = "" }) => {
        await iam.send(
          new UpdateRoleCommand({
            RoleName,
            Description: description,
            MaxSessionDuration: Number(duration),
          }),
        );
        onSave();
      }}
    />
  );
}
