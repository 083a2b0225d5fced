/** Whether a user may sign in to the console, and its password. */
import {
  CreateLoginProfileCommand,
  UpdateLoginProfileCommand,
  type GetLoginProfileCommandOutput,
} from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import type { Loaded } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { disableSignIn } from "./actions";
import { words } from "./words";

interface Props {
  name: string;
  profile: Loaded<GetLoginProfileCommandOutput | null>;
}

export function SignInAccess({ name, profile }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  const { notify } = useNotices();
  const [isOpen, setOpen] = useState(false);
  const has = profile.data !== null;
  const isKnown = !profile.isLoading && profile.error === null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            isKnown && (
              <SpaceBetween direction="horizontal" size="xs">
                {has && (
                  <Button
                    loading={action.isBusy}
                    onClick={() =>
                      action.run(async () => {
                        await disableSignIn(iam, name);
                        profile.reload();
                      })
                    }
                  >
                    {say.disable}
                  </Button>
                )}
                <Button onClick={() => setOpen(true)}>{has ? say.resetPassword : say.enable}</Button>
              </SpaceBetween>
            )
          }
        >
          {say.signIn}
        </Header>
      }
    >
      <ErrorAlert error={profile.error ?? action.error} onRetry={profile.reload} />
      {isKnown && (
        <StatusIndicator type={has ? "success" : "stopped"}>
          {has ? say.enabled : say.disabled}
        </StatusIndicator>
      )}
      {isOpen && (
        <FieldsDialog
          draft={`sign-in of ${name}`}
          title={has ? say.resetPassword : say.enable}
          submit={both.save}
          fields={[
            {
              id: "password",
              label: say.password,
              value: "",
              kind: "password",
              hint: say.passwordHint,
            },
            { id: "change", label: say.mustChange, value: "true", kind: "check" },
          ]}
          onClose={() => setOpen(false)}
          onSubmit={async ({ password, change }) => {
            const input = {
              UserName: name,
              Password: password,
              PasswordResetRequired: change === "true",
            };
            if (has) await iam.send(new UpdateLoginProfileCommand(input));
            else await iam.send(new CreateLoginProfileCommand(input));
            setOpen(false);
            notify(both.saved(plain(name)));
            profile.reload();
          }}
        />
      )}
    </Container>
  );
}
