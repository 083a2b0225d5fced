import { CreateGroupCommand, ListGroupsCommand, type Group } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { FieldsDialog } from "../../parts/FieldsDialog";
import { useNotices } from "../../parts/notices";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, timeText } from "../../parts/text";
import { pageSize } from "../../parts/usePages";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deleteGroup } from "./actions";
import { words } from "./words";

export default function GroupsPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [selected, setSelected] = useState<Group[]>([]);
  const [doomed, setDoomed] = useState<Group | null>(null);
  const [isCreating, setCreating] = useState(false);
  const [round, setRound] = useState(0);
  return (
    <>
      <ResourceTable<Group>
        title={say.title}
        description={say.description}
        hasPaths
        source={`groups ${round}`}
        load={async (marker, prefix) => {
          const found = await iam.send(
            new ListGroupsCommand({
              Marker: marker,
              MaxItems: pageSize(marker),
              ...(prefix === undefined ? {} : { PathPrefix: prefix }),
            }),
          );
          return { items: found.Groups ?? [], next: found.Marker };
        }}
        rowId={(group) => group.GroupName ?? ""}
        searchText={(group) => `${group.GroupName ?? ""} ${group.Path ?? ""}`}
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: "name",
            header: say.groupName,
            isRowHeader: true,
            minWidth: 160,
            cell: ({ GroupName = "" }) => (
              <PageLink to={`/groups/detail/${encodeURIComponent(GroupName)}`}>
                {plain(GroupName)}
              </PageLink>
            ),
          },
          { id: "path", header: both.path, minWidth: 90, cell: ({ Path }) => Path },
          {
            id: "created",
            header: both.created,
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
            <Button variant="primary" onClick={() => setCreating(true)}>
              {say.createGroup}
            </Button>
          </SpaceBetween>
        }
      />
      {isCreating && (
        <FieldsDialog
          draft="new group"
          title={say.createGroup}
          submit={say.createGroup}
          fields={[
            { id: "name", label: say.groupName, value: "", hint: say.nameHint },
            { id: "path", label: both.path, value: "/", hint: say.pathHint },
          ]}
          onClose={() => setCreating(false)}
          onSubmit={async ({ name = "", path }) => {
            await iam.send(new CreateGroupCommand({ GroupName: name, Path: path }));
            notify(both.createdNow(plain(name)));
            await navigate(`/groups/detail/${encodeURIComponent(name)}`);
          }}
        />
      )}
      {doomed !== null && (
        <ConfirmDelete
          name={doomed.GroupName ?? ""}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await deleteGroup(iam, doomed.GroupName ?? "");
            notify(both.deleted(plain(doomed.GroupName ?? "")));
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
