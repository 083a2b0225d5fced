/** Managed policies to choose from, one or many. */
import { ListPoliciesCommand, type Policy } from "@aws-sdk/client-iam";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";

import { useIam } from "../../aws/clients";
import { useWords } from "../../words/language";
import { PageLink } from "../PageLink";
import { ResourceTable } from "../ResourceTable";
import { plain } from "../text";
import { pageSize } from "../usePages";
import { words } from "./words";

type Scope = "All" | "AWS" | "Local";
const SCOPES: Scope[] = ["All", "AWS", "Local"];

export function isAwsManaged(arn: string): boolean {
  return arn.split(":")[4] === "aws";
}

/** What a draft keeps of a policy that was chosen. */
export function bare({ Arn, PolicyName }: Policy): Policy {
  return { Arn, PolicyName };
}

interface Props {
  title: string;
  description?: ReactNode;
  heading?: "h1" | "h2";
  /** A change of it loads anew. */
  round?: number;
  /** What begins to be shown. */
  scope?: Scope;
  selectionType: "single" | "multi";
  selected: Policy[];
  onSelect: (policies: Policy[]) => void;
  actions?: ReactNode;
}

export function PolicyTable(props: Props) {
  const { title, description, heading = "h2", round = 0, selected, onSelect, actions } = props;
  const say = useWords(words);
  const iam = useIam();
  const [scope, setScope] = useState<Scope>(props.scope ?? "All");
  const options = SCOPES.map((value) => ({ value, label: say.scopes[value] }));
  return (
    <ResourceTable<Policy>
      title={title}
      description={description}
      heading={heading}
      hasPaths
      source={`policies ${scope} ${round}`}
      load={async (marker, prefix) => {
        const found = await iam.send(
          new ListPoliciesCommand({
            Marker: marker,
            MaxItems: pageSize(marker),
            Scope: scope,
            ...(prefix === undefined ? {} : { PathPrefix: prefix }),
          }),
        );
        return { items: found.Policies ?? [], next: found.Marker };
      }}
      rowId={(policy) => policy.Arn ?? ""}
      rowName={(policy) => policy.PolicyName ?? ""}
      searchText={(policy) => `${policy.PolicyName ?? ""} ${policy.Path ?? ""}`}
      selectionType={props.selectionType}
      selected={selected}
      onSelect={onSelect}
      columns={[
        {
          id: "name",
          header: say.policyName,
          isRowHeader: true,
          minWidth: 180,
          // Where policies are chosen for something else, a link would lead away from it.
          cell: ({ Arn = "", PolicyName = "" }) =>
            heading === "h1" ? (
              <PageLink to={`/policies/detail/${encodeURIComponent(Arn)}`}>
                {plain(PolicyName)}
              </PageLink>
            ) : (
              <span className="name">{plain(PolicyName)}</span>
            ),
        },
        {
          id: "type",
          header: say.type,
          minWidth: 120,
          cell: ({ Arn = "" }) => (isAwsManaged(Arn) ? say.awsManaged : say.customerManaged),
        },
        {
          id: "attached",
          header: say.attachedTo,
          minWidth: 130,
          cell: ({ AttachmentCount }) => AttachmentCount,
        },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            ariaLabel={say.scope}
            selectedOption={options.find(({ value }) => value === scope) ?? null}
            options={options}
            onChange={({ detail }) => {
              setScope(SCOPES.find((value) => value === detail.selectedOption.value) ?? "All");
              onSelect([]);
            }}
          />
          {actions}
        </SpaceBetween>
      }
    />
  );
}
