import { CreateLoginProfileCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useIam } from "../../aws/clients";
import { Crumbs } from "../../parts/Crumbs";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useNotices } from "../../parts/notices";
import { Restored } from "../../parts/Restored";
import { plain } from "../../parts/text";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

/** The password is not among what is kept. */
const BEGUN = { UserName: "", Path: "/", hasPassword: false, PasswordResetRequired: true };

export default function CreateUserPage() {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const action = useAction();
  const draft = useDraft("new user", BEGUN);
  const { UserName, Path, hasPassword, PasswordResetRequired } = draft.value;
  const change = (part: Partial<typeof BEGUN>) => draft.write({ ...draft.value, ...part });
  const [Password, setPassword] = useState("");
  // A refused password must not make a second try fail since the user is there already.
  const made = useRef<string | null>(null);

  const create = async () => {
    if (made.current !== UserName) {
      await iam.send(new CreateUserCommand({ UserName, Path }));
      made.current = UserName;
    }
    if (hasPassword) {
      await iam.send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired }));
    }
    draft.finish();
    notify(both.createdNow(plain(UserName)));
    await navigate(`/users/detail/${encodeURIComponent(UserName)}`);
  };
  const cancel = () => {
    draft.finish();
    void navigate("/users");
  };
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: say.title, to: "/users" },
          { text: say.createUser, to: "/users/create" },
        ]}
      />
      <ContentLayout header={<Header variant="h1">{say.createUser}</Header>}>
        <form
          onSubmit={(happened) => {
            happened.preventDefault();
            if (!action.isBusy) action.run(create);
          }}
        >
          <Form
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button formAction="none" variant="link" onClick={cancel}>
                  {both.cancel}
                </Button>
                <Button variant="primary" formAction="submit" loading={action.isBusy}>
                  {say.createUser}
                </Button>
              </SpaceBetween>
            }
          >
            <SpaceBetween size="m">
              <ErrorAlert error={action.error} />
              <Restored drafts={[draft]} />
              <Container>
                <SpaceBetween size="m">
                  <FormField label={say.userName} constraintText={say.nameHint}>
                    <Input
                      value={UserName}
                      name="UserName"
                      spellcheck={false}
                      onChange={({ detail }) => change({ UserName: detail.value })}
                    />
                  </FormField>
                  <FormField label={both.path} constraintText={say.pathHint}>
                    <Input
                      value={Path}
                      name="Path"
                      spellcheck={false}
                      onChange={({ detail }) => change({ Path: detail.value })}
                    />
                  </FormField>
                  <Checkbox
                    checked={hasPassword}
                    onChange={({ detail }) => change({ hasPassword: detail.checked })}
                  >
                    {say.consoleAccess}
                  </Checkbox>
                  {hasPassword && (
                    <SpaceBetween size="m">
                      <FormField label={say.password} constraintText={say.passwordHint}>
                        <Input
                          value={Password}
                          name="Password"
                          type="password"
                          autoComplete="new-password"
                          onChange={({ detail }) => setPassword(detail.value)}
                        />
                      </FormField>
                      <Checkbox
                        checked={PasswordResetRequired}
                        onChange={({ detail }) => change({ PasswordResetRequired: detail.checked })}
                      >
                        {say.mustChange}
                      </Checkbox>
                    </SpaceBetween>
                  )}
                </SpaceBetween>
              </Container>
            </SpaceBetween>
          </Form>
        </form>
      </ContentLayout>
    </SpaceBetween>
  );
}
