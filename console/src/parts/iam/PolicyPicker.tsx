/** A dialog to choose managed policies in. */
import type { Policy } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { ErrorAlert } from "../ErrorAlert";
import { Restored } from "../Restored";
import { useAction } from "../useAction";
import { useDraft } from "../useDraft";
import { bare, PolicyTable } from "./PolicyTable";
import { words } from "./words";

interface Props {
  /** What they are chosen for; drafts are kept by it. */
  draft: string;
  title: string;
  selectionType: "single" | "multi";
  submit: (count: number) => string;
  onSubmit: (policies: Policy[]) => Promise<void>;
  onClose: () => void;
}

export function PolicyPicker(props: Props) {
  const { title, selectionType, submit, onSubmit, onClose } = props;
  const say = useWords(words);
  const both = useWords(common);
  const action = useAction();
  const draft = useDraft(props.draft, { chosen: [] as Policy[] });
  const { chosen } = draft.value;
  const close = () => {
    draft.finish();
    onClose();
  };
  const send = async () => {
    await onSubmit(chosen);
    draft.finish();
  };
  return (
    <Modal
      visible
      size="large"
      header={title}
      closeAriaLabel={both.close}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              {both.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={chosen.length === 0}
              loading={action.isBusy}
              onClick={() => action.run(send)}
            >
              {submit(chosen.length)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={action.error} />
        <Restored drafts={[draft]} />
        <PolicyTable
          title={say.policies}
          selectionType={selectionType}
          selected={chosen}
          onSelect={(policies) => draft.write({ chosen: policies.map(bare) })}
        />
      </SpaceBetween>
    </Modal>
  );
}
