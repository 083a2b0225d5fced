/** A bucket's policy: what others may do with it, and its findings while it is written. */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useS3 } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { DocumentForm } from "../../parts/DocumentForm";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { PolicyText } from "../../parts/PolicyText";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { unlessAbsent } from "./absent";
import { words } from "./words";

export function BucketPolicy({ bucket }: { bucket: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const s3 = useS3();
  const { notify } = useNotices();
  const [isEditing, setEditing] = useState(false);
  const [isDoomed, setDoomed] = useState(false);
  const loaded = useLoad(`policy ${bucket}`, async () => {
    const found = await unlessAbsent(s3.send(new GetBucketPolicyCommand({ Bucket: bucket })));
    return pretty(found?.Policy ?? "");
  });
  const status = useLoad(`status ${bucket}`, async () => {
    const found = await unlessAbsent(s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket })));
    return found?.PolicyStatus?.IsPublic ?? false;
  });
  const save = async (Policy: string) => {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    notify(both.saved(say.policy));
    setEditing(false);
    loaded.reload();
    status.reload();
  };
  if (isEditing && loaded.data !== null) {
    return (
      <DocumentForm
        draft={`bucket policy ${bucket}`}
        type="bucket"
        before={loaded.data || null}
        template={template(bucket)}
        submit={both.save}
        onSave={save}
        onCancel={() => setEditing(false)}
      />
    );
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!loaded.data} onClick={() => setDoomed(true)}>
                {both.delete}
              </Button>
              <Button disabled={loaded.data === null} onClick={() => setEditing(true)}>
                {both.edit}
              </Button>
            </SpaceBetween>
          }
        >
          {say.policy}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {status.data === true && <Alert type="warning">{say.publicPolicy}</Alert>}
        {loaded.data === "" && <Box color="text-body-secondary">{say.noPolicy}</Box>}
        {loaded.data && <PolicyText text={loaded.data} label={say.policyText} />}
      </SpaceBetween>
      {isDoomed && (
        <ConfirmDelete
          name={say.policy}
          onClose={() => setDoomed(false)}
          onDelete={async () => {
            await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
            setDoomed(false);
            loaded.reload();
            status.reload();
          }}
        />
      )}
    </Container>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A beginning that allows nobody anything until its names are replaced. */
function template(bucket: string): string {
  const Statement = [
    {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::ACCOUNT:role/ROLE" },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement }, null, 2);
}
