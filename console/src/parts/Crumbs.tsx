/** Where this page stands. */
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import { useNavigate } from "react-router";

import { plain } from "./text";

export function Crumbs({ items }: { items: { text: string; to: string }[] }) {
  const navigate = useNavigate();
  return (
    <BreadcrumbGroup
      items={items.map(({ text, to }) => ({ text: plain(text), href: `/console${to}` }))}
      onFollow={(happened) => {
        happened.preventDefault();
        void navigate(happened.detail.href.slice("/console".length));
      }}
    />
  );
}
