import { DeleteBucketCommand, ListBucketsCommand, type Bucket } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useS3 } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { useNotices } from "../../parts/notices";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { timeText } from "../../parts/text";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { bucketPath } from "./addresses";
import { words } from "./words";

export default function BucketsPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const s3 = useS3();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [selected, setSelected] = useState<Bucket[]>([]);
  const [doomed, setDoomed] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  return (
    <SpaceBetween size="l">
      <ResourceTable<Bucket>
        title={say.title}
        description={say.description}
        source={`buckets ${round}`}
        load={async (marker) => {
          const found = await s3.send(
            new ListBucketsCommand({ ContinuationToken: marker, MaxBuckets: 500 }),
          );
          return { items: found.Buckets ?? [], next: found.ContinuationToken };
        }}
        rowId={({ Name = "" }) => Name}
        searchText={({ Name = "" }) => Name}
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: "name",
            header: say.bucketName,
            isRowHeader: true,
            cell: ({ Name = "" }) => <PageLink to={bucketPath(Name)}>{Name}</PageLink>,
          },
          { id: "region", header: say.region, cell: ({ BucketRegion }) => BucketRegion },
          {
            id: "created",
            header: both.created,
            cell: ({ CreationDate }) => timeText(CreationDate, language),
          },
        ]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length !== 1}
              onClick={() => setDoomed(selected[0]?.Name ?? null)}
            >
              {both.delete}
            </Button>
            <Button variant="primary" onClick={() => void navigate("/buckets/create")}>
              {say.create}
            </Button>
          </SpaceBetween>
        }
      />
      <GoTo />
      {doomed !== null && (
        <ConfirmDelete
          name={doomed}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await s3.send(new DeleteBucketCommand({ Bucket: doomed }));
            notify(both.deleted(doomed));
            setDoomed(null);
            setSelected([]);
            setRound(round + 1);
          }}
        >
          {say.deleteText}
        </ConfirmDelete>
      )}
    </SpaceBetween>
  );
}

/** The way to a bucket that is another account's, and so in no list of one's own. */
function GoTo() {
  const say = useWords(words);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  return (
    <Container>
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          if (name.trim()) void navigate(bucketPath(name.trim()));
        }}
      >
        <FormField label={say.goTo} secondaryControl={<Button formAction="submit">{say.go}</Button>}>
          <Input
            name="bucket"
            value={name}
            spellcheck={false}
            onChange={({ detail }) => setName(detail.value)}
          />
        </FormField>
      </form>
    </Container>
  );
}
