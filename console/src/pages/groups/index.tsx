import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

const InlinePolicyPage = lazy(() => import("../../parts/iam/InlinePolicyPage"));

export const groups: Area = {
  section: "access",
  home: "/groups",
  words,
  pages: [
    { path: "groups", page: lazy(() => import("./GroupsPage")) },
    { path: "groups/detail/:name", page: lazy(() => import("./GroupPage")) },
    { path: "groups/detail/:name/inline", page: InlinePolicyPage },
    { path: "groups/detail/:name/inline/:policy", page: InlinePolicyPage },
  ],
};
