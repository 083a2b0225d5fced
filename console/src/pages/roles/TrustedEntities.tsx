/** Whom a role trusts, as a list shows it. */
import { plain } from "../../parts/text";
import { useWords } from "../../words/language";
import { trustedBy } from "./trust";
import { words } from "./words";

const SHOWN = 3;

export function TrustedEntities({ document }: { document: string }) {
  const say = useWords(words);
  const trusted = trustedBy(document);
  const lines = trusted
    .slice(0, SHOWN)
    .map(({ kind, name }) => (kind === "everyone" ? say.everyone : `${say[kind]}: ${plain(name)}`));
  if (trusted.length > SHOWN) lines.push(`+ ${trusted.length - SHOWN}`);
  return (
    <>
      {lines.map((line) => (
        <div key={line} className="told">
          {line}
        </div>
      ))}
    </>
  );
}
