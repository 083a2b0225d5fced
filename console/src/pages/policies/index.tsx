import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const policies: Area = {
  section: "access",
  home: "/policies",
  words,
  pages: [
    { path: "policies", page: lazy(() => import("./PoliciesPage")) },
    { path: "policies/create", page: lazy(() => import("./CreatePolicyPage")) },
    { path: "policies/detail/:arn", page: lazy(() => import("./PolicyPage")) },
    { path: "policies/detail/:arn/edit", page: lazy(() => import("./EditPolicyPage")) },
  ],
};
