/** The most that a user's or role's policies can allow. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { ConfirmDelete } from "../ConfirmDelete";
import { PageLink } from "../PageLink";
import { plain } from "../text";
import { setBoundary, type Holder } from "./holders";
import { PolicyPicker } from "./PolicyPicker";
import { words } from "./words";

interface Props {
  holder: Holder;
  /** The policy's ARN. */
  boundary: string | undefined;
  onChange: () => void;
}

export function Boundary({ holder, boundary, onChange }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const [dialog, setDialog] = useState<"choose" | "remove" | null>(null);
  const policy = boundary?.slice(boundary.lastIndexOf("/") + 1) ?? "";
  const change = async (arn: string | null) => {
    await setBoundary(iam, holder, arn);
    setDialog(null);
    onChange();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={say.boundaryText}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {boundary !== undefined && (
                <Button ariaLabel={say.removeBoundary} onClick={() => setDialog("remove")}>
                  {both.remove}
                </Button>
              )}
              <Button onClick={() => setDialog("choose")}>
                {boundary === undefined ? say.setBoundary : say.changeBoundary}
              </Button>
            </SpaceBetween>
          }
        >
          {say.boundary}
        </Header>
      }
    >
      {boundary === undefined ? (
        <Box color="text-body-secondary">{say.noBoundary}</Box>
      ) : (
        <PageLink to={`/policies/detail/${encodeURIComponent(boundary)}`}>{plain(policy)}</PageLink>
      )}
      {dialog === "choose" && (
        <PolicyPicker
          draft={`boundary of ${holder.kind} ${holder.name}`}
          title={say.chooseBoundary}
          selectionType="single"
          submit={() => say.setBoundary}
          onClose={() => setDialog(null)}
          onSubmit={([chosen]) => change(chosen?.Arn ?? null)}
        />
      )}
      {dialog === "remove" && (
        <ConfirmDelete name={policy} onClose={() => setDialog(null)} onDelete={() => change(null)} />
      )}
    </Container>
  );
}
