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
import { useNavigate } from "react-router";

import { useS3 } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { Restored } from "../../parts/Restored";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { bucketPath } from "./addresses";
import { words } from "./words";

const BEGUN = { Bucket: "", isVersioned: false };

export default function CreateBucketPage() {
  const say = useWords(words);
  const both = useWords(common);
  const s3 = useS3();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const action = useAction();
  const draft = useDraft("new bucket", BEGUN);
  const { Bucket, isVersioned } = draft.value;
  const create = async () => {
    if (Bucket === "") throw Object.assign(new Error(both.required), { name: say.bucketName });
    await s3.send(new CreateBucketCommand({ Bucket }));
    if (isVersioned) {
      const VersioningConfiguration = { Status: "Enabled" as const };
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    draft.finish();
    notify(both.createdNow(Bucket));
    await navigate(bucketPath(Bucket));
  };
  const cancel = () => {
    draft.finish();
    void navigate("/buckets");
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
                <Button formAction="none" variant="link" onClick={cancel}>
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
              <Restored drafts={[draft]} />
              <Container>
                <SpaceBetween size="m">
                  <FormField label={say.bucketName} constraintText={say.nameHint}>
                    <Input
                      name="Bucket"
                      value={Bucket}
                      spellcheck={false}
                      onChange={({ detail }) => draft.write({ Bucket: detail.value, isVersioned })}
                    />
                  </FormField>
                  <Checkbox
                    checked={isVersioned}
                    onChange={({ detail }) => draft.write({ Bucket, isVersioned: detail.checked })}
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
