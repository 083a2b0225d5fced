import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { ask } from "../../api/signed";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useSession } from "../../session/SessionContext";
import { useWords } from "../../words/language";
import { useTell, type Told } from "../../words/told";
import { BadLine, readContext } from "./context";
import { PrincipalField } from "./PrincipalField";
import { words } from "./words";

interface Answer {
  effect: "allowed" | "denied";
  kind: "allowed" | "explicitDeny" | "implicitDeny";
  told: { lines: Told[] };
}

export default function AskPage() {
  const say = useWords(words);
  const tell = useTell();
  // The question is in the address, so that it outlives a reload, and can be passed on.
  const [query, setQuery] = useSearchParams();
  const { credential } = useSession().acting;
  const action = useAction();
  const [principalArn, setPrincipal] = useState(query.get("principal") ?? "");
  const [actionName, setActionName] = useState(query.get("action") ?? "");
  const [resourceArn, setResource] = useState(query.get("resource") ?? "*");
  const [context, setContext] = useState(query.get("context") ?? "");
  const [badLine, setBadLine] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);

  const send = () => {
    setBadLine(0);
    try {
      const input = {
        principalArn: principalArn.trim(),
        action: actionName.trim(),
        resourceArn: resourceArn.trim(),
        context: readContext(context),
      };
      setQuery(
        {
          principal: input.principalArn,
          action: input.action,
          resource: input.resourceArn,
          ...(context.trim() === "" ? {} : { context }),
        },
        { replace: true },
      );
      action.run(async () => setAnswer(await ask<Answer>(credential, "ask", input)));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      setBadLine(error.line);
    }
  };
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={say.description}>
          {say.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <form
          onSubmit={(happened) => {
            happened.preventDefault();
            if (!action.isBusy) send();
          }}
        >
          <Form
            actions={
              <Button variant="primary" formAction="submit" loading={action.isBusy}>
                {say.ask}
              </Button>
            }
          >
            <Container>
              <SpaceBetween size="m">
                <ErrorAlert error={action.error} />
                <PrincipalField value={principalArn} onChange={setPrincipal} />
                <FormField label={say.action} constraintText={say.actionHint}>
                  <Input
                    name="action"
                    value={actionName}
                    spellcheck={false}
                    onChange={({ detail }) => setActionName(detail.value)}
                  />
                </FormField>
                <FormField label={say.resource} constraintText={say.resourceHint}>
                  <Input
                    name="resource"
                    value={resourceArn}
                    spellcheck={false}
                    onChange={({ detail }) => setResource(detail.value)}
                  />
                </FormField>
                <FormField
                  label={say.context}
                  constraintText={say.contextHint}
                  errorText={badLine ? say.badLine(badLine) : undefined}
                >
                  <Textarea
                    value={context}
                    rows={3}
                    spellcheck={false}
                    onChange={({ detail }) => setContext(detail.value)}
                  />
                </FormField>
              </SpaceBetween>
            </Container>
          </Form>
        </form>
        {answer !== null && (
          <div role="status">
            <Alert type={answer.effect === "allowed" ? "success" : "error"} header={say[answer.kind]}>
              <ul className="reasons">
                {answer.told.lines.map((line, place) => (
                  <li key={place}>{plain(tell(line).trim())}</li>
                ))}
              </ul>
            </Alert>
          </div>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
