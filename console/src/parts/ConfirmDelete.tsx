/** The question before something goes for good. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { ErrorAlert } from "./ErrorAlert";
import { plain } from "./text";
import { useAction } from "./useAction";

interface Props {
  /** What goes, as it is called. */
  name: string;
  /** What else goes with it, or what hinders. */
  children?: ReactNode;
  onDelete: () => Promise<void>;
  onClose: () => void;
}

export function ConfirmDelete({ name, children, onDelete, onClose }: Props) {
  const say = useWords(common);
  const action = useAction();
  const [typed, setTyped] = useState("");
  const shown = plain(name);
  return (
    <Modal
      visible
      header={<span className="name">{say.confirmDelete(shown)}</span>}
      closeAriaLabel={say.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {say.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={typed !== shown}
              loading={action.isBusy}
              onClick={() => action.run(onDelete)}
            >
              {say.delete}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={action.error} />
        <Alert type="warning">{say.cannotUndo}</Alert>
        {children}
        <FormField label={<span className="name">{say.typeToConfirm(shown)}</span>}>
          <Input
            value={typed}
            autoComplete={false}
            spellcheck={false}
            autoFocus
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
