import { CreateRoleCommand, type Policy } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useRef } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { FormError } from "../../parts/FormError";
import { attach } from "../../parts/iam/holders";
import { bare, PolicyTable } from "../../parts/iam/PolicyTable";
import { TagFields } from "../../parts/iam/Tags";
import { tagChanges, type Pair } from "../../parts/iam/tagging";
import { accountTrust } from "../../parts/iam/templates";
import { useNotices } from "../../parts/notices";
import { Restored } from "../../parts/Restored";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { durations } from "./trust";
import { newTrust, trustDocument, TrustFields } from "./TrustFields";
import { useDurationText } from "./useDurationText";
import { words } from "./words";

/** What is asked for besides trust and permissions. */
interface Details {
  name: string;
  path: string;
  description: string;
  duration: number;
  tags: Pair[];
}

const BEGUN: Details = { name: "", path: "/", description: "", duration: 3_600, tags: [] };

export default function CreateRolePage() {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const { account } = useSession().acting;
  const action = useAction();
  const draft = useDraft("new role", {
    details: BEGUN,
    trust: newTrust(accountTrust({ account, externalId: "", needsMfa: false })),
    policies: [] as Policy[],
  });
  const { details, trust, policies } = draft.value;
  const change = (part: Partial<typeof draft.value>) => draft.write({ ...draft.value, ...part });
  // A policy that cannot be attached must not make a second try fail since the role is there already.
  const made = useRef<string | null>(null);

  const create = async () => {
    const { name, path, description, duration, tags } = details;
    if (made.current !== name) {
      const { changed } = tagChanges([], tags);
      await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          Path: path,
          AssumeRolePolicyDocument: trustDocument(trust, account),
          MaxSessionDuration: duration,
          ...(description === "" ? {} : { Description: description }),
          ...(changed.length === 0
            ? {}
            : { Tags: changed.map(({ key, value }) => ({ Key: key, Value: value })) }),
        }),
      );
      made.current = name;
    }
    for (const { Arn = "" } of policies) await attach(iam, { kind: "role", name }, Arn);
    draft.finish();
    notify(both.createdNow(plain(name)));
    await navigate(`/roles/detail/${encodeURIComponent(name)}`);
  };
  const cancel = () => {
    draft.finish();
    void navigate("/roles");
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/roles" },
          { text: say.createRole, to: "/roles/create" },
        ]}
      />
      <ContentLayout header={<Header variant="h1">{say.createRole}</Header>}>
        {/* No form element: the table of policies has buttons and fields of its own. */}
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={cancel}>
                {both.cancel}
              </Button>
              <Button variant="primary" loading={action.isBusy} onClick={() => action.run(create)}>
                {say.createRole}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <FormError error={action.error} />
            <Restored drafts={[draft]} />
            <DetailFields details={details} onChange={(next) => change({ details: next })} />
            <TrustFields trust={trust} own={account} onChange={(next) => change({ trust: next })} />
            <PolicyTable
              title={say.addPermissions}
              description={say.addPermissionsText}
              selectionType="multi"
              selected={policies}
              onSelect={(chosen) => change({ policies: chosen.map(bare) })}
            />
          </SpaceBetween>
        </Form>
      </ContentLayout>
    </SpaceBetween>
  );
}

interface Props {
  details: Details;
  onChange: (details: Details) => void;
}

function DetailFields({ details, onChange }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const durationText = useDurationText();
  const offered = durations(details.duration).map((seconds) => ({
    value: String(seconds),
    label: durationText(seconds),
  }));
  return (
    <Container header={<Header variant="h2">{say.details}</Header>}>
      <SpaceBetween size="m">
        <FormField label={say.roleName} constraintText={say.nameHint}>
          <Input
            value={details.name}
            name="RoleName"
            spellcheck={false}
            onChange={({ detail }) => onChange({ ...details, name: detail.value })}
          />
        </FormField>
        <FormField label={both.path} constraintText={say.pathHint}>
          <Input
            value={details.path}
            name="Path"
            spellcheck={false}
            onChange={({ detail }) => onChange({ ...details, path: detail.value })}
          />
        </FormField>
        <FormField label={`${both.description} - ${both.optional}`}>
          <Textarea
            value={details.description}
            rows={2}
            onChange={({ detail }) => onChange({ ...details, description: detail.value })}
          />
        </FormField>
        <FormField label={say.maxSession}>
          <Select
            selectedOption={offered.find(({ value }) => value === String(details.duration)) ?? null}
            options={offered}
            onChange={({ detail }) =>
              onChange({ ...details, duration: Number(detail.selectedOption.value) })
            }
          />
        </FormField>
        <TagFields
          pairs={details.tags}
          onChange={(tags) => onChange({ ...details, tags })}
        />
      </SpaceBetween>
    </Container>
  );
}
