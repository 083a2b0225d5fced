/** The versions of a managed policy, each beside the default one. */
import {
  DeletePolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
  type PolicyVersion,
} from "@aws-sdk/client-iam";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Difference } from "../../parts/editor/Difference";
import { readable } from "../../parts/editor/json";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { isAwsManaged } from "../../parts/iam/PolicyTable";
import { PolicyText } from "../../parts/PolicyText";
import { timeText } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { listVersions, versionText } from "./actions";
import { words } from "./words";

interface Props {
  arn: string;
  /** The text of the default version. */
  current: string;
  onChange: () => void;
}

export function Versions({ arn, current, onChange }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const action = useAction();
  const [doomed, setDoomed] = useState<string | null>(null);
  const loaded = useLoad(`versions ${arn}`, () => listVersions(iam, arn));
  const isFixed = isAwsManaged(arn);
  const prefer = (VersionId: string) =>
    action.run(async () => {
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId }));
      loaded.reload();
      onChange();
    });
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      <ErrorAlert error={action.error} />
      <Table<PolicyVersion>
        variant="container"
        trackBy="VersionId"
        wrapLines
        cellVerticalAlign="top"
        ariaLabels={{ tableLabel: say.versionsTab }}
        items={loaded.data ?? []}
        loading={loaded.isLoading && loaded.data === null}
        loadingText={both.loading}
        header={
          <Header variant="h2" description={say.versionsText}>
            {say.versionsTab}
          </Header>
        }
        columnDefinitions={[
          {
            id: "version",
            header: say.version,
            isRowHeader: true,
            width: "45%",
            minWidth: 220,
            cell: ({ VersionId = "", IsDefaultVersion = false }) => (
              <SpaceBetween size="xxs">
                <SpaceBetween direction="horizontal" size="xs">
                  <Box variant="strong">{VersionId}</Box>
                  {IsDefaultVersion && <Badge color="green">{say.isDefault}</Badge>}
                </SpaceBetween>
                <VersionDetail
                  arn={arn}
                  version={VersionId}
                  current={IsDefaultVersion ? null : current}
                />
              </SpaceBetween>
            ),
          },
          {
            id: "created",
            header: both.created,
            minWidth: 200,
            cell: ({ CreateDate }) => timeText(CreateDate, language),
          },
          ...(isFixed
            ? []
            : [
                {
                  id: "actions",
                  header: both.actions,
                  minWidth: 150,
                  cell: ({ VersionId = "", IsDefaultVersion }: PolicyVersion) =>
                    !IsDefaultVersion && (
                      <SpaceBetween direction="horizontal" size="xs">
                        <Button
                          variant="inline-link"
                          disabled={action.isBusy}
                          ariaLabel={say.setDefaultOf(VersionId)}
                          onClick={() => prefer(VersionId)}
                        >
                          {say.setDefault}
                        </Button>
                        <Button
                          variant="inline-link"
                          ariaLabel={say.deleteVersion(VersionId)}
                          onClick={() => setDoomed(VersionId)}
                        >
                          {both.delete}
                        </Button>
                      </SpaceBetween>
                    ),
                },
              ]),
        ]}
      />
      {doomed !== null && (
        <ConfirmDelete
          name={doomed}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: doomed }));
            setDoomed(null);
            loaded.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

interface DetailProps {
  arn: string;
  version: string;
  /** The default version's text; null for that version itself. */
  current: string | null;
}

function VersionDetail(props: DetailProps) {
  const say = useWords(words);
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      variant="footer"
      headerText={say.showVersion}
      headingTagOverride="h3"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && <Fetched {...props} />}
    </ExpandableSection>
  );
}

function Fetched({ arn, version, current }: DetailProps) {
  const say = useWords(words);
  const iam = useIam();
  const loaded = useLoad(version, () => versionText(iam, arn, version));
  if (loaded.data === null) return <ErrorAlert error={loaded.error} onRetry={loaded.reload} />;
  const text = readable(loaded.data);
  return (
    <SpaceBetween size="s">
      <PolicyText text={text} label={`${version} JSON`} />
      {current !== null && (
        <SpaceBetween size="xxs">
          <Box variant="strong">{say.againstDefault}</Box>
          <Difference before={current} after={text} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
