/** A few fields in a dialog; what was typed stays when the server refuses it, or the session ends. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { ErrorAlert } from "./ErrorAlert";
import { Restored } from "./Restored";
import { useAction } from "./useAction";
import { useDraft } from "./useDraft";

/** kind: text unless told otherwise; a check's value is "true" or "". */
export interface Field {
  id: string;
  label: string;
  value: string;
  hint?: string;
  kind?: "text" | "password" | "check" | "choice";
  choices?: { value: string; label: string }[];
}

interface Props {
  /** What the fields are of; drafts are kept by it. */
  draft: string;
  title: string;
  submit: string;
  fields: Field[];
  children?: ReactNode;
  onSubmit: (values: Record<string, string>) => Promise<void>;
  onClose: () => void;
}

/** What is in the fields, by their ids. */
function begunWith(fields: Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ id, value }) => [id, value]));
}

function isSecret({ kind }: Field): boolean {
  return kind === "password";
}

export function FieldsDialog(props: Props) {
  const { title, submit, fields, children, onSubmit, onClose } = props;
  const say = useWords(common);
  const action = useAction();
  const draft = useDraft(props.draft, begunWith(fields.filter((field) => !isSecret(field))));
  const [secrets, setSecrets] = useState(() => begunWith(fields.filter(isSecret)));
  const values = { ...draft.value, ...secrets };
  const change = (field: Field, value: string) => {
    if (isSecret(field)) setSecrets({ ...secrets, [field.id]: value });
    else draft.write({ ...draft.value, [field.id]: value });
  };
  const send = () => {
    if (action.isBusy) return;
    action.run(async () => {
      await onSubmit(values);
      draft.finish();
    });
  };
  const close = () => {
    draft.finish();
    onClose();
  };
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={say.close}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              {say.cancel}
            </Button>
            <Button variant="primary" loading={action.isBusy} onClick={send}>
              {submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          send();
        }}
      >
        <SpaceBetween size="m">
          <ErrorAlert error={action.error} />
          <Restored drafts={[draft]} />
          {children}
          {fields.map((field) => (
            <One
              key={field.id}
              field={field}
              value={values[field.id] ?? ""}
              onChange={(value) => change(field, value)}
            />
          ))}
        </SpaceBetween>
        {/* Enter sends a form of two fields only where it has a button. */}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

interface OneProps {
  field: Field;
  value: string;
  onChange: (value: string) => void;
}

function One({ field, value, onChange }: OneProps) {
  const { id, label, hint, kind = "text", choices = [] } = field;
  if (kind === "check") {
    return (
      <Checkbox
        checked={value === "true"}
        onChange={({ detail }) => onChange(detail.checked ? "true" : "")}
      >
        {label}
      </Checkbox>
    );
  }
  return (
    <FormField label={label} constraintText={hint}>
      {kind === "choice" ? (
        <Select
          selectedOption={choices.find((choice) => choice.value === value) ?? null}
          options={choices}
          filteringType={choices.length > 8 ? "auto" : "none"}
          onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
        />
      ) : (
        <Input
          value={value}
          name={id}
          type={kind}
          spellcheck={false}
          autoComplete={kind === "password" ? "new-password" : false}
          onChange={({ detail }) => onChange(detail.value)}
        />
      )}
    </FormField>
  );
}
