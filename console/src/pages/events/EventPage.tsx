import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useParams } from "react-router";

import { explain } from "../../api/signed";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert, ReasonsList } from "../../parts/ErrorAlert";
import { plain } from "../../parts/text";
import { useLoad } from "../../parts/useLoad";
import { useSession } from "../../session/SessionContext";
import { useWords } from "../../words/language";
import { useTell } from "../../words/told";
import { words } from "./words";

export default function EventPage() {
  const { id = "" } = useParams();
  const say = useWords(words);
  const tell = useTell();
  const { credential } = useSession().acting;
  const loaded = useLoad(id, () => explain(credential, id));
  const story = loaded.data;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/events" },
          { text: id, to: `/events/detail/${encodeURIComponent(id)}` },
        ]}
      />
      <ContentLayout
        header={
          <Header variant="h1" description={story === null ? undefined : plain(tell(story.told.summary))}>
            {say.why}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
          {story !== null && (
            <SpaceBetween size="l">
              <Container>
                <ReasonsList reasons={story} />
              </Container>
              <ExpandableSection headerText={say.whole} variant="container">
                <pre className="code">{story.told.lines.map((line) => plain(tell(line))).join("\n")}</pre>
              </ExpandableSection>
            </SpaceBetween>
          )}
        </SpaceBetween>
      </ContentLayout>
    </SpaceBetween>
  );
}
