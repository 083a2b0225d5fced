import { CreatePolicyCommand } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { DocumentForm } from "../../parts/DocumentForm";
import { TagFields } from "../../parts/iam/Tags";
import { tagChanges, type Pair } from "../../parts/iam/tagging";
import { EMPTY_POLICY } from "../../parts/iam/templates";
import { words as iamWords } from "../../parts/iam/words";
import { useNotices } from "../../parts/notices";
import { plain } from "../../parts/text";
import { useDraft } from "../../parts/useDraft";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

const BEGUN = { name: "", path: "/", description: "", tags: [] as Pair[] };

export default function CreatePolicyPage() {
  const say = useWords(words);
  const of = useWords(iamWords);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const fields = useDraft("new policy's details", BEGUN);
  const { name, path, description, tags } = fields.value;
  const change = (part: Partial<typeof BEGUN>) => fields.write({ ...fields.value, ...part });
  const save = async (document: string) => {
    const { changed } = tagChanges([], tags);
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: name,
        Path: path,
        PolicyDocument: document,
        ...(description === "" ? {} : { Description: description }),
        ...(changed.length === 0
          ? {}
          : { Tags: changed.map(({ key, value }) => ({ Key: key, Value: value })) }),
      }),
    );
    notify(both.createdNow(plain(name)));
    await navigate(`/policies/detail/${encodeURIComponent(Policy?.Arn ?? "")}`);
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/policies" },
          { text: say.createPolicy, to: "/policies/create" },
        ]}
      />
      <ContentLayout header={<Header variant="h1">{say.createPolicy}</Header>}>
        <DocumentForm
          draft="new policy"
          fields={fields}
          type="managed"
          before={null}
          template={EMPTY_POLICY}
          submit={say.createPolicy}
          onCancel={() => void navigate("/policies")}
          onSave={save}
        >
          <Container header={<Header variant="h2">{say.details}</Header>}>
            <SpaceBetween size="m">
              <FormField label={of.policyName} constraintText={say.nameHint}>
                <Input
                  value={name}
                  name="PolicyName"
                  spellcheck={false}
                  onChange={({ detail }) => change({ name: detail.value })}
                />
              </FormField>
              <FormField label={both.path} constraintText={say.pathHint}>
                <Input
                  value={path}
                  name="Path"
                  spellcheck={false}
                  onChange={({ detail }) => change({ path: detail.value })}
                />
              </FormField>
              <FormField
                label={`${both.description} - ${both.optional}`}
                constraintText={say.descriptionHint}
              >
                <Textarea
                  value={description}
                  rows={2}
                  onChange={({ detail }) => change({ description: detail.value })}
                />
              </FormField>
              <TagFields pairs={tags} onChange={(next) => change({ tags: next })} />
            </SpaceBetween>
          </Container>
        </DocumentForm>
      </ContentLayout>
    </SpaceBetween>
  );
}
