import {
  GetPolicyCommand,
  paginateListPolicyTags,
  TagPolicyCommand,
  UntagPolicyCommand,
  type Policy,
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
import { readable } from "../../parts/editor/json";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { isAwsManaged } from "../../parts/iam/PolicyTable";
import { Tags } from "../../parts/iam/Tags";
import { words as iamWords } from "../../parts/iam/words";
import { useNotices } from "../../parts/notices";
import { PolicyText } from "../../parts/PolicyText";
import { plain, timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deletePolicy, versionText } from "./actions";
import { Attachments } from "./Attachments";
import { Versions } from "./Versions";
import { words } from "./words";

export default function PolicyPage() {
  const { arn = "" } = useParams();
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [isDeleting, setDeleting] = useState(false);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const home = `/policies/detail/${encodeURIComponent(arn)}`;
  const loaded = useLoad(arn, async () => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
    const text = await versionText(iam, arn, Policy?.DefaultVersionId);
    return { policy: Policy ?? {}, text: readable(text) };
  });
  const isFixed = isAwsManaged(arn);
  const known = loaded.data;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/policies" },
          { text: name, to: home },
        ]}
      />
      <ContentLayout
        header={
          <Header
            variant="h1"
            description={
              known?.policy.Description && (
                <span className="told">{plain(known.policy.Description)}</span>
              )
            }
            actions={
              !isFixed && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button disabled={known === null} onClick={() => setDeleting(true)}>
                    {both.delete}
                  </Button>
                  <Button
                    variant="primary"
                    disabled={known === null}
                    onClick={() => void navigate(`${home}/edit`)}
                  >
                    {both.edit}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            <span className="name">{plain(name)}</span>
          </Header>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
          {known !== null && <Summary policy={known.policy} />}
          {known !== null && (
            <Details policy={known.policy} text={known.text} onChange={loaded.reload} />
          )}
        </SpaceBetween>
      </ContentLayout>
      {isDeleting && (
        <ConfirmDelete
          name={name}
          onClose={() => setDeleting(false)}
          onDelete={async () => {
            await deletePolicy(iam, arn);
            notify(both.deleted(plain(name)));
            await navigate("/policies");
          }}
        >
          {`${say.deleteText} ${say.boundaryStays}`}
        </ConfirmDelete>
      )}
    </SpaceBetween>
  );
}

function Summary({ policy }: { policy: Policy }) {
  const say = useWords(words);
  const of = useWords(iamWords);
  const both = useWords(common);
  const { language } = useLanguage();
  const { Arn = "" } = policy;
  return (
    <Container header={<Header variant="h2">{say.details}</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: both.arn, value: <Copyable text={Arn} /> },
          { label: of.type, value: isAwsManaged(Arn) ? of.awsManaged : of.customerManaged },
          { label: both.created, value: timeText(policy.CreateDate, language) },
          { label: say.modified, value: timeText(policy.UpdateDate, language) },
          { label: both.path, value: policy.Path },
          { label: say.version, value: policy.DefaultVersionId },
        ]}
      />
    </Container>
  );
}

interface DetailsProps {
  policy: Policy;
  text: string;
  onChange: () => void;
}

function Details({ policy, text, onChange }: DetailsProps) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const { Arn: PolicyArn = "" } = policy;
  const tabs = [
    {
      id: "permissions",
      label: say.permissionsTab,
      content: (
        <Container>
          <PolicyText text={text} />
        </Container>
      ),
    },
    {
      id: "versions",
      label: say.versionsTab,
      content: <Versions arn={PolicyArn} current={text} onChange={onChange} />,
    },
    {
      id: "entities",
      label: say.entitiesTab,
      content: <Attachments arn={PolicyArn} />,
    },
  ];
  if (!isAwsManaged(PolicyArn)) {
    tabs.push({
      id: "tags",
      label: both.tags,
      content: (
        <Tags
          source={`policy ${PolicyArn}`}
          load={async () => {
            const found: Tag[] = [];
            for await (const page of paginateListPolicyTags({ client: iam }, { PolicyArn })) {
              found.push(...(page.Tags ?? []));
            }
            return found;
          }}
          put={(Tags) => iam.send(new TagPolicyCommand({ PolicyArn, Tags }))}
          remove={(TagKeys) => iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys }))}
        />
      ),
    });
  }
  return <Tabs tabs={tabs} />;
}
