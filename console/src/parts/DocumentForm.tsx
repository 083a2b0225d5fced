/** A page to change a policy: write, look at the difference, save. */
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
import { Restored } from "./Restored";
import { useAction } from "./useAction";
import { useDraft, type Draft } from "./useDraft";

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
  /** The draft of what stands above the editor. */
  fields?: Pick<Draft<unknown>, "isRestored" | "discard" | "finish">;
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
  const drafts = [draft, ...(props.fields === undefined ? [] : [props.fields])];
  const [isReviewing, setReviewing] = useState(false);
  const isLast = before === null || isReviewing;
  const save = () =>
    action.run(async () => {
      await props.onSave(draft.value);
      drafts.forEach((each) => each.finish());
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
                drafts.forEach((each) => each.finish());
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
              disabled={before !== null && draft.value === before}
            >
              {isLast ? submit : say.review}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <FormError error={action.error} />
          <Restored drafts={drafts} />
          {isReviewing && before !== null ? (
            <Container header={<Header variant="h2">{say.difference}</Header>}>
              <SpaceBetween size="m">
                <Difference before={before} after={draft.value} />
                {choices}
              </SpaceBetween>
            </Container>
          ) : (
            <SpaceBetween size="l">
              {children}
              <Container header={<Header variant="h2">{say.document}</Header>}>
                <PolicyEditor
                  value={draft.value}
                  onChange={draft.write}
                  type={type}
                  {...(quota === undefined ? {} : { quota })}
                />
              </Container>
            </SpaceBetween>
          )}
          {isReviewing && !isJson(draft.value) && (
            <Box color="text-status-error">{say.stillErrors}</Box>
          )}
        </SpaceBetween>
      </Form>
    </form>
  );
}
