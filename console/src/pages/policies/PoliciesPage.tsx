import type { Policy } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { isAwsManaged, PolicyTable } from "../../parts/iam/PolicyTable";
import { useNotices } from "../../parts/notices";
import { plain } from "../../parts/text";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { deletePolicy } from "./actions";
import { words } from "./words";

export default function PoliciesPage() {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [selected, setSelected] = useState<Policy[]>([]);
  const [doomed, setDoomed] = useState<Policy | null>(null);
  const [round, setRound] = useState(0);
  const chosen = selected[0];
  return (
    <>
      <PolicyTable
        title={say.title}
        description={say.description}
        heading="h1"
        round={round}
        selectionType="single"
        selected={selected}
        onSelect={setSelected}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={chosen === undefined || isAwsManaged(chosen.Arn ?? "")}
              onClick={() => setDoomed(chosen ?? null)}
            >
              {both.delete}
            </Button>
            <Button variant="primary" onClick={() => void navigate("/policies/create")}>
              {say.createPolicy}
            </Button>
          </SpaceBetween>
        }
      />
      {doomed !== null && (
        <ConfirmDelete
          name={doomed.PolicyName ?? ""}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await deletePolicy(iam, doomed.Arn ?? "");
            notify(both.deleted(plain(doomed.PolicyName ?? "")));
            setDoomed(null);
            setSelected([]);
            setRound(round + 1);
          }}
        >
          {`${say.deleteText} ${say.boundaryStays}`}
        </ConfirmDelete>
      )}
    </>
  );
}
