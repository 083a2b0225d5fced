/** The policies of a user, group or role. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { ConfirmDelete } from "../ConfirmDelete";
import { readable } from "../editor/json";
import { ErrorAlert } from "../ErrorAlert";
import { PageLink } from "../PageLink";
import { PolicyText } from "../PolicyText";
import { plain } from "../text";
import { useAction } from "../useAction";
import { useLoad } from "../useLoad";
import {
  attach,
  deleteInline,
  detach,
  getInline,
  listAttached,
  listInline,
  pageOf,
  type Holder,
} from "./holders";
import { PolicyPicker } from "./PolicyPicker";
import { isAwsManaged } from "./PolicyTable";
import { words } from "./words";

/** arn: absent for inline policies. */
interface Row {
  name: string;
  arn?: string;
}

export function Permissions({ holder }: { holder: Holder }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const action = useAction();
  const [isAttaching, setAttaching] = useState(false);
  const [doomed, setDoomed] = useState<string | null>(null);
  const loaded = useLoad(`permissions ${holder.kind} ${holder.name}`, async (): Promise<Row[]> => {
    const [attached, inline] = await Promise.all([
      listAttached(iam, holder),
      listInline(iam, holder),
    ]);
    return [
      ...attached.map(({ PolicyName = "", PolicyArn = "" }) => ({ name: PolicyName, arn: PolicyArn })),
      ...inline.map((name) => ({ name })),
    ];
  });
  const home = pageOf(holder);
  const inlinePage = (name: string) => `${home}/inline/${encodeURIComponent(name)}`;
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      <ErrorAlert error={action.error} />
      <Table<Row>
        variant="container"
        trackBy={({ name, arn = "" }) => `${arn} ${name}`}
        ariaLabels={{ tableLabel: say.permissions }}
        items={loaded.data ?? []}
        loading={loaded.isLoading && loaded.data === null}
        loadingText={both.loading}
        wrapLines
        cellVerticalAlign="top"
        empty={<Box color="text-body-secondary">{both.none}</Box>}
        header={
          <Header
            variant="h2"
            description={say.attachedText}
            counter={loaded.data === null ? "" : `(${loaded.data.length})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => void navigate(`${home}/inline`)}>{say.createInline}</Button>
                <Button onClick={() => setAttaching(true)}>{say.attach}</Button>
              </SpaceBetween>
            }
          >
            {say.permissions}
          </Header>
        }
        columnDefinitions={[
          {
            id: "name",
            header: say.policyName,
            isRowHeader: true,
            width: "60%",
            minWidth: 180,
            cell: ({ name, arn }) =>
              arn === undefined ? (
                <SpaceBetween size="xxs">
                  <PageLink to={inlinePage(name)}>{plain(name)}</PageLink>
                  <InlineText holder={holder} name={name} />
                </SpaceBetween>
              ) : (
                <PageLink to={`/policies/detail/${encodeURIComponent(arn)}`}>{plain(name)}</PageLink>
              ),
          },
          {
            id: "type",
            header: say.type,
            minWidth: 120,
            cell: ({ arn }) =>
              arn === undefined ? say.inline : isAwsManaged(arn) ? say.awsManaged : say.customerManaged,
          },
          {
            id: "actions",
            header: both.actions,
            minWidth: 110,
            cell: ({ name, arn }) =>
              arn === undefined ? (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button
                    variant="inline-link"
                    ariaLabel={say.deleteName(plain(name))}
                    onClick={() => setDoomed(name)}
                  >
                    {both.delete}
                  </Button>
                </SpaceBetween>
              ) : (
                <Button
                  variant="inline-link"
                  ariaLabel={say.detachName(plain(name))}
                  disabled={action.isBusy}
                  onClick={() =>
                    action.run(async () => {
                      await detach(iam, holder, arn);
                      loaded.reload();
                    })
                  }
                >
                  {say.detach}
                </Button>
              ),
          },
        ]}
      />
      {isAttaching && (
        <PolicyPicker
          draft={`attaching to ${holder.kind} ${holder.name}`}
          title={say.attach}
          selectionType="multi"
          submit={say.attachCount}
          onClose={() => setAttaching(false)}
          onSubmit={async (policies) => {
            try {
              for (const { Arn = "" } of policies) await attach(iam, holder, Arn);
            } finally {
              loaded.reload();
            }
            setAttaching(false);
          }}
        />
      )}
      {doomed !== null && (
        <ConfirmDelete
          name={doomed}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await deleteInline(iam, holder, doomed);
            setDoomed(null);
            loaded.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** The text of an inline policy, fetched when it is unfolded. */
function InlineText({ holder, name }: { holder: Holder; name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      variant="footer"
      headerText="JSON"
      headingTagOverride="h3"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && <Fetched holder={holder} name={name} />}
    </ExpandableSection>
  );
}

function Fetched({ holder, name }: { holder: Holder; name: string }) {
  const iam = useIam();
  const loaded = useLoad(name, () => getInline(iam, holder, name));
  if (loaded.data === null) return <ErrorAlert error={loaded.error} onRetry={loaded.reload} />;
  return <PolicyText text={readable(loaded.data)} label={`${plain(name)} JSON`} />;
}
