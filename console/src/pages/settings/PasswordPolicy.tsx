/** What passwords must be like. */
import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
  type PasswordPolicy as Policy,
} from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { unlessMissing } from "../../aws/missing";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { FieldsDialog, type Field } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

const CHECKS = [
  ["RequireUppercaseCharacters", "uppercase"],
  ["RequireLowercaseCharacters", "lowercase"],
  ["RequireNumbers", "numbers"],
  ["RequireSymbols", "symbols"],
  ["HardExpiry", "hardExpiry"],
  ["AllowUsersToChangePassword", "mayChange"],
] as const;

export function PasswordPolicy() {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const { notify } = useNotices();
  const [dialog, setDialog] = useState<"edit" | "reset" | null>(null);
  // null within: there is none, and the default is in force.
  const loaded = useLoad("password policy", async () => {
    const found = await unlessMissing(iam.send(new GetAccountPasswordPolicyCommand({})));
    return { policy: found?.PasswordPolicy ?? null };
  });
  const policy = loaded.data?.policy ?? null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={say.policyText}
          actions={
            loaded.data !== null && (
              <SpaceBetween direction="horizontal" size="xs">
                {policy !== null && (
                  <Button onClick={() => setDialog("reset")}>{say.toDefault}</Button>
                )}
                <Button onClick={() => setDialog("edit")}>{say.change}</Button>
              </SpaceBetween>
            )
          }
        >
          {say.policy}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {loaded.data !== null && (
          <StatusIndicator type={policy === null ? "info" : "success"}>
            {policy === null ? say.isDefault : say.isCustom}
          </StatusIndicator>
        )}
        {policy !== null && <Shown policy={policy} />}
      </SpaceBetween>
      {dialog === "edit" && (
        <EditDialog
          policy={policy}
          onClose={() => setDialog(null)}
          onSave={() => {
            setDialog(null);
            notify(both.saved(say.policy));
            loaded.reload();
          }}
        />
      )}
      {dialog === "reset" && (
        <ConfirmDelete
          name={say.resetName}
          onClose={() => setDialog(null)}
          onDelete={async () => {
            await iam.send(new DeleteAccountPasswordPolicyCommand({}));
            setDialog(null);
            loaded.reload();
          }}
        />
      )}
    </Container>
  );
}

function Shown({ policy }: { policy: Policy }) {
  const say = useWords(words);
  const both = useWords(common);
  return (
    <KeyValuePairs
      columns={2}
      items={[
        { label: say.minLength, value: say.characters(policy.MinimumPasswordLength ?? 0) },
        {
          label: say.maxAge,
          value: policy.MaxPasswordAge ? say.days(policy.MaxPasswordAge) : both.never,
        },
        { label: say.reuse, value: policy.PasswordReusePrevention ?? both.none },
        ...CHECKS.map(([key, word]) => ({
          label: say[word],
          value: policy[key] ? both.yes : both.no,
        })),
      ]}
    />
  );
}

interface EditProps {
  policy: Policy | null;
  onSave: () => void;
  onClose: () => void;
}

function EditDialog({ policy, onSave, onClose }: EditProps) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const number = (value: number | undefined) => (value ? String(value) : "");
  const fields: Field[] = [
    {
      id: "MinimumPasswordLength",
      label: say.minLength,
      value: number(policy?.MinimumPasswordLength ?? 8),
      hint: say.minLengthHint,
    },
    ...CHECKS.slice(0, 4).map(([id, word]) => check(id, say[word], policy?.[id] ?? false)),
    {
      id: "MaxPasswordAge",
      label: say.maxAge,
      value: number(policy?.MaxPasswordAge),
      hint: say.maxAgeHint,
    },
    ...CHECKS.slice(4).map(([id, word]) => check(id, say[word], policy?.[id] ?? false)),
    {
      id: "PasswordReusePrevention",
      label: say.reuse,
      value: number(policy?.PasswordReusePrevention),
      hint: say.reuseHint,
    },
  ];
  return (
    <FieldsDialog
      draft="password policy"
      title={say.change}
      submit={both.save}
      fields={fields}
      onClose={onClose}
      onSubmit={async (values) => {
        // What is left out is off, or without limit.
        const numbers = ["MinimumPasswordLength", "MaxPasswordAge", "PasswordReusePrevention"]
          .map((key) => [key, values[key]?.trim() ?? ""] as const)
          .filter(([, value]) => value !== "")
          .map(([key, value]) => [key, Number(value)] as const);
        await iam.send(
          new UpdateAccountPasswordPolicyCommand({
            ...Object.fromEntries(CHECKS.map(([key]) => [key, values[key] === "true"])),
            ...Object.fromEntries(numbers),
          }),
        );
        onSave();
      }}
    />
  );
}

function check(id: string, label: string, isOn: boolean): Field {
  return { id, label, value: isOn ? "true" : "", kind: "check" };
}
