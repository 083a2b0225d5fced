/** Both documents side by side; the half for others to make; the link that tries it. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router";

import { grouped } from "../../app/PageHeader";
import { Copyable } from "../../parts/Copyable";
import { PageLink } from "../../parts/PageLink";
import { toLink } from "../../session/recent";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { text } from "./apply";
import {
  apart,
  commands,
  rolePolicy,
  trustPolicy,
  userArn,
  userPolicy,
  userPolicyName,
  type Plan,
  type Side,
} from "./plan";
import { words } from "./words";

interface HalvesProps {
  plan: Plan;
  here: Side;
  isApplied: boolean;
}

export function Halves({ plan, here, isApplied }: HalvesProps) {
  const say = useWords(words);
  const permitted = rolePolicy(plan);
  const state = (side: Side) => {
    if (side !== here) return <StatusIndicator type="info">{say.others}</StatusIndicator>;
    return isApplied ? (
      <StatusIndicator>{say.applied}</StatusIndicator>
    ) : (
      <StatusIndicator type="pending">{say.notYet}</StatusIndicator>
    );
  };
  return (
    <Container header={<Header variant="h2" description={say.halvesText}>{say.halves}</Header>}>
      <ColumnLayout columns={2} minColumnWidth={240}>
        <SpaceBetween size="s">
          <Header variant="h3" description={`${grouped(plan.userAccount)} · ${plan.user}`}>
            {say.userSide}
          </Header>
          {state("user")}
          <Json title={say.policyNamed(userPolicyName(plan))} body={text(userPolicy(plan))} />
        </SpaceBetween>
        <SpaceBetween size="s">
          <Header variant="h3" description={`${grouped(plan.roleAccount)} · ${plan.role}`}>
            {say.roleSide}
          </Header>
          {state("role")}
          <Json
            title={plan.isRoleNew ? say.trust : say.trustAdded}
            body={text(trustPolicy(plan))}
          />
          {permitted === null ? (
            <Box color="text-body-secondary">{say.noPermissions}</Box>
          ) : (
            <Json title={say.permissions} body={text(permitted)} />
          )}
        </SpaceBetween>
      </ColumnLayout>
    </Container>
  );
}

export function HandOver({ plan, side }: { plan: Plan; side: Side }) {
  const say = useWords(words);
  const account = grouped(side === "user" ? plan.userAccount : plan.roleAccount);
  return (
    <Container
      header={
        <Header variant="h2" description={say.handOverText(account)}>
          {say.handOver}
        </Header>
      }
    >
      <Json title={say.commands} body={commands(plan, side, window.location.origin).join("\n")} />
    </Container>
  );
}

export function Try({ plan }: { plan: Plan }) {
  const say = useWords(words);
  const { session, acting } = useSession();
  const navigate = useNavigate();
  const role = { account: plan.roleAccount, roleName: plan.role, displayName: "", color: "" };
  const link = toLink(role);
  const isOneself = session.kind === "user" && session.arn === userArn(plan);
  return (
    <Container header={<Header variant="h2">{say.try}</Header>}>
      <SpaceBetween size="s">
        <div>{isOneself ? say.tryYourself : say.tryAsUser(plan.user)}</div>
        {isOneself ? (
          <Button
            formAction="none"
            onClick={() => void navigate(`/switch-role${link.slice(link.indexOf("?"))}`)}
          >
            {say.switch}
          </Button>
        ) : (
          <Copyable text={`${window.location.origin}${link}`} />
        )}
        {!isOneself && plan.userAccount === acting.account && (
          <PageLink to={`/users/detail/${encodeURIComponent(apart(plan.user).name)}`}>
            {say.givePassword}
          </PageLink>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** Text to be read or taken along. */
function Json({ title, body }: { title: string; body: string }) {
  const both = useWords(common);
  return (
    <div>
      <div className="wizard-text-head">
        <Box variant="strong">{title}</Box>
        <CopyToClipboard
          variant="icon"
          textToCopy={body}
          copyButtonAriaLabel={`${both.copy}: ${title}`}
          copySuccessText={both.copied}
          copyErrorText={both.copyFailed}
        />
      </div>
      <pre className="code wizard-text" role="group" aria-label={title} tabIndex={0}>
        {body}
      </pre>
    </div>
  );
}
