/** The form that everybody knows: account, role, display name, colour (W-243 to W-249). */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { Refusal, type Reasons } from "../api/client";
import { ErrorAlert, SwitchReasons } from "../parts/ErrorAlert";
import { showFirstProblem } from "../parts/firstProblem";
import { plain } from "../parts/text";
import { isOver } from "../parts/useLoad";
import { common } from "../words/common";
import { useWords } from "../words/language";
import { useTell } from "../words/told";
import { COLORS, fromQuery, LONGEST_ROLE_NAME, type RoleChoice } from "./recent";
import { useSession, useSessionState } from "./SessionContext";
import { words } from "./words";

type Problems = Partial<Record<"account" | "roleName", string>>;

export default function SwitchRolePage() {
  const [query] = useSearchParams();
  const { session, history } = useSession();
  const say = useWords(words);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={say.switchText}>
          {say.switchTitle}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {session.kind === "root" ? (
          <Alert type="warning" header={say.notForRoot}>
            {say.notForRootText}
          </Alert>
        ) : (
          <SwitchForm key={query.toString()} first={fromQuery(query)} />
        )}
        {history.length > 0 && session.kind !== "root" && <Recent history={history} />}
      </SpaceBetween>
    </ContentLayout>
  );
}

function SwitchForm({ first }: { first: RoleChoice }) {
  const say = useWords(words);
  const both = useWords(common);
  const { switchTo, acting } = useSession();
  const { lose } = useSessionState();
  const navigate = useNavigate();
  const [choice, setChoice] = useState(first);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<RoleChoice>) => setChoice({ ...choice, ...part });

  const submit = async (form: HTMLFormElement) => {
    const wanted = cleaned(choice);
    const found: Problems = {};
    if (!wanted.account) found.account = both.required;
    if (!wanted.roleName) found.roleName = both.required;
    else if (wanted.roleName.startsWith("arn:")) found.roleName = say.roleIsArn;
    else if (wanted.roleName.length > LONGEST_ROLE_NAME) found.roleName = say.roleTooLong;
    setProblems(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return showFirstProblem(form);
    setBusy(true);
    try {
      await switchTo(wanted);
      await navigate("/");
    } catch (error) {
      if (!isOver(error)) setFailure(error);
      else {
        // The form is filled in again after signing in.
        await navigate(`?${new URLSearchParams({ ...wanted }).toString()}`, { replace: true });
        lose();
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      onSubmit={(happened) => {
        happened.preventDefault();
        if (!isBusy) void submit(happened.currentTarget);
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => void navigate("/")}>
              {both.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={isBusy}>
              {say.switchRole}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          {acting.role !== null && <Alert type="info">{say.fromOriginal}</Alert>}
          <SwitchFailure error={failure} />
          <Container>
            <SpaceBetween size="m">
              <FormField label={say.account} description={say.accountHint} errorText={problems.account}>
                <Input
                  value={choice.account}
                  name="account"
                  spellcheck={false}
                  onChange={({ detail }) => change({ account: detail.value })}
                />
              </FormField>
              <FormField label={say.role} description={say.roleHint} errorText={problems.roleName}>
                <Input
                  value={choice.roleName}
                  name="roleName"
                  spellcheck={false}
                  onChange={({ detail }) => change({ roleName: detail.value })}
                />
              </FormField>
              <ColumnLayout columns={2}>
                <FormField
                  label={
                    <>
                      {say.displayName} <i>- {both.optional}</i>
                    </>
                  }
                  description={say.displayHint}
                >
                  <Input
                    value={choice.displayName}
                    name="displayName"
                    onChange={({ detail }) => change({ displayName: detail.value.slice(0, 64) })}
                  />
                </FormField>
                <FormField label={say.color}>
                  <ColorChoice value={choice.color} onChange={(color) => change({ color })} />
                </FormField>
              </ColumnLayout>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}

function ColorChoice({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const say = useWords(words);
  const items = [
    { value: "", label: say.noColor },
    ...COLORS.map((color) => ({
      value: color,
      label: (
        <span className="swatch-label">
          <span className={`swatch swatch-${color}`} aria-hidden="true" />
          {say.colors[color]}
        </span>
      ),
    })),
  ];
  return (
    <RadioGroup
      direction="horizontal"
      value={value}
      items={items}
      onChange={({ detail }) => onChange(detail.value)}
    />
  );
}

/** AWS's one sentence, and beneath it what the caller may know of its causes. */
function SwitchFailure({ error }: { error: unknown }) {
  const say = useWords(words);
  const tell = useTell();
  if (error instanceof Refusal && error.code === "SwitchRoleFailed") {
    return (
      <Alert type="error" header={tell(error.told)}>
        <SwitchReasons reasons={reasonsOf(error)} />
      </Alert>
    );
  }
  if (error instanceof Refusal) {
    return (
      <Alert type="error" header={say.refused}>
        {tell(error.told)}
      </Alert>
    );
  }
  return <ErrorAlert error={error} />;
}

function Recent({ history }: { history: RoleChoice[] }) {
  const say = useWords(words);
  const navigate = useNavigate();
  const { switchTo } = useSession();
  const { lose } = useSessionState();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState<RoleChoice | null>(null);
  const go = async (role: RoleChoice) => {
    setBusy(role);
    setFailure(null);
    try {
      await switchTo(role);
      await navigate("/");
    } catch (error) {
      if (isOver(error)) lose();
      setFailure(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <Container header={<Header variant="h2">{say.recent}</Header>}>
      <SpaceBetween size="s">
        <SwitchFailure error={failure} />
        {history.map((role) => (
          <Button
            key={`${role.account} ${role.roleName}`}
            variant="inline-link"
            loading={busy === role}
            onClick={() => void go(role)}
          >
            {plain(`${role.displayName || role.roleName} (${role.roleName} @ ${role.account})`)}
          </Button>
        ))}
      </SpaceBetween>
    </Container>
  );
}

function cleaned(choice: RoleChoice): RoleChoice {
  return {
    ...choice,
    account: choice.account.trim().replaceAll("-", (mark) => (isId(choice.account) ? "" : mark)),
    roleName: choice.roleName.trim().replace(/^\/+/, ""),
    displayName: choice.displayName.trim(),
  };
}

/** Whether this is an account id as the console shows it, in groups of four. */
function isId(account: string): boolean {
  return /^\s*\d{4}-\d{4}-\d{4}\s*$/.test(account);
}

function reasonsOf(refusal: Refusal): Reasons {
  const found = refusal.body.reasons as Reasons | undefined;
  return found ?? { told: { own: [], other: null } };
}
