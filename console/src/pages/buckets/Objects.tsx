/** One level of a bucket: folders and objects, uploads and downloads. */
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import FileUpload from "@cloudscape-design/components/file-upload";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { useS3 } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { ErrorAlert, told } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, sizeText, timeText } from "../../parts/text";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { useTell } from "../../words/told";
import { bucketPath, objectPath } from "./addresses";
import type { Transfer } from "./transfers";
import { useTransfers } from "./uploads";
import { words } from "./words";

/** An object, or a folder, whose key ends with the prefix's slash. */
interface Row {
  key: string;
  isFolder: boolean;
  size?: number | undefined;
  modified?: Date | undefined;
  storage?: string | undefined;
}

export function Objects({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const s3 = useS3();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [query] = useSearchParams();
  const prefix = query.get("prefix") ?? "";
  const [selected, setSelected] = useState<Row[]>([]);
  const [place, setPlace] = useState(prefix);
  if (place !== prefix) {
    // What was chosen in another folder is out of sight.
    setPlace(prefix);
    setSelected([]);
  }
  const [dialog, setDialog] = useState<"delete" | "folder" | null>(null);
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((before) => before + 1), []);
  const transfers = useTransfers(s3, bucket, refresh);

  const load = async (marker: string | undefined) => {
    const found = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        Delimiter: "/",
        ContinuationToken: marker,
        MaxKeys: 500,
      }),
    );
    const folders = (found.CommonPrefixes ?? []).map(
      ({ Prefix = "" }): Row => ({ key: Prefix, isFolder: true }),
    );
    const objects = (found.Contents ?? []).map(
      ({ Key = "", Size, LastModified, StorageClass }): Row => ({
        key: Key,
        isFolder: false,
        size: Size,
        modified: LastModified,
        storage: StorageClass,
      }),
    );
    return { items: [...folders, ...objects], next: found.NextContinuationToken };
  };
  const shown = (key: string) => plain(key.slice(prefix.length)) || plain(key);
  const objects = selected.filter((row) => !row.isFolder);
  return (
    <SpaceBetween size="m">
      <ResourceTable<Row>
        key={prefix}
        title={say.objects}
        heading="h2"
        source={`${bucket} ${prefix} ${round}`}
        load={load}
        rowId={({ key, isFolder }) => `${isFolder ? "folder" : "object"} ${key}`}
        rowName={({ key }) => plain(key)}
        searchText={({ key }) => key.slice(prefix.length)}
        selected={selected}
        onSelect={setSelected}
        selectionType="multi"
        columns={[
          {
            id: "name",
            header: say.objectName,
            isRowHeader: true,
            cell: ({ key, isFolder }) => (
              <PageLink to={isFolder ? bucketPath(bucket, key) : objectPath(bucket, key)}>
                {shown(key)}
              </PageLink>
            ),
          },
          {
            id: "size",
            header: say.size,
            cell: ({ size, isFolder }) => (isFolder ? say.folder : sizeText(size ?? 0, language)),
          },
          {
            id: "modified",
            header: say.modified,
            cell: ({ modified }) => timeText(modified, language),
          },
          { id: "class", header: say.storageClass, cell: ({ storage }) => storage },
        ]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={objects.length === 0} onClick={() => setDialog("delete")}>
              {both.delete}
            </Button>
            <Button onClick={() => setDialog("folder")}>{say.newFolder}</Button>
          </SpaceBetween>
        }
      />
      <FileUpload
        value={[]}
        multiple
        onChange={({ detail }) => transfers.send(detail.value, prefix)}
        i18nStrings={{
          uploadButtonText: () => say.upload,
          dropzoneText: () => say.upload,
          removeFileAriaLabel: () => both.remove,
          limitShowFewer: "",
          limitShowMore: "",
          errorIconAriaLabel: "",
        }}
      />
      <TransferList list={transfers.list} onCancel={transfers.cancel} />
      {dialog === "delete" && (
        <ConfirmDelete
          name={objects.length === 1 ? (objects[0]?.key ?? "") : say.deleteMany(objects.length)}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            const found = await s3.send(
              new DeleteObjectsCommand({
                Bucket: bucket,
                Delete: { Objects: objects.map(({ key }) => ({ Key: key })), Quiet: true },
              }),
            );
            const [first] = found.Errors ?? [];
            refresh();
            if (first !== undefined) {
              const said = `${first.Key ?? ""}: ${first.Code ?? ""} ${first.Message ?? ""}`;
              throw new Error(say.someFailed(found.Errors?.length ?? 0, said));
            }
            const [only] = objects.length === 1 ? objects : [];
            notify(only ? both.deleted(plain(only.key)) : say.deletedMany(objects.length));
            setSelected([]);
            setDialog(null);
          }}
        />
      )}
      {dialog === "folder" && (
        <FieldsDialog
          draft={`new folder in ${bucket} ${prefix}`}
          title={say.newFolder}
          submit={both.create}
          fields={[{ id: "name", label: say.folderName, value: "" }]}
          onClose={() => setDialog(null)}
          onSubmit={async ({ name = "" }) => {
            const Key = `${prefix}${name.replace(/\/+$/, "")}/`;
            await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "" }));
            setDialog(null);
            await navigate(bucketPath(bucket, Key));
          }}
        />
      )}
    </SpaceBetween>
  );
}

function TransferList({ list, onCancel }: { list: Transfer[]; onCancel: (id: number) => void }) {
  const say = useWords(words);
  const both = useWords(common);
  const tell = useTell();
  const { language } = useLanguage();
  if (list.length === 0) return null;
  const states = {
    waiting: "",
    sending: "",
    done: say.uploadDone,
    failed: say.uploadFailed,
    canceled: say.uploadCanceled,
  };
  return (
    <SpaceBetween size="s">
      {list.map((transfer) => {
        const { id, name, size, sent, state, error } = transfer;
        const isGoing = state === "waiting" || state === "sending";
        return (
          <SpaceBetween key={id} size="xxs">
            <ProgressBar
              label={plain(name)}
              value={size === 0 ? (state === "done" ? 100 : 0) : (100 * sent) / size}
              additionalInfo={`${sizeText(sent, language)} / ${sizeText(size, language)}`}
              status={state === "done" ? "success" : isGoing ? "in-progress" : "error"}
              resultText={states[state] + (error ? `: ${tell(told(error).message)}` : "")}
            />
            {isGoing && (
              <Button
                variant="inline-link"
                ariaLabel={say.cancelUpload(name)}
                onClick={() => onCancel(id)}
              >
                {both.cancel}
              </Button>
            )}
            {state === "failed" && <ErrorAlert error={error} />}
          </SpaceBetween>
        );
      })}
    </SpaceBetween>
  );
}
