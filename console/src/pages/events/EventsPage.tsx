import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate } from "react-router";

import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, timeText } from "../../parts/text";
import { useSession } from "../../session/SessionContext";
import { useLanguage, useWords } from "../../words/language";
import { isTime, NO_FILTERS, readEvents, type Event, type Filters } from "./trail";
import { words } from "./words";

export const OUTCOME_TYPES = { allowed: "success", denied: "error", failed: "warning" } as const;

export default function EventsPage() {
  const say = useWords(words);
  const { language } = useLanguage();
  const { credential } = useSession().acting;
  const [filters, setFilters] = useState(NO_FILTERS);
  return (
    <SpaceBetween size="m">
      <ResourceTable<Event>
        title={say.title}
        description={say.description}
        source={JSON.stringify(filters)}
        load={(marker) => readEvents(credential, filters, marker)}
        rowId={({ requestId }) => requestId}
        searchText={(event) =>
          [event.operation, event.principal, event.requestId, ...(event.resources ?? [])].join(" ")
        }
        columns={[
          {
            id: "time",
            header: say.time,
            isRowHeader: true,
            cell: ({ requestId, time }) => (
              <PageLink to={`/events/detail/${encodeURIComponent(requestId)}`}>
                {timeText(time, language)}
              </PageLink>
            ),
          },
          {
            id: "outcome",
            header: say.outcome,
            cell: ({ outcome }) => (
              <StatusIndicator type={OUTCOME_TYPES[outcome]}>{say.outcomes[outcome]}</StatusIndicator>
            ),
          },
          { id: "operation", header: say.operation, cell: ({ operation }) => operation },
          {
            id: "who",
            header: say.who,
            cell: ({ principal, account }) => plain(principal) || account || say.nobody,
          },
          {
            id: "resources",
            header: say.resources,
            cell: ({ resources = [] }) => plain([...new Set(resources)].join("\n")),
          },
        ]}
      />
      <FilterForm onApply={setFilters} />
      <OpenRequest />
    </SpaceBetween>
  );
}

function FilterForm({ onApply }: { onApply: (filters: Filters) => void }) {
  const say = useWords(words);
  const [draft, setDraft] = useState(NO_FILTERS);
  const outcomes = [
    { value: "", label: say.any },
    { value: "allowed", label: say.outcomes.allowed },
    { value: "denied", label: say.outcomes.denied },
  ];
  const isFit = isTime(draft.from) && isTime(draft.to);
  const change = (part: Partial<Filters>) => setDraft({ ...draft, ...part });
  const texts = [
    { id: "principal", label: say.principal },
    { id: "action", label: say.action },
    { id: "from", label: say.from },
    { id: "to", label: say.to },
  ] as const;
  return (
    <ExpandableSection headerText={say.filters} variant="container" defaultExpanded>
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          if (isFit) onApply(draft);
        }}
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={3}>
            <FormField label={say.outcome}>
              <Select
                selectedOption={outcomes.find(({ value }) => value === draft.outcome) ?? null}
                options={outcomes}
                onChange={({ detail }) =>
                  change({ outcome: (detail.selectedOption.value ?? "") as Filters["outcome"] })
                }
              />
            </FormField>
            {texts.map(({ id, label }) => (
              <FormField
                key={id}
                label={label}
                constraintText={id === "from" || id === "to" ? say.timeHint : undefined}
                errorText={
                  (id === "from" || id === "to") && !isTime(draft[id]) ? say.badTime : undefined
                }
              >
                <Input
                  name={id}
                  value={draft[id]}
                  spellcheck={false}
                  onChange={({ detail }) => change({ [id]: detail.value })}
                />
              </FormField>
            ))}
          </ColumnLayout>
          <Button formAction="submit" disabled={!isFit}>
            {say.apply}
          </Button>
        </SpaceBetween>
      </form>
    </ExpandableSection>
  );
}

function OpenRequest() {
  const say = useWords(words);
  const navigate = useNavigate();
  const [id, setId] = useState("");
  return (
    <form
      onSubmit={(happened) => {
        happened.preventDefault();
        if (id.trim()) void navigate(`/events/detail/${encodeURIComponent(id.trim())}`);
      }}
    >
      <FormField
        label={say.openRequest}
        secondaryControl={<Button formAction="submit">{say.open}</Button>}
      >
        <Input
          name="requestId"
          value={id}
          spellcheck={false}
          onChange={({ detail }) => setId(detail.value)}
        />
      </FormField>
    </form>
  );
}
