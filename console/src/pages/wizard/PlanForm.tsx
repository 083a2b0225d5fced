/** What the plan is made of. */
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import { grouped } from "../../app/PageHeader";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import type { Plan, Problem, Problems, Side } from "./plan";
import { words } from "./words";

interface Props {
  plan: Plan;
  /** Which half is of the account that one acts in. */
  here: Side;
  own: string;
  other: string;
  problems: Problems;
  onHere: (side: Side) => void;
  onOther: (account: string) => void;
  onChange: (part: Partial<Plan>) => void;
}

export function PlanForm(props: Props) {
  const say = useWords(words);
  const { plan, here, own, onHere, onChange } = props;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{say.who}</Header>}>
        <SpaceBetween size="m">
          <FormField label={say.hereIs(grouped(own))} stretch>
            <RadioGroup
              value={here}
              items={[
                { value: "user", label: say.hereUser },
                { value: "role", label: say.hereRole },
              ]}
              onChange={({ detail }) => onHere(detail.value === "role" ? "role" : "user")}
            />
          </FormField>
          <ColumnLayout columns={2} minColumnWidth={240}>
            <SideFields side="user" {...props} />
            <SideFields side="role" {...props} />
          </ColumnLayout>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{say.what}</Header>}>
        <ColumnLayout columns={2} minColumnWidth={240}>
          <SpaceBetween size="m">
            <Text
              label={say.bucket}
              hint={say.bucketHint}
              value={plan.bucket}
              problem={props.problems.bucket}
              onChange={(bucket) => onChange({ bucket })}
            />
            <Checkbox
              checked={plan.mayWrite}
              disabled={plan.bucket === ""}
              onChange={({ detail }) => onChange({ mayWrite: detail.checked })}
            >
              {say.mayWrite}
            </Checkbox>
          </SpaceBetween>
          <SpaceBetween size="m">
            <FormField label={say.trusts}>
              <RadioGroup
                value={plan.trusts}
                items={[
                  { value: "user", label: say.trustsUser },
                  { value: "account", label: say.trustsAccount, description: say.trustsAccountHint },
                ]}
                onChange={({ detail }) =>
                  onChange({ trusts: detail.value === "account" ? "account" : "user" })
                }
              />
            </FormField>
            <Checkbox
              checked={plan.needsMfa}
              onChange={({ detail }) => onChange({ needsMfa: detail.checked })}
            >
              {say.needsMfa}
            </Checkbox>
          </SpaceBetween>
        </ColumnLayout>
      </Container>
    </SpaceBetween>
  );
}

function SideFields({ side, plan, here, own, other, problems, onOther, onChange }: Props & { side: Side }) {
  const say = useWords(words);
  const isUser = side === "user";
  const isHere = side === here;
  const isNew = isUser ? plan.isUserNew : plan.isRoleNew;
  return (
    <SpaceBetween size="m">
      <Header variant="h3">{isUser ? say.userSide : say.roleSide}</Header>
      {isHere ? (
        <FormField label={say.account}>
          <Input value={own} readOnly />
        </FormField>
      ) : (
        <Text
          label={say.otherAccount}
          hint={say.accountHint}
          value={other}
          problem={problems.account}
          onChange={(text) => onOther(text.trim().replaceAll("-", ""))}
        />
      )}
      <Text
        label={isUser ? say.user : say.role}
        hint={say.nameHint}
        value={isUser ? plan.user : plan.role}
        problem={isUser ? problems.user : problems.role}
        onChange={(text) => onChange(isUser ? { user: text.trim() } : { role: text.trim() })}
      />
      {isHere && (
        <RadioGroup
          ariaLabel={isUser ? say.userSide : say.roleSide}
          value={isNew ? "new" : "held"}
          items={[
            { value: "new", label: isUser ? say.userNew : say.roleNew },
            { value: "held", label: isUser ? say.userHeld : say.roleHeld },
          ]}
          onChange={({ detail }) =>
            onChange({ [isUser ? "isUserNew" : "isRoleNew"]: detail.value === "new" })
          }
        />
      )}
    </SpaceBetween>
  );
}

interface TextProps {
  label: string;
  hint: ReactNode;
  value: string;
  problem: Problem | undefined;
  onChange: (value: string) => void;
}

function Text({ label, hint, value, problem, onChange }: TextProps) {
  const say = useWords(words);
  const both = useWords(common);
  const told = problem === "required" ? both.required : problem && say.problems[problem];
  return (
    <FormField label={label} constraintText={hint} errorText={told}>
      <Input
        value={value}
        spellcheck={false}
        autoComplete={false}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}
