/** A policy to write, checked while it is written. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useRef } from "react";

import type { Finding } from "../api/signed";
import { useLanguage, useWords } from "../words/language";
import { useTell } from "../words/told";
import { CodeArea, type CodeHandle } from "./editor/CodeArea";
import "./editor/editor.css";
import { FindingsList } from "./editor/FindingsList";
import { formatJson, isJson, sizeOf } from "./editor/json";
import { countsSpace, QUOTAS, type PolicyKind } from "./editor/kinds";
import { useFindings } from "./editor/useFindings";
import { words } from "./editor/words";
import { told } from "./ErrorAlert";

const NONE: Finding[] = [];

interface Props {
  value: string;
  onChange: (value: string) => void;
  type: PolicyKind;
  /** What a screen reader calls it; "Policy document" unless told otherwise. */
  label?: string;
  /** How many characters there may be, where that is less than the kind's own quota. */
  quota?: number;
}

export function PolicyEditor({ value, onChange, type, label, quota = QUOTAS[type] }: Props) {
  const say = useWords(words);
  const known = useFindings(value, type);
  const area = useRef<CodeHandle>(null);
  const isCurrent = known.text === value;
  return (
    <SpaceBetween size="xs">
      <CodeArea
        ref={area}
        value={value}
        onChange={onChange}
        label={label ?? say.document}
        findings={isCurrent ? known.findings : NONE}
      />
      <SpaceBetween direction="horizontal" size="m" alignItems="center">
        <Button
          iconName="script"
          formAction="none"
          disabled={!isJson(value)}
          onClick={() => area.current?.replace(0, value.length, formatJson(value))}
        >
          {say.format}
        </Button>
        <Size used={sizeOf(value, countsSpace(type))} most={quota} />
        <div role="status">
          <State isCurrent={isCurrent} count={known.findings.length} error={known.error} />
        </div>
      </SpaceBetween>
      {isCurrent && known.findings.length > 0 && (
        <FindingsList
          text={value}
          findings={known.findings}
          onGo={({ line, column }) => area.current?.goTo(line, column)}
          onTake={({ instead = value }) => area.current?.replace(0, value.length, instead)}
        />
      )}
    </SpaceBetween>
  );
}

function Size({ used, most }: { used: number; most: number }) {
  const say = useWords(words);
  const { language } = useLanguage();
  const number = (value: number) => value.toLocaleString(language);
  if (used > most) {
    return <StatusIndicator type="error">{say.sizeOver(number(used - most))}</StatusIndicator>;
  }
  return <Box color="text-body-secondary">{say.size(number(used), number(most))}</Box>;
}

interface StateProps {
  isCurrent: boolean;
  count: number;
  error: unknown;
}

function State({ isCurrent, count, error }: StateProps) {
  const say = useWords(words);
  const tell = useTell();
  if (error !== null) {
    return (
      <StatusIndicator type="warning">{`${say.notChecked}: ${tell(told(error).message)}`}</StatusIndicator>
    );
  }
  if (!isCurrent) return <StatusIndicator type="in-progress">{say.checking}</StatusIndicator>;
  if (count > 0) return <Box color="text-body-secondary">{say.findings(count)}</Box>;
  return <StatusIndicator type="success">{say.noFindings}</StatusIndicator>;
}
