/** The form at the gate: account, user and password; then an MFA code or a new password. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";

import { changePassword, Refusal, signIn, type Session, type SignIn } from "../api/client";
import { isUnreachable, told } from "../parts/ErrorAlert";
import { common } from "../words/common";
import { useLanguage, useWords, type Language } from "../words/language";
import { useTell } from "../words/told";
import { words } from "./words";

type Step = "password" | "mfa" | "change";

const LAST_ACCOUNT = "sekisho.account";

/** The account that the page's address names (`?account=`), or else the last one used. */
function firstAccount(): string {
  const named = new URLSearchParams(window.location.search).get("account");
  return named ?? localStorage.getItem(LAST_ACCOUNT) ?? "";
}

export function SignInPage({ onArrive }: { onArrive: (session: Session) => void }) {
  const [step, setStep] = useState<Step>("password");
  const [kind, setKind] = useState<"user" | "root">("user");
  const [first] = useState(firstAccount);
  const [account, setAccount] = useState(first);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [mfaCode, setMfaCode] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [again, setAgain] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const say = useWords(words);
  const both = useWords(common);

  const input: SignIn = {
    account: account.trim(),
    ...(kind === "user" ? { user: user.trim() } : {}),
    password,
    ...(mfaCode ? { mfaCode: mfaCode.trim() } : {}),
  };

  const submit = async () => {
    if (step === "change" && newPassword !== again) {
      setFailure(new Refusal(400, "PasswordsDiffer", say.differ));
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const change = step === "change";
      const session = await (change ? changePassword({ ...input, newPassword }) : signIn(input));
      localStorage.setItem(LAST_ACCOUNT, input.account);
      onArrive(session);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : "";
      if (code === "MfaRequired") setStep("mfa");
      else if (code === "PasswordChangeRequired" && step !== "change") setStep("change");
      else setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const back = () => {
    setStep("password");
    setMfaCode("");
    setFailure(null);
  };

  const title = { password: say.signInTitle, mfa: say.mfaTitle, change: say.changeTitle }[step];
  const action = step === "change" ? say.change : say.signIn;
  return (
    <Gate>
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          if (!isBusy) void submit();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {step !== "password" && (
                <Button formAction="none" variant="link" onClick={back}>
                  {say.backToPassword}
                </Button>
              )}
              <Button variant="primary" formAction="submit" loading={isBusy}>
                {action}
              </Button>
            </SpaceBetween>
          }
        >
          <Container header={<Header variant="h1">{title}</Header>}>
            <SpaceBetween size="m">
              <Failure error={failure} />
              {step === "password" && (
                <SpaceBetween size="m">
                  <SegmentedControl
                    label={say.as}
                    selectedId={kind}
                    options={[
                      { id: "user", text: say.iamUser },
                      { id: "root", text: say.rootUser },
                    ]}
                    onChange={({ detail }) => setKind(detail.selectedId === "root" ? "root" : "user")}
                  />
                  <Text label={say.account} value={account} onChange={setAccount} auto="on" name="account" focused={first === ""} />
                  {kind === "user" && (
                    <Text label={say.userName} value={user} onChange={setUser} auto="username" name="user" focused={first !== ""} />
                  )}
                  <Text
                    label={say.password}
                    value={password}
                    onChange={setPassword}
                    auto="current-password"
                    name="password"
                    type="password"
                  />
                </SpaceBetween>
              )}
              {step === "mfa" && (
                <Text
                  label={say.mfaCode}
                  hint={say.mfaText}
                  value={mfaCode}
                  onChange={setMfaCode}
                  auto="one-time-code"
                  name="mfa"
                  inputMode="numeric"
                  focused
                />
              )}
              {step === "change" && (
                <SpaceBetween size="m">
                  <Alert type="info">{say.changeText}</Alert>
                  <Text
                    label={say.newPassword}
                    value={newPassword}
                    onChange={setNewPassword}
                    auto="new-password"
                    name="new-password"
                    type="password"
                    focused
                  />
                  <Text
                    label={say.again}
                    value={again}
                    onChange={setAgain}
                    auto="new-password"
                    name="again"
                    type="password"
                    {...(again && again !== newPassword ? { error: say.differ } : {})}
                  />
                </SpaceBetween>
              )}
            </SpaceBetween>
            <span className="unseen" role="status">
              {isBusy ? both.loading : ""}
            </span>
          </Container>
        </Form>
      </form>
    </Gate>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  auto: string;
  name: string;
  hint?: string;
  error?: string;
  type?: "text" | "password";
  inputMode?: InputProps["inputMode"];
  focused?: boolean;
}

function Text(props: TextProps) {
  const { label, value, onChange, auto, name, hint, error, type, inputMode, focused } = props;
  return (
    <FormField label={label} description={hint} errorText={error}>
      <Input
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
        name={name}
        type={type ?? "text"}
        autoComplete={auto}
        spellcheck={false}
        ariaRequired
        {...(inputMode ? { inputMode } : {})}
        {...(focused ? { autoFocus: true } : {})}
      />
    </FormField>
  );
}

function Failure({ error }: { error: unknown }) {
  const say = useWords(words);
  const both = useWords(common);
  const tell = useTell();
  if (error === null) return null;
  if (isUnreachable(error)) {
    return (
      <Alert type="error" header={both.unreachable}>
        {both.unreachableText}
      </Alert>
    );
  }
  const limited = error instanceof Refusal && error.status === 429;
  return <Alert type="error">{limited ? say.wait : tell(told(error).message)}</Alert>;
}

/** The frame around forms of people who are not signed in. */
export function Gate({ children }: { children: ReactNode }) {
  const { language, choose } = useLanguage();
  const say = useWords(words);
  return (
    <main className="gate">
      <div className="gate-mark">
        <img src="/console/assets/gate.svg" alt="" width="40" height="40" />
        <Box variant="h2" tagOverride="div">
          Sekisho 関所
        </Box>
      </div>
      {children}
      <div className="gate-language">
        <SegmentedControl
          label={say.language}
          selectedId={language}
          options={[
            { id: "en", text: "English" },
            { id: "ja", text: "日本語" },
          ]}
          onChange={({ detail }) => choose(detail.selectedId as Language)}
        />
      </div>
    </main>
  );
}
