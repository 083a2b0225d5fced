/** The way into another account as one page: who, where, both halves, and a first try. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";

import { useIam } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { showFirstProblem } from "../../parts/firstProblem";
import { useNotices } from "../../parts/notices";
import { Restored } from "../../parts/Restored";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { useSession } from "../../session/SessionContext";
import { useWords } from "../../words/language";
import { apply, nameHeld, type Made } from "./apply";
import { Halves, HandOver, Try } from "./Halves";
import { problemsOf, type Plan, type Side } from "./plan";
import { PlanForm } from "./PlanForm";
import { words } from "./words";
import "./wizard.css";

const EMPTY: Omit<Plan, "userAccount" | "roleAccount"> = {
  user: "",
  isUserNew: true,
  role: "",
  isRoleNew: true,
  trusts: "user",
  needsMfa: false,
  bucket: "",
  mayWrite: false,
};

const BEGUN = { here: "user" as Side, other: "", choices: EMPTY };

export default function WizardPage() {
  const say = useWords(words);
  const iam = useIam();
  const action = useAction();
  const { notify } = useNotices();
  const { acting } = useSession();
  const draft = useDraft("access to another account", BEGUN);
  const { here, other, choices } = draft.value;
  const change = (part: Partial<typeof BEGUN>) => draft.write({ ...draft.value, ...part });
  const [isChecked, setChecked] = useState(false);
  const [corrected, setCorrected] = useState("");
  const [applied, setApplied] = useState("");
  const made = useRef<Made>(new Set());

  const plan: Plan = {
    ...choices,
    userAccount: here === "user" ? acting.account : other,
    roleAccount: here === "user" ? other : acting.account,
    isUserNew: here === "user" && choices.isUserNew,
    isRoleNew: here !== "role" || choices.isRoleNew,
  };
  const problems = problemsOf(plan, acting.account, other);
  const isReady = Object.keys(problems).length === 0;
  const current = JSON.stringify([here, plan]);

  const applyHere = async () => {
    setCorrected("");
    const isNew = here === "user" ? plan.isUserNew : plan.isRoleNew;
    if (!isNew) {
      const held = await nameHeld(iam, plan, here);
      if (held !== plan[here]) {
        change({ choices: { ...choices, [here]: held } });
        setCorrected(held);
        return;
      }
    }
    await apply(iam, plan, here, made.current);
    setApplied(current);
    notify(here === "user" ? say.userApplied(plain(plan.user)) : say.roleApplied(plain(plan.role)));
  };
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={say.description}>
          {say.title}
        </Header>
      }
    >
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          setChecked(true);
          if (!isReady) showFirstProblem(happened.currentTarget);
          else if (!action.isBusy) action.run(applyHere);
        }}
      >
        <SpaceBetween size="l">
          <Restored drafts={[draft]} />
          <PlanForm
            plan={plan}
            here={here}
            own={acting.account}
            other={other}
            problems={isChecked ? problems : {}}
            onHere={(side) => change({ here: side })}
            onOther={(account) => change({ other: account })}
            onChange={(part) => change({ choices: { ...choices, ...part } })}
          />
          {isReady ? (
            <Halves plan={plan} here={here} isApplied={applied === current} />
          ) : (
            <Container header={<Header variant="h2">{say.halves}</Header>}>
              <Box color="text-body-secondary">{say.halvesLater}</Box>
            </Container>
          )}
          <ErrorAlert error={action.error} />
          {corrected !== "" && <Alert type="info">{say.corrected(plain(corrected))}</Alert>}
          <Button variant="primary" formAction="submit" loading={action.isBusy}>
            {here === "user" ? say.applyUser : say.applyRole}
          </Button>
          {isReady && <HandOver plan={plan} side={here === "user" ? "role" : "user"} />}
          {isReady && <Try plan={plan} />}
        </SpaceBetween>
      </form>
    </ContentLayout>
  );
}
