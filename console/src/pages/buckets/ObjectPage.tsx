import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { useS3 } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { plain, sizeText, timeText } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { isOver, useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { bucketPath, fileName, isAskable, objectPath, stepsOf } from "./addresses";
import { words } from "./words";

const DOWNLOAD_SECONDS = 300;

export default function ObjectPage() {
  const { name: bucket = "" } = useParams();
  const [query] = useSearchParams();
  const key = query.get("key") ?? "";
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const s3 = useS3();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const action = useAction();
  const [doomed, setDoomed] = useState<string | null | undefined>(undefined);
  const at = { Bucket: bucket, Key: key };
  const head = useLoad(`${bucket} ${key}`, async () => {
    if (isAskable(key)) return headed(s3, at);
    throw Object.assign(new Error(say.notAskableText), { name: say.notAskable });
  });
  const above = stepsOf(key).at(-1)?.prefix ?? "";

  /** A presigned request, which the browser saves without holding the object in memory. */
  const download = async (VersionId?: string) => {
    const name = encodeURIComponent(fileName(key));
    const command = new GetObjectCommand({
      ...at,
      ...(VersionId ? { VersionId } : {}),
      ResponseContentDisposition: `attachment; filename*=UTF-8''${name}`,
    });
    window.location.assign(await getSignedUrl(s3, command, { expiresIn: DOWNLOAD_SECONDS }));
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/buckets" },
          { text: bucket, to: bucketPath(bucket) },
          ...stepsOf(key.slice(0, above.length)).map((step) => ({
            text: step.name,
            to: bucketPath(bucket, step.prefix),
          })),
          { text: key.slice(above.length) || key, to: objectPath(bucket, key) },
        ]}
      />
      <ContentLayout
        header={
          <Header
            variant="h1"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setDoomed(null)}>{both.delete}</Button>
                <Button
                  variant="primary"
                  iconName="download"
                  disabled={head.data === null}
                  onClick={() => action.run(download)}
                >
                  {say.download}
                </Button>
              </SpaceBetween>
            }
          >
            <span className="name">{plain(key)}</span>
          </Header>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={head.error ?? action.error} onRetry={head.reload} />
          {head.data !== null && (
            <Container header={<Header variant="h2">{say.properties}</Header>}>
              <KeyValuePairs
                columns={2}
                items={[
                  { label: say.location, value: <Copyable text={`s3://${bucket}/${key}`} /> },
                  { label: both.arn, value: <Copyable text={`arn:aws:s3:::${bucket}/${key}`} /> },
                  { label: say.size, value: sizeText(head.data.ContentLength ?? 0, language) },
                  { label: say.modified, value: timeText(head.data.LastModified, language) },
                  { label: say.type, value: head.data.ContentType },
                  { label: say.etag, value: head.data.ETag },
                  { label: say.versionId, value: head.data.VersionId ?? both.none },
                  {
                    label: say.metadata,
                    value:
                      Object.entries(head.data.Metadata ?? {})
                        .map(([name, value]) => `${name}: ${plain(value)}`)
                        .join("\n") || both.none,
                  },
                ]}
              />
            </Container>
          )}
          {head.data !== null && (
            <Share onMake={(expiresIn) => getSignedUrl(s3, new GetObjectCommand(at), { expiresIn })} />
          )}
          <Versions bucket={bucket} objectKey={key} onDelete={setDoomed} onDownload={(id) => action.run(() => download(id))} />
        </SpaceBetween>
      </ContentLayout>
      {doomed !== undefined && (
        <ConfirmDelete
          name={fileName(key)}
          onClose={() => setDoomed(undefined)}
          onDelete={async () => {
            await s3.send(
              new DeleteObjectCommand({ ...at, ...(doomed === null ? {} : { VersionId: doomed }) }),
            );
            notify(both.deleted(plain(key)));
            await navigate(bucketPath(bucket, above));
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** What HEAD tells. Its refusals have no words, so that a byte of the object is asked for to learn them. */
async function headed(s3: S3Client, at: { Bucket: string; Key: string }) {
  try {
    return await s3.send(new HeadObjectCommand(at));
  } catch (error) {
    if (!isOver(error)) await s3.send(new GetObjectCommand({ ...at, Range: "bytes=0-0" }));
    throw error;
  }
}

function Share({ onMake }: { onMake: (seconds: number) => Promise<string> }) {
  const say = useWords(words);
  const action = useAction();
  const [minutes, setMinutes] = useState("15");
  const [link, setLink] = useState("");
  const count = Number(minutes);
  const isFit = Number.isInteger(count) && count >= 1 && count <= 720;
  return (
    <Container header={<Header variant="h2" description={say.shareText}>{say.share}</Header>}>
      <SpaceBetween size="s">
        <ErrorAlert error={action.error} />
        <FormField
          label={say.minutes}
          constraintText={say.minutesHint}
          secondaryControl={
            <Button
              disabled={!isFit}
              loading={action.isBusy}
              onClick={() => action.run(async () => setLink(await onMake(count * 60)))}
            >
              {say.makeLink}
            </Button>
          }
        >
          <Input
            value={minutes}
            inputMode="numeric"
            onChange={({ detail }) => setMinutes(detail.value)}
          />
        </FormField>
        {link && <Copyable text={link} />}
      </SpaceBetween>
    </Container>
  );
}

interface VersionsProps {
  bucket: string;
  objectKey: string;
  onDelete: (version: string) => void;
  onDownload: (version: string) => void;
}

interface Version {
  id: string;
  isLatest: boolean;
  isMarker: boolean;
  modified: Date | undefined;
  size: number | undefined;
}

function Versions({ bucket, objectKey, onDelete, onDownload }: VersionsProps) {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const s3 = useS3();
  const loaded = useLoad(`versions ${bucket} ${objectKey}`, async () => {
    const found = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: objectKey, MaxKeys: 100 }),
    );
    const versions = (found.Versions ?? []).map((one): Version & { key: string } => ({
      key: one.Key ?? "",
      id: one.VersionId ?? "",
      isLatest: one.IsLatest ?? false,
      isMarker: false,
      modified: one.LastModified,
      size: one.Size,
    }));
    const markers = (found.DeleteMarkers ?? []).map((one): Version & { key: string } => ({
      key: one.Key ?? "",
      id: one.VersionId ?? "",
      isLatest: one.IsLatest ?? false,
      isMarker: true,
      modified: one.LastModified,
      size: undefined,
    }));
    return [...versions, ...markers]
      .filter(({ key }) => key === objectKey)
      .sort((one, other) => Number(other.modified ?? 0) - Number(one.modified ?? 0));
  });
  const isPlain = loaded.data?.every(({ id }) => id === "null") ?? true;
  if (loaded.data !== null && isPlain) return null;
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      {loaded.data !== null && (
        <Table<Version>
          variant="container"
          header={<Header variant="h2">{say.versions}</Header>}
          ariaLabels={{ tableLabel: say.versions }}
          items={loaded.data}
          trackBy="id"
          columnDefinitions={[
            {
              id: "id",
              header: say.versionId,
              minWidth: 180,
              isRowHeader: true,
              cell: ({ id, isLatest, isMarker }) =>
                [id, isLatest ? `(${say.latest})` : "", isMarker ? `(${say.marker})` : ""].join(" "),
            },
            {
              id: "modified",
              header: say.modified,
              minWidth: 150,
              cell: ({ modified }) => timeText(modified, language),
            },
            {
              id: "size",
              header: say.size,
              minWidth: 100,
              cell: ({ size }) => (size === undefined ? "" : sizeText(size, language)),
            },
            {
              id: "actions",
              header: both.actions,
              minWidth: 150,
              cell: ({ id, isMarker }) => (
                <SpaceBetween direction="horizontal" size="xs">
                  {!isMarker && (
                    <Button
                      variant="inline-link"
                      ariaLabel={`${say.download} ${id}`}
                      onClick={() => onDownload(id)}
                    >
                      {say.download}
                    </Button>
                  )}
                  <Button
                    variant="inline-link"
                    ariaLabel={`${say.deleteVersion} ${id}`}
                    onClick={() => onDelete(id)}
                  >
                    {both.delete}
                  </Button>
                </SpaceBetween>
              ),
            },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
