import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import ContentLayout from "@cloudscape-design/components/content-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, timeText } from "../../parts/text";
import { useSession } from "../../session/SessionContext";
import { useLanguage, useWords } from "../../words/language";
import { fromQuery, isTime, readEvents, wanted, type Event, type Filters } from "./trail";
import { words } from "./words";

export const OUTCOME_TYPES = { allowed: "success", denied: "error", failed: "warning" } as const;

export default function EventsPage() {
  const say = useWords(words);
  const { language } = useLanguage();
  const { credential } = useSession().acting;
  // The filters are in the address, so that whoever comes back from an event finds them.
  const [query, setQuery] = useSearchParams();
  const filters = fromQuery(query);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={say.description}>
          {say.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FilterForm
          key={query.toString()}
          begun={filters}
          onApply={(chosen) => setQuery(wanted(chosen))}
        />
        <ResourceTable<Event>
          title={say.events}
          heading="h2"
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
              minWidth: 190,
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
            {
              id: "operation",
              header: say.operation,
              minWidth: 180,
              cell: ({ operation }) => <span className="name">{operation}</span>,
            },
            {
              id: "who",
              header: say.who,
              minWidth: 200,
              cell: ({ principal, account }) => (
                <span className="name">{plain(principal) || account || say.nobody}</span>
              ),
            },
            {
              id: "resources",
              header: say.resources,
              minWidth: 200,
              cell: ({ resources = [] }) => (
                <span className="name">{plain([...new Set(resources)].join("\n"))}</span>
              ),
            },
          ]}
        />
        <OpenRequest />
      </SpaceBetween>
    </ContentLayout>
  );
}

interface FilterProps {
  begun: Filters;
  onApply: (filters: Filters) => void;
}

function FilterForm({ begun, onApply }: FilterProps) {
  const say = useWords(words);
  const [draft, setDraft] = useState(begun);
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
    <ExpandableSection
      headerText={say.filters}
      variant="container"
      // Where they would push the list off a narrow window, only those that are set are shown.
      defaultExpanded={window.innerWidth > 900 || Object.keys(wanted(begun)).length > 0}
    >
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
