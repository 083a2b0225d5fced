/** An ARN, with those that fit what is typed: looked for among all, as soon as the field is entered. */
import Autosuggest from "@cloudscape-design/components/autosuggest";
import FormField from "@cloudscape-design/components/form-field";
import { useEffect, useMemo, useState } from "react";

import { useIam } from "../../aws/clients";
import { usePages } from "../../parts/usePages";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { listPrincipals } from "./principals";
import { words } from "./words";

const MOST_SHOWN = 100;

interface Props {
  value: string;
  onChange: (value: string) => void;
}

export function PrincipalField({ value, onChange }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const [isWanted, setWanted] = useState(false);
  const { items, hasMore, isLoading, error, loadAll } = usePages("principals", (marker) =>
    listPrincipals(iam, marker),
  );
  useEffect(() => {
    if (isWanted && hasMore && !isLoading && error === null) loadAll();
  }, [isWanted, hasMore, isLoading, error, loadAll]);
  const fitting = useMemo(() => {
    const needle = value.trim().toLowerCase();
    return items.filter((arn) => arn.toLowerCase().includes(needle));
  }, [items, value]);
  return (
    <FormField label={say.principal} constraintText={say.principalHint}>
      <Autosuggest
        value={value}
        name="principal"
        filteringType="manual"
        options={fitting.slice(0, MOST_SHOWN).map((arn) => ({ value: arn }))}
        statusType={isLoading ? "loading" : "finished"}
        loadingText={both.loading}
        empty={both.nothingFound}
        finishedText={
          fitting.length > MOST_SHOWN || hasMore ? say.moreFit(MOST_SHOWN) : undefined
        }
        enteredTextLabel={(text) => text}
        onFocus={() => setWanted(true)}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}
