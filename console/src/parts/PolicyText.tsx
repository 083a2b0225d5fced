/** A policy to read. */
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { common } from "../words/common";
import { useWords } from "../words/language";
import { words } from "./editor/words";
import { plain } from "./text";

export function PolicyText({ text, label }: { text: string; label?: string }) {
  const say = useWords(words);
  const both = useWords(common);
  return (
    <SpaceBetween size="xs">
      <pre className="code document" tabIndex={0} role="region" aria-label={label ?? say.document}>
        {plain(text)}
      </pre>
      <CopyToClipboard
        copyButtonText={both.copy}
        textToCopy={text}
        copySuccessText={both.copied}
        copyErrorText={both.copyFailed}
      />
    </SpaceBetween>
  );
}
