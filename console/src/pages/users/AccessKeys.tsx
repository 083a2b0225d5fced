/** A user's access keys; a secret is shown once and kept nowhere. */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  type AccessKey,
  type AccessKeyMetadata,
} from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { saveFile, timeText } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { keyFile } from "./actions";
import { words } from "./words";

interface Row extends AccessKeyMetadata {
  used: Date | undefined;
}

/** name: the user's; undefined for the keys of whoever asks. */
export function AccessKeys({ name }: { name: string | undefined }) {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const action = useAction();
  const [made, setMade] = useState<AccessKey | null>(null);
  const [doomed, setDoomed] = useState<string | null>(null);
  const loaded = useLoad(`keys ${name ?? ""}`, async () => {
    const { AccessKeyMetadata = [] } = await iam.send(
      new ListAccessKeysCommand({ UserName: name }),
    );
    return Promise.all(
      AccessKeyMetadata.map(async (key): Promise<Row> => {
        const { AccessKeyId } = key;
        const found = await iam
          .send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))
          .catch(() => null);
        return { ...key, used: found?.AccessKeyLastUsed?.LastUsedDate };
      }),
    );
  });
  const turn = ({ AccessKeyId, Status }: Row) =>
    action.run(async () => {
      const next = Status === "Active" ? "Inactive" : "Active";
      await iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId, Status: next }));
      loaded.reload();
    });
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      <ErrorAlert error={action.error} />
      <Table<Row>
        variant="container"
        header={
          <Header
            variant="h2"
            actions={
              <Button
                loading={action.isBusy}
                onClick={() =>
                  action.run(async () => {
                    const { AccessKey } = await iam.send(
                      new CreateAccessKeyCommand({ UserName: name }),
                    );
                    setMade(AccessKey ?? null);
                    loaded.reload();
                  })
                }
              >
                {say.createKey}
              </Button>
            }
          >
            {say.accessKeys}
          </Header>
        }
        ariaLabels={{ tableLabel: say.accessKeys }}
        items={loaded.data ?? []}
        trackBy="AccessKeyId"
        loading={loaded.isLoading && loaded.data === null}
        loadingText={both.loading}
        empty={<Box color="text-body-secondary">{both.none}</Box>}
        columnDefinitions={[
          {
            id: "id",
            header: say.accessKey,
            isRowHeader: true,
            cell: ({ AccessKeyId = "" }) => <Copyable text={AccessKeyId} />,
          },
          {
            id: "status",
            header: say.status,
            minWidth: 120,
            cell: ({ Status }) => (
              <StatusIndicator type={Status === "Active" ? "success" : "stopped"}>
                {Status === "Active" ? say.active : say.inactive}
              </StatusIndicator>
            ),
          },
          {
            id: "created",
            header: both.created,
            minWidth: 150,
            cell: ({ CreateDate }) => timeText(CreateDate, language),
          },
          {
            id: "used",
            header: say.keyLastUsed,
            minWidth: 150,
            cell: ({ used }) => timeText(used, language) || both.never,
          },
          {
            id: "actions",
            header: both.actions,
            minWidth: 150,
            cell: (row) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  variant="inline-link"
                  ariaLabel={`${row.Status === "Active" ? say.deactivate : say.activate} ${row.AccessKeyId ?? ""}`}
                  onClick={() => turn(row)}
                >
                  {row.Status === "Active" ? say.deactivate : say.activate}
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={`${both.delete} ${row.AccessKeyId ?? ""}`}
                  onClick={() => setDoomed(row.AccessKeyId ?? null)}
                >
                  {both.delete}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {made !== null && <NewKey accessKey={made} onClose={() => setMade(null)} />}
      {doomed !== null && (
        <ConfirmDelete
          name={doomed}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId: doomed }));
            setDoomed(null);
            loaded.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function NewKey({ accessKey, onClose }: { accessKey: AccessKey; onClose: () => void }) {
  const say = useWords(words);
  const both = useWords(common);
  const { AccessKeyId = "", SecretAccessKey = "", UserName = "" } = accessKey;
  return (
    <Modal
      visible
      header={say.keyCreated}
      closeAriaLabel={both.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              iconName="download"
              onClick={() =>
                saveFile(
                  `${UserName}_accessKeys.csv`,
                  keyFile(AccessKeyId, SecretAccessKey),
                  "text/csv",
                )
              }
            >
              {say.download}
            </Button>
            <Button variant="primary" onClick={onClose}>
              {say.done}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{say.secretOnce}</Alert>
        <KeyValuePairs
          columns={1}
          items={[
            { label: say.accessKey, value: <Copyable text={AccessKeyId} /> },
            { label: say.secret, value: <Copyable text={SecretAccessKey} /> },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
