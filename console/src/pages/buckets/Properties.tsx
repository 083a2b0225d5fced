/** What a bucket does with its objects: versions, public access, ownership, tags. */
import {
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  type Tag,
} from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";

import { useS3 } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { unlessAbsent } from "./absent";
import { words } from "./words";

export function Properties({ bucket }: { bucket: string }) {
  return (
    <SpaceBetween size="l">
      <Versioning bucket={bucket} />
      <PublicAccess bucket={bucket} />
      <Ownership bucket={bucket} />
      <Tags bucket={bucket} />
    </SpaceBetween>
  );
}

function Versioning({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const s3 = useS3();
  const action = useAction();
  const loaded = useLoad(`versioning ${bucket}`, async () => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    return Status ?? "Never";
  });
  const isOn = loaded.data === "Enabled";
  const turn = () =>
    action.run(async () => {
      const Status = isOn ? ("Suspended" as const) : ("Enabled" as const);
      const VersioningConfiguration = { Status };
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
      loaded.reload();
    });
  const state = isOn ? say.enabled : loaded.data === "Suspended" ? say.suspended : say.never;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button disabled={loaded.data === null} loading={action.isBusy} onClick={turn}>
              {isOn ? say.suspend : say.enable}
            </Button>
          }
        >
          {say.versioningState}
        </Header>
      }
    >
      <ErrorAlert error={loaded.error ?? action.error} onRetry={loaded.reload} />
      {loaded.data !== null && (
        <StatusIndicator type={isOn ? "success" : "stopped"}>{state}</StatusIndicator>
      )}
    </Container>
  );
}

function PublicAccess({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const s3 = useS3();
  const action = useAction();
  const [changed, setChanged] = useState<PublicAccessBlockConfiguration | null>(null);
  const loaded = useLoad(`public ${bucket}`, async () => {
    const found = await unlessAbsent(s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket })));
    return found?.PublicAccessBlockConfiguration ?? {};
  });
  const shown = changed ?? loaded.data ?? {};
  const settings = [
    { key: "BlockPublicAcls", label: say.blockAcls },
    { key: "IgnorePublicAcls", label: say.ignoreAcls },
    { key: "BlockPublicPolicy", label: say.blockPolicy },
    { key: "RestrictPublicBuckets", label: say.restrict },
  ] as const;
  const save = () =>
    action.run(async () => {
      await s3.send(
        new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: shown }),
      );
      setChanged(null);
      loaded.reload();
    });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button disabled={changed === null} loading={action.isBusy} onClick={save}>
              {both.save}
            </Button>
          }
        >
          {say.blockPublic}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={loaded.error ?? action.error} onRetry={loaded.reload} />
        {loaded.data !== null &&
          settings.map(({ key, label }) => (
            <Checkbox
              key={key}
              checked={shown[key] ?? false}
              onChange={({ detail }) => setChanged({ ...shown, [key]: detail.checked })}
            >
              {label}
            </Checkbox>
          ))}
      </SpaceBetween>
    </Container>
  );
}

function Ownership({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const s3 = useS3();
  const loaded = useLoad(`ownership ${bucket}`, async () => {
    const found = await unlessAbsent(
      s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket })),
    );
    return found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? "";
  });
  return (
    <Container header={<Header variant="h2">{say.ownership}</Header>}>
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      {loaded.data}
    </Container>
  );
}

function Tags({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const s3 = useS3();
  const action = useAction();
  const [isOpen, setOpen] = useState(false);
  const loaded = useLoad(`tags ${bucket}`, async () => {
    const found = await unlessAbsent(s3.send(new GetBucketTaggingCommand({ Bucket: bucket })));
    return found?.TagSet ?? [];
  });
  const put = async (TagSet: Tag[]) => {
    await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));
    loaded.reload();
  };
  const tags = loaded.data ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button disabled={loaded.data === null} onClick={() => setOpen(true)}>
              {say.addTag}
            </Button>
          }
        >
          {say.tags}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={loaded.error ?? action.error} onRetry={loaded.reload} />
        {loaded.data?.length === 0 && <Box color="text-body-secondary">{both.none}</Box>}
        {tags.map(({ Key = "", Value = "" }) => (
          <SpaceBetween key={Key} direction="horizontal" size="s" alignItems="center">
            <span className="name">
              {plain(Key)}: {plain(Value)}
            </span>
            <Button
              variant="inline-link"
              ariaLabel={say.removeTag(Key)}
              onClick={() => action.run(() => put(tags.filter((tag) => tag.Key !== Key)))}
            >
              {both.remove}
            </Button>
          </SpaceBetween>
        ))}
      </SpaceBetween>
      {isOpen && (
        <FieldsDialog
          draft={`new tag of ${bucket}`}
          title={say.addTag}
          submit={both.add}
          fields={[
            { id: "key", label: both.key, value: "" },
            { id: "value", label: both.value, value: "" },
          ]}
          onClose={() => setOpen(false)}
          onSubmit={async ({ key: Key = "", value: Value = "" }) => {
            await put([...tags.filter((tag) => tag.Key !== Key), { Key, Value }]);
            setOpen(false);
          }}
        />
      )}
    </Container>
  );
}
