/** Who one is here, and what the account holds. */
import { GetAccountSummaryCommand, ListAccountAliasesCommand } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { grouped } from "../../app/PageHeader";
import { useIam } from "../../aws/clients";
import { Copyable } from "../../parts/Copyable";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { PageLink } from "../../parts/PageLink";
import { timeText } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { words } from "./words";

export default function OverviewPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const { session, acting } = useSession();
  const iam = useIam();
  const summary = useLoad("summary", async () => {
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    return SummaryMap ?? {};
  });
  const alias = useLoad("alias", async () => {
    const { AccountAliases } = await iam.send(new ListAccountAliasesCommand({}));
    return AccountAliases?.[0] ?? "";
  });
  const known = acting.role === null ? session.alias : acting.alias;
  const name = alias.data || known;
  const counts = [
    { key: "Users", label: say.users, to: "/users" },
    { key: "Groups", label: say.groups, to: "/groups" },
    { key: "Roles", label: say.roles, to: "/roles" },
    { key: "Policies", label: say.policies, to: "/policies" },
    { key: "MFADevices", label: say.mfaDevices, to: null },
  ];
  return (
    <ContentLayout header={<Header variant="h1">{say.title}</Header>}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{say.you}</Header>}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: both.arn, value: <Copyable text={acting.arn} /> },
              { label: say.accountId, value: <Copyable text={acting.account} /> },
              { label: say.alias, value: name ?? say.noAlias },
              {
                label: say.signInLink,
                value: (
                  <Copyable
                    text={`${window.location.origin}/console?account=${name ?? acting.account}`}
                  />
                ),
              },
              {
                label: say.sessionEnds,
                value: `${timeText(session.expires, language)} (${session.mfa ? say.mfaOn : say.mfaOff})`,
              },
            ]}
          />
        </Container>
        <Container
          header={
            <Header variant="h2" description={`${say.account} ${name ?? grouped(acting.account)}`}>
              {say.resources}
            </Header>
          }
        >
          <ErrorAlert error={summary.error} onRetry={summary.reload} />
          {summary.data !== null && (
            <KeyValuePairs
                columns={4}
                items={counts.map(({ key, label, to }) => ({
                  label,
                  value:
                    to === null ? (
                      (summary.data?.[key as keyof typeof summary.data] ?? 0)
                    ) : (
                      <PageLink to={to}>
                        {String(summary.data?.[key as keyof typeof summary.data] ?? 0)}
                      </PageLink>
                    ),
                }))}
              />
          )}
        </Container>
        {session.kind !== "root" && (
          <Container header={<Header variant="h2">{say.next}</Header>}>
            <SpaceBetween size="xs">
              <div>{say.switchText}</div>
              <PageLink to="/switch-role">{say.switchRole}</PageLink>
            </SpaceBetween>
          </Container>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
