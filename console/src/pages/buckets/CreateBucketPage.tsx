import { CreateBucketCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useS3 } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { useAction } from "../../parts/useAction";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { bucketPath } from "./addresses";
import { words } from "./words";

export default function CreateBucketPage() {
  const say = useWords(words);
  const both = useWords(common);
  const s3 = useS3();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const action = useAction();
  const [Bucket, setBucket] = useState("");
  const [isVersioned, setVersioned] = useState(false);
  const create = async () => {
    await s3.send(new CreateBucketCommand({ Bucket }));
    if (isVersioned) {
      const VersioningConfiguration = { Status: "Enabled" as const };
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    notify(both.createdNow(Bucket));
    await navigate(bucketPath(Bucket));
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/buckets" },
          { text: say.create, to: "/buckets/create" },
        ]}
      />
      <ContentLayout header={<Header variant="h1">{say.create}</Header>}>
        <form
          onSubmit={(happened) => {
            happened.preventDefault();
            if (!action.isBusy) action.run(create);
          }}
        >
          <Form
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button formAction="none" variant="link" onClick={() => void navigate("/buckets")}>
                  {both.cancel}
                </Button>
                <Button variant="primary" formAction="submit" loading={action.isBusy}>
                  {say.create}
                </Button>
              </SpaceBetween>
            }
          >
            <SpaceBetween size="m">
              <ErrorAlert error={action.error} />
              <Container>
                <SpaceBetween size="m">
                  <FormField label={say.bucketName} constraintText={say.nameHint}>
                    <Input
                      name="Bucket"
                      value={Bucket}
                      spellcheck={false}
                      onChange={({ detail }) => setBucket(detail.value)}
                    />
                  </FormField>
                  <Checkbox
                    checked={isVersioned}
                    onChange={({ detail }) => setVersioned(detail.checked)}
                  >
                    {say.versioning}
                  </Checkbox>
                </SpaceBetween>
              </Container>
            </SpaceBetween>
          </Form>
        </form>
      </ContentLayout>
    </SpaceBetween>
  );
}
