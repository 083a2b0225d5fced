import { ListUsersCommand, type User } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { useNotices } from "../../parts/notices";
import { PageLink } from "../../parts/PageLink";
import { ResourceTable } from "../../parts/ResourceTable";
import { plain, timeText } from "../../parts/text";
import { pageSize } from "../../parts/usePages";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { deleteUser } from "./actions";
import { words } from "./words";

export default function UsersPage() {
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const [selected, setSelected] = useState<User[]>([]);
  const [doomed, setDoomed] = useState<User | null>(null);
  const [round, setRound] = useState(0);
  return (
    <>
      <ResourceTable<User>
        title={say.title}
        description={say.description}
        hasPaths
        source={`users ${round}`}
        load={async (marker, prefix) => {
          const found = await iam.send(
            new ListUsersCommand({
              Marker: marker,
              MaxItems: pageSize(marker),
              ...(prefix === undefined ? {} : { PathPrefix: prefix }),
            }),
          );
          return { items: found.Users ?? [], next: found.Marker };
        }}
        rowId={(user) => user.UserName ?? ""}
        searchText={(user) => `${user.UserName ?? ""} ${user.Path ?? ""}`}
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: "name",
            header: say.userName,
            isRowHeader: true,
            cell: ({ UserName = "" }) => (
              <PageLink to={`/users/detail/${encodeURIComponent(UserName)}`}>
                {plain(UserName)}
              </PageLink>
            ),
          },
          { id: "path", header: both.path, cell: ({ Path }) => Path },
          {
            id: "created",
            header: both.created,
            cell: ({ CreateDate }) => timeText(CreateDate, language),
          },
          {
            id: "used",
            header: say.lastUsed,
            cell: ({ PasswordLastUsed }) => timeText(PasswordLastUsed, language) || both.never,
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
            <Button variant="primary" onClick={() => void navigate("/users/create")}>
              {say.createUser}
            </Button>
          </SpaceBetween>
        }
      />
      {doomed !== null && (
        <ConfirmDelete
          name={doomed.UserName ?? ""}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            await deleteUser(iam, doomed.UserName ?? "");
            notify(both.deleted(plain(doomed.UserName ?? "")));
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
