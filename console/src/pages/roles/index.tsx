import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

const InlinePolicyPage = lazy(() => import("../../parts/iam/InlinePolicyPage"));

export const roles: Area = {
  section: "access",
  home: "/roles",
  words,
  pages: [
    { path: "roles", page: lazy(() => import("./RolesPage")) },
    { path: "roles/create", page: lazy(() => import("./CreateRolePage")) },
    { path: "roles/detail/:name", page: lazy(() => import("./RolePage")) },
    { path: "roles/detail/:name/trust", page: lazy(() => import("./TrustPage")) },
    { path: "roles/detail/:name/inline", page: InlinePolicyPage },
    { path: "roles/detail/:name/inline/:policy", page: InlinePolicyPage },
  ],
};
