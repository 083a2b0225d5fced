/** Whom a managed policy is attached to. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { attach, detach, pageOf, type HolderKind } from "../../parts/iam/holders";
import { PageLink } from "../../parts/PageLink";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { listAttachments, type Attachment } from "./actions";
import { words } from "./words";

const KINDS: HolderKind[] = ["user", "group", "role"];

export function Attachments({ arn }: { arn: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  const [isAttaching, setAttaching] = useState(false);
  const loaded = useLoad(`attachments ${arn}`, () => listAttachments(iam, arn));
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      <ErrorAlert error={action.error} />
      <Table<Attachment>
        variant="container"
        trackBy={({ kind, name, usage }) => `${kind} ${name} ${usage}`}
        wrapLines
        ariaLabels={{ tableLabel: say.entitiesTab }}
        items={loaded.data ?? []}
        loading={loaded.isLoading && loaded.data === null}
        loadingText={both.loading}
        empty={<Box color="text-body-secondary">{both.none}</Box>}
        header={
          <Header
            variant="h2"
            description={say.entitiesText}
            actions={<Button onClick={() => setAttaching(true)}>{say.attach}</Button>}
          >
            {say.entitiesTab}
          </Header>
        }
        columnDefinitions={[
          {
            id: "name",
            header: say.entity,
            isRowHeader: true,
            minWidth: 150,
            cell: (holder) => <PageLink to={pageOf(holder)}>{plain(holder.name)}</PageLink>,
          },
          { id: "kind", header: say.entityType, minWidth: 120, cell: ({ kind }) => say.kinds[kind] },
          {
            id: "usage",
            header: say.asBoundary,
            minWidth: 140,
            cell: ({ usage }) => (usage === "boundary" ? say.boundary : say.permissionsPolicy),
          },
          {
            id: "actions",
            header: both.actions,
            minWidth: 120,
            cell: ({ kind, name, usage }) =>
              usage === "permissions" && (
                <Button
                  variant="inline-link"
                  disabled={action.isBusy}
                  ariaLabel={say.detachFrom(plain(name))}
                  onClick={() =>
                    action.run(async () => {
                      await detach(iam, { kind, name }, arn);
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
        <FieldsDialog
          draft={`attaching ${arn}`}
          title={say.attachTitle}
          submit={say.attach}
          fields={[
            {
              id: "kind",
              label: say.attachTo,
              value: "user",
              kind: "choice",
              choices: KINDS.map((kind) => ({ value: kind, label: say.kinds[kind] })),
            },
            { id: "name", label: both.name, value: "" },
          ]}
          onClose={() => setAttaching(false)}
          onSubmit={async ({ kind, name = "" }) => {
            const chosen = KINDS.find((one) => one === kind) ?? "user";
            await attach(iam, { kind: chosen, name }, arn);
            setAttaching(false);
            loaded.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}
