import { ListRolesCommand, type Role } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { decoded } from "../../parts/editor/json";
import { useNotices } from "../../parts/notices";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, timeText } from "../../parts/text";
import { pageSize } from "../../parts/usePages";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deleteRole } from "./actions";
import { TrustedEntities } from "./TrustedEntities";
import { words } from "./words";

export default function RolesPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [selected, setSelected] = useState<Role[]>([]);
  const [doomed, setDoomed] = useState<Role | null>(null);
  const [round, setRound] = useState(0);
  return (
    <>
      <ResourceTable<Role>
        title={say.title}
        description={say.description}
        hasPaths
        source={`roles ${round}`}
        load={async (marker, prefix) => {
          const found = await iam.send(
            new ListRolesCommand({
              Marker: marker,
              MaxItems: pageSize(marker),
              ...(prefix === undefined ? {} : { PathPrefix: prefix }),
            }),
          );
          return { items: found.Roles ?? [], next: found.Marker };
        }}
        rowId={(role) => role.RoleName ?? ""}
        searchText={(role) => `${role.RoleName ?? ""} ${role.Path ?? ""}`}
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: "name",
            header: say.roleName,
            isRowHeader: true,
            minWidth: 160,
            cell: ({ RoleName = "" }) => (
              <PageLink to={`/roles/detail/${encodeURIComponent(RoleName)}`}>
                {plain(RoleName)}
              </PageLink>
            ),
          },
          { id: "path", header: both.path, minWidth: 90, cell: ({ Path }) => Path },
          {
            id: "trusted",
            header: say.trustedEntities,
            minWidth: 190,
            cell: ({ AssumeRolePolicyDocument }) => (
              <TrustedEntities document={decoded(AssumeRolePolicyDocument)} />
            ),
          },
          {
            id: "created",
            header: both.created,
            minWidth: 130,
            cell: ({ CreateDate }) => timeText(CreateDate, language),
          },
        ]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length !== 1}
              onClick={() => setDoomed(selected[0] ?? null)}
            >
              {both.delete}
            </Button>
            <Button variant="primary" onClick={() => void navigate("/roles/create")}>
              {say.createRole}
            </Button>
          </SpaceBetween>
        }
      />
      {doomed !== null && (
        <ConfirmDelete
          name={doomed.RoleName ?? ""}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await deleteRole(iam, doomed.RoleName ?? "", doomed.Path ?? "/");
            notify(both.deleted(plain(doomed.RoleName ?? "")));
            setDoomed(null);
            setSelected([]);
            setRound(round + 1);
          }}
        >
          {say.deleteText}
        </ConfirmDelete>
      )}
    </>
  );
}
