import { ChangePasswordCommand } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { Copyable } from "../../parts/Copyable";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { AccessKeys } from "../users/AccessKeys";
import { MfaDevices } from "../users/MfaDevices";
import { words } from "./words";

export default function SecurityPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { session, acting, switchBack } = useSession();
  const isUser = session.kind === "user" && acting.role === null;
  const isRoot = session.kind === "root";
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={say.description}>
          {say.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <KeyValuePairs items={[{ label: both.arn, value: <Copyable text={acting.arn} /> }]} />
        </Container>
        {acting.role !== null && (
          <Alert type="info" action={<Button onClick={switchBack}>{say.switchBack}</Button>}>
            {say.asRole}
          </Alert>
        )}
        {acting.role === null && !isUser && (
          <Alert type="info">{isRoot ? say.rootText : say.notUser}</Alert>
        )}
        {isUser && <Password />}
        {isUser && <MfaDevices name={session.name} />}
        {isUser && <AccessKeys name={session.name} />}
        {isRoot && <AccessKeys name={undefined} />}
      </SpaceBetween>
    </ContentLayout>
  );
}

function Password() {
  const say = useWords(words);
  const iam = useIam();
  const { notify } = useNotices();
  const [isOpen, setOpen] = useState(false);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={say.passwordHint}
          actions={<Button onClick={() => setOpen(true)}>{say.changePassword}</Button>}
        >
          {say.password}
        </Header>
      }
    >
      {isOpen && (
        <FieldsDialog
          draft="own password"
          title={say.changePassword}
          submit={say.changePassword}
          fields={[
            { id: "old", label: say.oldPassword, value: "", kind: "password" },
            {
              id: "new",
              label: say.newPassword,
              value: "",
              kind: "password",
              hint: say.passwordHint,
            },
            { id: "again", label: say.repeatPassword, value: "", kind: "password" },
          ]}
          onClose={() => setOpen(false)}
          onSubmit={async ({ old, new: wanted, again }) => {
            if (wanted !== again) {
              throw Object.assign(new Error(say.differ), { name: say.changePassword });
            }
            await iam.send(new ChangePasswordCommand({ OldPassword: old, NewPassword: wanted }));
            setOpen(false);
            notify(say.changed);
          }}
        />
      )}
    </Container>
  );
}
