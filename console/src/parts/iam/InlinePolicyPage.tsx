/** An inline policy of a user, group or role: a new one, or one that is there. */
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useLocation, useNavigate, useParams } from "react-router";

import { useIam } from "../../aws/clients";
import { common } from "../../words/common";
import { useLanguage, useWords } from "../../words/language";
import { Crumbs } from "../Crumbs";
import { DocumentForm } from "../DocumentForm";
import { readable, sizeOf } from "../editor/json";
import { ErrorAlert } from "../ErrorAlert";
import { useNotices } from "../notices";
import { plain } from "../text";
import { useDraft } from "../useDraft";
import { useLoad } from "../useLoad";
import {
  getInline,
  INLINE_QUOTAS,
  listInline,
  pageOf,
  putInline,
  type Holder,
  type HolderKind,
} from "./holders";
import { EMPTY_POLICY } from "./templates";
import { words } from "./words";

const KINDS: HolderKind[] = ["user", "group", "role"];

export default function InlinePolicyPage() {
  const { name = "", policy } = useParams();
  const { pathname } = useLocation();
  const say = useWords(words);
  const both = useWords(common);
  const { language } = useLanguage();
  const iam = useIam();
  const navigate = useNavigate();
  const { notify } = useNotices();
  const newName = useDraft(`inline name ${pathname}`, "");
  const kind = KINDS.find((one) => pathname.startsWith(`/${one}s/`)) ?? "role";
  const holder: Holder = { kind, name };
  const home = pageOf(holder);
  const loaded = useLoad(pathname, async () => {
    const names = await listInline(iam, holder);
    const texts = await Promise.all(names.map((one) => getInline(iam, holder, one)));
    const others = texts.filter((_, at) => names[at] !== policy);
    return {
      before: policy === undefined ? null : readable(await getInline(iam, holder, policy)),
      left: INLINE_QUOTAS[kind] - others.reduce((sum, text) => sum + sizeOf(text, false), 0),
    };
  });
  const title = policy === undefined ? say.createInline : say.editInline;
  return (
    <SpaceBetween size="s">
      <Crumbs
        items={[
          { text: name, to: home },
          { text: policy ?? title, to: pathname },
        ]}
      />
      <ContentLayout
        header={
          <Header variant="h1" description={say.inlineQuota(INLINE_QUOTAS[kind].toLocaleString(language))}>
            <span className="name">{policy === undefined ? title : plain(policy)}</span>
          </Header>
        }
      >
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {loaded.data !== null && (
          <DocumentForm
            draft={`inline ${kind} ${name} ${policy ?? ""}`}
            fields={newName}
            type="identity"
            before={loaded.data.before}
            template={EMPTY_POLICY}
            quota={loaded.data.left}
            submit={say.saveInline}
            onCancel={() => void navigate(home)}
            onSave={async (document) => {
              const saved = policy ?? newName.value;
              await putInline(iam, holder, saved, document);
              notify(both.saved(plain(saved)));
              await navigate(home);
            }}
          >
            {policy === undefined && (
              <Container>
                <FormField label={say.policyName} constraintText={say.policyNameHint}>
                  <Input
                    value={newName.value}
                    name="PolicyName"
                    spellcheck={false}
                    onChange={({ detail }) => newName.write(detail.value)}
                  />
                </FormField>
              </Container>
            )}
          </DocumentForm>
        )}
      </ContentLayout>
    </SpaceBetween>
  );
}
