import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useWords } from "../../words/language";
import { Alias } from "./Alias";
import { PasswordPolicy } from "./PasswordPolicy";
import { words } from "./words";

export default function SettingsPage() {
  const say = useWords(words);
  return (
    <ContentLayout header={<Header variant="h1">{say.title}</Header>}>
      <SpaceBetween size="l">
        <Alias />
        <PasswordPolicy />
      </SpaceBetween>
    </ContentLayout>
  );
}
