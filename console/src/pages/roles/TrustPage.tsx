import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate, useParams } from "react-router";

import { useIam } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { DocumentForm } from "../../parts/DocumentForm";
import { decoded, readable } from "../../parts/editor/json";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { plain } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

export default function TrustPage() {
  const { name = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const home = `/roles/detail/${encodeURIComponent(name)}`;
  const loaded = useLoad(name, async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return readable(decoded(Role?.AssumeRolePolicyDocument));
  });
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/roles" },
          { text: name, to: home },
          { text: say.editTrust, to: `${home}/trust` },
        ]}
      />
      <ContentLayout
        header={
          <Header variant="h1" description={say.trustText}>
            {say.editTrust}
          </Header>
        }
      >
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {loaded.data !== null && (
          <DocumentForm
            draft={`trust ${name}`}
            type="trust"
            before={loaded.data}
            submit={say.saveTrust}
            onCancel={() => void navigate(home)}
            onSave={async (document) => {
              await iam.send(
                new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document }),
              );
              notify(both.saved(plain(name)));
              await navigate(home);
            }}
          />
        )}
      </ContentLayout>
    </SpaceBetween>
  );
}
