/** A dialog to choose managed policies in. */
import type { Policy } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { ErrorAlert } from "../ErrorAlert";
import { useAction } from "../useAction";
import { PolicyTable } from "./PolicyTable";
import { words } from "./words";

interface Props {
  title: string;
  selectionType: "single" | "multi";
  submit: (count: number) => string;
  onSubmit: (policies: Policy[]) => Promise<void>;
  onClose: () => void;
}

export function PolicyPicker({ title, selectionType, submit, onSubmit, onClose }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const action = useAction();
  const [selected, setSelected] = useState<Policy[]>([]);
  return (
    <Modal
      visible
      size="large"
      header={title}
      closeAriaLabel={both.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {both.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={selected.length === 0}
              loading={action.isBusy}
              onClick={() => action.run(() => onSubmit(selected))}
            >
              {submit(selected.length)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={action.error} />
        <PolicyTable
          title={say.policies}
          selectionType={selectionType}
          selected={selected}
          onSelect={setSelected}
        />
      </SpaceBetween>
    </Modal>
  );
}
