import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useParams, useSearchParams } from "react-router";

import { Crumbs } from "../../parts/Crumbs";
import { useWords } from "../../words/language";
import { bucketPath, stepsOf } from "./addresses";
import { BucketPolicy } from "./BucketPolicy";
import { Objects } from "./Objects";
import { Properties } from "./Properties";
import { words } from "./words";

export default function BucketPage() {
  const { name = "" } = useParams();
  const [query] = useSearchParams();
  const say = useWords(words);
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/buckets" },
          { text: name, to: bucketPath(name) },
          ...stepsOf(query.get("prefix") ?? "").map((step) => ({
            text: step.name,
            to: bucketPath(name, step.prefix),
          })),
        ]}
      />
      <ContentLayout
        header={
          <Header variant="h1">
            <span className="name">{name}</span>
          </Header>
        }
      >
        <Tabs
          ariaLabel={name}
          tabs={[
            { id: "objects", label: say.objects, content: <Objects bucket={name} /> },
            { id: "properties", label: say.properties, content: <Properties bucket={name} /> },
            { id: "policy", label: say.policy, content: <BucketPolicy bucket={name} /> },
          ]}
        />
      </ContentLayout>
    </SpaceBetween>
  );
}
