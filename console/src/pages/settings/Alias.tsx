/** The account's alias. */
import {
  CreateAccountAliasCommand,
  DeleteAccountAliasCommand,
  ListAccountAliasesCommand,
} from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { useLoad } from "../../parts/useLoad";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

export function Alias() {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const { notify } = useNotices();
  const { account } = useSession().acting;
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const loaded = useLoad("alias", async () => {
    const { AccountAliases } = await iam.send(new ListAccountAliasesCommand({}));
    return AccountAliases?.[0] ?? "";
  });
  const alias = loaded.data ?? "";
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={say.aliasText}
          actions={
            loaded.data !== null && (
              <SpaceBetween direction="horizontal" size="xs">
                {alias !== "" && (
                  <Button
                    ariaLabel={`${both.delete} ${say.alias}`}
                    onClick={() => setDialog("delete")}
                  >
                    {both.delete}
                  </Button>
                )}
                <Button onClick={() => setDialog("edit")}>
                  {alias === "" ? say.createAlias : say.editAlias}
                </Button>
              </SpaceBetween>
            )
          }
        >
          {say.alias}
        </Header>
      }
    >
      <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
      {loaded.data !== null && (
        <KeyValuePairs
          columns={2}
          items={[
            { label: say.alias, value: alias === "" ? say.noAlias : <Copyable text={alias} /> },
            {
              label: say.signInLink,
              value: (
                <Copyable text={`${window.location.origin}/console?account=${alias || account}`} />
              ),
            },
          ]}
        />
      )}
      {dialog === "edit" && (
        <FieldsDialog
          draft="alias"
          title={alias === "" ? say.createAlias : say.editAlias}
          submit={both.save}
          fields={[{ id: "alias", label: say.alias, value: alias, hint: say.aliasHint }]}
          onClose={() => setDialog(null)}
          onSubmit={async ({ alias: AccountAlias = "" }) => {
            await iam.send(new CreateAccountAliasCommand({ AccountAlias }));
            setDialog(null);
            notify(both.saved(AccountAlias));
            loaded.reload();
          }}
        />
      )}
      {dialog === "delete" && (
        <ConfirmDelete
          name={alias}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            await iam.send(new DeleteAccountAliasCommand({ AccountAlias: alias }));
            setDialog(null);
            notify(both.deleted(alias));
            loaded.reload();
          }}
        />
      )}
    </Container>
  );
}
