import { CreatePolicyVersionCommand, DeletePolicyVersionCommand } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useIam } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { DocumentForm } from "../../parts/DocumentForm";
import { readable } from "../../parts/editor/json";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { plain, timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { listVersions, MOST_VERSIONS, versionText } from "./actions";
import { words } from "./words";

export default function EditPolicyPage() {
  const { arn = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [isDefault, setDefault] = useState(true);
  const [doomed, setDoomed] = useState<string | null>(null);
  const gone = useRef("");
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const home = `/policies/detail/${encodeURIComponent(arn)}`;
  const loaded = useLoad(arn, async () => {
    const versions = await listVersions(iam, arn);
    const current = versions.find((version) => version.IsDefaultVersion);
    const text = readable(await versionText(iam, arn, current?.VersionId));
    const others = versions.filter((version) => !version.IsDefaultVersion).reverse();
    return { text, isFull: versions.length >= MOST_VERSIONS, others };
  });
  const offered = (loaded.data?.others ?? []).map(({ VersionId = "", CreateDate }) => ({
    value: VersionId,
    label: say.createdOn(VersionId, timeText(CreateDate, language)),
  }));
  // The oldest, unless another is chosen.
  const toDelete = doomed ?? offered[0]?.value ?? "";
  const save = async (document: string) => {
    if (loaded.data?.isFull && gone.current === "") {
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: toDelete }));
      gone.current = toDelete;
    }
    await iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: arn,
        PolicyDocument: document,
        SetAsDefault: isDefault,
      }),
    );
    notify(both.saved(plain(name)));
    await navigate(home);
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/policies" },
          { text: name, to: home },
          { text: say.editPolicy, to: `${home}/edit` },
        ]}
      />
      <ContentLayout
        header={
          <Header variant="h1" description={say.editPolicy}>
            <span className="name">{plain(name)}</span>
          </Header>
        }
      >
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {loaded.data !== null && (
          <DocumentForm
            draft={`policy ${arn}`}
            type="managed"
            before={loaded.data.text}
            submit={say.saveVersion}
            onCancel={() => void navigate(home)}
            onSave={save}
            choices={
              <SpaceBetween size="m">
                <Checkbox
                  checked={isDefault}
                  onChange={({ detail }) => setDefault(detail.checked)}
                >
                  {say.asDefault}
                </Checkbox>
                {loaded.data.isFull && (
                  <SpaceBetween size="m">
                    <Alert type="warning">{say.fullText}</Alert>
                    <FormField label={say.versionToDelete}>
                      <Select
                        selectedOption={offered.find(({ value }) => value === toDelete) ?? null}
                        options={offered}
                        onChange={({ detail }) => setDoomed(detail.selectedOption.value ?? null)}
                      />
                    </FormField>
                  </SpaceBetween>
                )}
              </SpaceBetween>
            }
          />
        )}
      </ContentLayout>
    </SpaceBetween>
  );
}
