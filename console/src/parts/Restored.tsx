/** That a draft of before is here again, and the way to be rid of it. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import { useWords } from "../words/language";
import { words } from "./editor/words";
import type { Draft } from "./useDraft";

interface Props {
  drafts: Pick<Draft<unknown>, "isRestored" | "discard">[];
}

export function Restored({ drafts }: Props) {
  const say = useWords(words);
  if (!drafts.some(({ isRestored }) => isRestored)) return null;
  const discard = () => drafts.forEach((draft) => draft.discard());
  return (
    <Alert
      type="info"
      action={
        <Button formAction="none" onClick={discard}>
          {say.discard}
        </Button>
      }
    >
      {say.restored}
    </Alert>
  );
}
