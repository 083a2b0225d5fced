/** A text with a button that copies it. */
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { plain } from "./text";

export function Copyable({ text }: { text: string }) {
  const say = useWords(common);
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      textToDisplay={plain(text)}
      copyButtonAriaLabel={say.copy}
      copySuccessText={say.copied}
      copyErrorText={say.copyFailed}
    />
  );
}
