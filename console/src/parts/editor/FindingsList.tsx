/** What the server found in a document; a mended text can be taken over. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { Finding } from "../../api/signed";
import { useWords } from "../../words/language";
import { useTell } from "../../words/told";
import { plain } from "../text";
import { Difference } from "./Difference";
import { words } from "./words";

const SIGNS = { error: "error", security: "warning", warning: "warning", suggestion: "info" } as const;

interface Props {
  /** What the findings are about. */
  text: string;
  findings: Finding[];
  onGo: (found: Finding) => void;
  /** Absent where nothing may be changed. */
  onTake?: (found: Finding) => void;
}

export function FindingsList({ text, findings, onGo, onTake }: Props) {
  const say = useWords(words);
  const tell = useTell();
  return (
    // It scrolls, so it can be reached.
    <ul className="findings" aria-label={say.findings(findings.length)} tabIndex={0}>
      {findings.map((found, at) => (
        <li key={at}>
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <StatusIndicator type={SIGNS[found.severity]}>
              {say.severity[found.severity]}
            </StatusIndicator>
            <Button
              variant="inline-link"
              formAction="none"
              ariaLabel={say.goTo(found.line, found.column)}
              onClick={() => onGo(found)}
            >
              {say.place(found.line, found.column)}
            </Button>
            <Box variant="code" fontSize="body-s">
              {found.code}
            </Box>
          </SpaceBetween>
          <p className="told">{plain(tell(found.told.message))}</p>
          <Box variant="p" fontSize="body-s" color="text-body-secondary" padding="n">
            {plain(tell(found.told.why))}
          </Box>
          {found.instead !== undefined && onTake !== undefined && (
            <SpaceBetween size="xxs">
              <Difference before={text} after={found.instead} />
              <Button
                variant="inline-link"
                formAction="none"
                ariaLabel={say.insteadOf(found.line)}
                onClick={() => onTake(found)}
              >
                {say.takeOver}
              </Button>
            </SpaceBetween>
          )}
        </li>
      ))}
    </ul>
  );
}
