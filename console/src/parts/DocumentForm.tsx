/** A page to change a policy: write, look at the difference, save. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { Difference } from "./editor/Difference";
import { isJson } from "./editor/json";
import type { PolicyKind } from "./editor/kinds";
import { words } from "./editor/words";
import { FormError } from "./FormError";
import { PolicyEditor } from "./PolicyEditor";
import { useAction } from "./useAction";
import { useDraft } from "./useDraft";

interface Props {
  /** What the text is of; drafts are kept by it. */
  draft: string;
  type: PolicyKind;
  /** What is stored, laid out as it is to be shown; null for something new, which has no difference. */
  before: string | null;
  /** What something new begins with. */
  template?: string;
  quota?: number;
  submit: string;
  /** Above the editor. */
  children?: ReactNode;
  /** Beside the difference, before saving. */
  choices?: ReactNode;
  onSave: (document: string) => Promise<void>;
  onCancel: () => void;
}

export function DocumentForm(props: Props) {
  const { before, template = "", type, quota, submit, children, choices } = props;
  const say = useWords(words);
  const both = useWords(common);
  const action = useAction();
  const draft = useDraft(props.draft, before ?? template);
  const [isReviewing, setReviewing] = useState(false);
  const isLast = before === null || isReviewing;
  const save = () =>
    action.run(async () => {
      await props.onSave(draft.text);
      draft.finish();
    });
  return (
    <form
      onSubmit={(happened) => {
        happened.preventDefault();
        if (action.isBusy) return;
        if (isLast) save();
        else setReviewing(true);
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              formAction="none"
              variant="link"
              onClick={() => {
                draft.finish();
                props.onCancel();
              }}
            >
              {both.cancel}
            </Button>
            {isReviewing && (
              <Button formAction="none" onClick={() => setReviewing(false)}>
                {say.back}
              </Button>
            )}
            <Button
              variant="primary"
              formAction="submit"
              loading={action.isBusy}
              disabled={before !== null && draft.text === before}
            >
              {isLast ? submit : say.review}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <FormError error={action.error} />
          {draft.isRestored && (
            <Alert
              type="info"
              action={
                <Button formAction="none" onClick={draft.discard}>
                  {say.discard}
                </Button>
              }
            >
              {say.restored}
            </Alert>
          )}
          {isReviewing && before !== null ? (
            <Container header={<Header variant="h2">{say.difference}</Header>}>
              <SpaceBetween size="m">
                <Difference before={before} after={draft.text} />
                {choices}
              </SpaceBetween>
            </Container>
          ) : (
            <SpaceBetween size="l">
              {children}
              <Container header={<Header variant="h2">{say.document}</Header>}>
                <PolicyEditor
                  value={draft.text}
                  onChange={draft.write}
                  type={type}
                  {...(quota === undefined ? {} : { quota })}
                />
              </Container>
            </SpaceBetween>
          )}
          {isReviewing && !isJson(draft.text) && (
            <Box color="text-status-error">{say.stillErrors}</Box>
          )}
        </SpaceBetween>
      </Form>
    </form>
  );
}
