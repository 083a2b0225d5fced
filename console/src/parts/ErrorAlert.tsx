/** What went wrong, in the server's words; a denial offers its reasons. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { Refusal, Unreachable, type Reasons } from "../api/client";
import { explain } from "../api/signed";
import { useSession } from "../session/SessionContext";
import { common } from "../words/common";
import { useWords } from "../words/language";
import { useTell, type Told } from "../words/told";
import { plain } from "./text";

/** An error of an SDK, of a signed question or of the session, as people should see it. */
export interface Seen {
  code: string;
  message: Told;
  requestId?: string;
}

export function told(error: unknown): Seen {
  if (!(error instanceof Error)) return { code: "Error", message: String(error) };
  const { $metadata } = error as { $metadata?: { requestId?: string } };
  const requestId = $metadata?.requestId;
  return {
    code: error.name,
    message: (error instanceof Refusal ? error.told : error.message) || error.name,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Whether the browser got no answer at all: the SDKs let the TypeError of fetch through. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Unreachable ||
    (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
  );
}

interface Props {
  error: unknown;
  onRetry?: () => void;
}

export function ErrorAlert({ error, onRetry }: Props) {
  const say = useWords(common);
  const tell = useTell();
  if (error === null || error === undefined) return null;
  const retry = onRetry && <Button onClick={onRetry}>{say.retry}</Button>;
  if (isUnreachable(error)) {
    return (
      <Alert type="error" header={say.unreachable} action={retry}>
        {say.unreachableText}
      </Alert>
    );
  }
  const { code, message, requestId } = told(error);
  return (
    <Alert type="error" header={code} action={retry}>
      <SpaceBetween size="xs">
        <div className="told">{tell(message)}</div>
        {requestId !== undefined && (
          <Box variant="small" color="inherit">
            {say.requestId(requestId)}
          </Box>
        )}
        {requestId !== undefined && code.startsWith("AccessDenied") && (
          <WhyButton requestId={requestId} />
        )}
      </SpaceBetween>
    </Alert>
  );
}

function WhyButton({ requestId }: { requestId: string }) {
  const say = useWords(common);
  const tell = useTell();
  const { acting } = useSession();
  const [reasons, setReasons] = useState<Reasons | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isAsking, setAsking] = useState(false);
  if (reasons !== null) return <ReasonsList reasons={reasons} />;
  if (failure !== null) return <div className="told">{tell(told(failure).message)}</div>;
  const look = async () => {
    setAsking(true);
    try {
      setReasons(await explain(acting.credential, requestId));
    } catch (error) {
      setFailure(error);
    } finally {
      setAsking(false);
    }
  };
  return (
    <Button variant="inline-link" loading={isAsking} onClick={() => void look()}>
      {say.why}
    </Button>
  );
}

/** Both halves of a refused switch, as far as they may be seen. */
export function SwitchReasons({ reasons }: { reasons: Reasons }) {
  const say = useWords(common);
  return (
    <SpaceBetween size="s">
      <Half title={say.yourSide} lines={reasons.told.own} />
      <Half title={say.otherSide} lines={reasons.told.other ?? [say.otherSideHidden]} />
    </SpaceBetween>
  );
}

/** Both halves of an explanation; the resource may be of the same account. */
export function ReasonsList({ reasons }: { reasons: Reasons }) {
  const say = useWords(common);
  const { own, other } = reasons.told;
  return (
    <SpaceBetween size="s">
      <Half title={say.callerSide} lines={own} />
      <Half
        title={other === null ? say.otherSide : say.resourceSide}
        lines={other ?? [say.otherSideHidden]}
      />
    </SpaceBetween>
  );
}

function Half({ title, lines }: { title: string; lines: Told[] }) {
  const tell = useTell();
  if (lines.length === 0) return null;
  return (
    <div>
      <Box variant="strong">{title}</Box>
      <ul className="reasons">
        {lines.map((line, place) => (
          <li key={place}>{plain(tell(line).trim())}</li>
        ))}
      </ul>
    </div>
  );
}
