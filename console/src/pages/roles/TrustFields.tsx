/** Who is to be trusted: chosen, or written as a document. */
import Checkbox from "@cloudscape-design/components/checkbox";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";

import { accountTrust, serviceTrust } from "../../parts/iam/templates";
import { PolicyEditor } from "../../parts/PolicyEditor";
import { PolicyText } from "../../parts/PolicyText";
import { useWords } from "../../words/language";
import { words } from "./words";

const SERVICES = [
  "apigateway",
  "cloudformation",
  "cloudtrail",
  "codebuild",
  "config",
  "ec2",
  "ecs-tasks",
  "eks",
  "events",
  "firehose",
  "glue",
  "lambda",
  "s3",
  "sagemaker",
  "scheduler",
  "ssm",
  "states",
  "vpc-flow-logs",
].map((name) => ({ value: `${name}.amazonaws.com` }));

const KINDS = ["thisAccount", "anotherAccount", "aService", "customTrust"] as const;

export interface Trust {
  kind: (typeof KINDS)[number];
  account: string;
  externalId: string;
  needsMfa: boolean;
  service: string;
  /** The document, once it is written by hand. */
  custom: string;
}

export function newTrust(custom: string): Trust {
  return {
    kind: "thisAccount",
    account: "",
    externalId: "",
    needsMfa: false,
    service: "ec2.amazonaws.com",
    custom,
  };
}

/** The document of what was chosen. own: the account that one acts in. */
export function trustDocument(trust: Trust, own: string): string {
  const { kind, externalId, needsMfa } = trust;
  if (kind === "customTrust") return trust.custom;
  if (kind === "aService") return serviceTrust(trust.service);
  if (kind === "thisAccount") return accountTrust({ account: own, externalId: "", needsMfa });
  return accountTrust({ account: trust.account.replace(/[\s-]/g, ""), externalId, needsMfa });
}

interface Props {
  trust: Trust;
  own: string;
  onChange: (trust: Trust) => void;
}

export function TrustFields({ trust, own, onChange }: Props) {
  const say = useWords(words);
  const document = trustDocument(trust, own);
  const isWrong =
    trust.account !== "" && !/^\d{12}$/.test(trust.account.replace(/[\s-]/g, ""));
  return (
    <Container header={<Header variant="h2">{say.entityType}</Header>}>
      <SpaceBetween size="m">
        <Tiles
          ariaLabel={say.entityType}
          value={trust.kind}
          items={KINDS.map((kind) => ({
            value: kind,
            label: say[kind],
            description: say[`${kind}Text`],
          }))}
          onChange={({ detail }) => {
            const kind = KINDS.find((one) => one === detail.value) ?? "thisAccount";
            // Whoever goes on to write begins with what was chosen.
            onChange({ ...trust, kind, custom: kind === "customTrust" ? document : trust.custom });
          }}
        />
        {trust.kind === "anotherAccount" && (
          <SpaceBetween size="m">
            <FormField
              label={say.accountId}
              constraintText={say.accountIdHint}
              errorText={isWrong ? say.accountIdWrong : ""}
            >
              <Input
                value={trust.account}
                name="account"
                inputMode="numeric"
                onChange={({ detail }) => onChange({ ...trust, account: detail.value })}
              />
            </FormField>
            <FormField label={say.externalId} constraintText={say.externalIdHint}>
              <Input
                value={trust.externalId}
                name="externalId"
                spellcheck={false}
                onChange={({ detail }) => onChange({ ...trust, externalId: detail.value })}
              />
            </FormField>
          </SpaceBetween>
        )}
        {trust.kind === "aService" && (
          <FormField label={say.serviceName}>
            <Autosuggest
              value={trust.service}
              options={SERVICES}
              enteredTextLabel={(value) => value}
              onChange={({ detail }) => onChange({ ...trust, service: detail.value })}
            />
          </FormField>
        )}
        {(trust.kind === "thisAccount" || trust.kind === "anotherAccount") && (
          <Checkbox
            checked={trust.needsMfa}
            onChange={({ detail }) => onChange({ ...trust, needsMfa: detail.checked })}
          >
            {say.needMfa}
          </Checkbox>
        )}
        {trust.kind === "customTrust" ? (
          <PolicyEditor
            value={trust.custom}
            type="trust"
            label={say.trustPolicy}
            onChange={(custom) => onChange({ ...trust, custom })}
          />
        ) : (
          <FormField label={say.trustPreview}>
            <PolicyText text={document} label={say.trustPreview} />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}
