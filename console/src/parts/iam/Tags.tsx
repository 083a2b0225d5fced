/** The tags of one thing. */
import type { Tag } from "@aws-sdk/client-iam";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { ErrorAlert } from "../ErrorAlert";
import { Restored } from "../Restored";
import { plain } from "../text";
import { useAction } from "../useAction";
import { useDraft } from "../useDraft";
import { useLoad } from "../useLoad";
import { tagChanges, type Pair } from "./tagging";
import { words } from "./words";

const MOST = 50;

interface Props {
  /** What they are the tags of. */
  source: string;
  load: () => Promise<Tag[]>;
  put: (tags: Tag[]) => Promise<unknown>;
  remove: (keys: string[]) => Promise<unknown>;
}

export function Tags({ source, load, put, remove }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const [isOpen, setOpen] = useState(false);
  const loaded = useLoad(`tags ${source}`, async () =>
    (await load()).map(({ Key = "", Value = "" }) => ({ key: Key, value: Value })),
  );
  const save = async (after: Pair[]) => {
    const { gone, changed } = tagChanges(loaded.data ?? [], after);
    // What is new is put first: tags that policies look at are never missing for a while.
    if (changed.length > 0) await put(changed.map(({ key, value }) => ({ Key: key, Value: value })));
    if (gone.length > 0) await remove(gone);
    setOpen(false);
    loaded.reload();
  };
  return (
    <SpaceBetween size="s">
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      <Table<Pair>
        variant="container"
        trackBy="key"
        ariaLabels={{ tableLabel: both.tags }}
        items={loaded.data ?? []}
        loading={loaded.isLoading && loaded.data === null}
        loadingText={both.loading}
        wrapLines
        empty={<Box color="text-body-secondary">{say.noTags}</Box>}
        header={
          <Header
            variant="h2"
            description={say.tagsText}
            actions={
              <Button disabled={loaded.data === null} onClick={() => setOpen(true)}>
                {say.manageTags}
              </Button>
            }
          >
            {both.tags}
          </Header>
        }
        columnDefinitions={[
          {
            id: "key",
            header: both.key,
            isRowHeader: true,
            cell: ({ key }) => <span className="name">{plain(key)}</span>,
          },
          {
            id: "value",
            header: both.value,
            cell: ({ value }) => <span className="name">{plain(value)}</span>,
          },
        ]}
      />
      {isOpen && (
        <TagsDialog
          draft={`tags of ${source}`}
          begun={loaded.data ?? []}
          onSave={save}
          onClose={() => setOpen(false)}
        />
      )}
    </SpaceBetween>
  );
}

interface DialogProps {
  draft: string;
  begun: Pair[];
  onSave: (pairs: Pair[]) => Promise<void>;
  onClose: () => void;
}

function TagsDialog({ draft: key, begun, onSave, onClose }: DialogProps) {
  const say = useWords(words);
  const both = useWords(common);
  const action = useAction();
  const draft = useDraft(key, { pairs: begun });
  const close = () => {
    draft.finish();
    onClose();
  };
  const save = async () => {
    await onSave(draft.value.pairs);
    draft.finish();
  };
  return (
    <Modal
      visible
      header={say.manageTags}
      closeAriaLabel={both.close}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              {both.cancel}
            </Button>
            <Button variant="primary" loading={action.isBusy} onClick={() => action.run(save)}>
              {both.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={action.error} />
        <Restored drafts={[draft]} />
        <TagFields pairs={draft.value.pairs} onChange={(pairs) => draft.write({ pairs })} />
      </SpaceBetween>
    </Modal>
  );
}

interface FieldsProps {
  pairs: Pair[];
  onChange: (pairs: Pair[]) => void;
}

export function TagFields({ pairs, onChange }: FieldsProps) {
  const say = useWords(words);
  const both = useWords(common);
  const change = (at: number, pair: Partial<Pair>) =>
    onChange(pairs.map((old, place) => (place === at ? { ...old, ...pair } : old)));
  return (
    <AttributeEditor<Pair>
      items={pairs}
      addButtonText={say.addTag}
      removeButtonText={say.removeTag}
      removeButtonAriaLabel={({ key }) => `${say.removeTag} ${plain(key)}`}
      empty={say.noTags}
      disableAddButton={pairs.length >= MOST}
      additionalInfo={say.tagsLeft(MOST - pairs.length)}
      onAddButtonClick={() => onChange([...pairs, { key: "", value: "" }])}
      onRemoveButtonClick={({ detail }) =>
        onChange(pairs.filter((_, place) => place !== detail.itemIndex))
      }
      definition={[
        {
          label: both.key,
          control: ({ key }, at) => (
            <Input
              value={key}
              spellcheck={false}
              onChange={({ detail }) => change(at, { key: detail.value })}
            />
          ),
        },
        {
          label: `${both.value} - ${both.optional}`,
          control: ({ value }, at) => (
            <Input
              value={value}
              spellcheck={false}
              onChange={({ detail }) => change(at, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}
