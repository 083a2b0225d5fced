import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

const InlinePolicyPage = lazy(() => import("../../parts/iam/InlinePolicyPage"));

export const users: Area = {
  section: "access",
  home: "/users",
  words,
  pages: [
    { path: "users", page: lazy(() => import("./UsersPage")) },
    { path: "users/create", page: lazy(() => import("./CreateUserPage")) },
    { path: "users/detail/:name", page: lazy(() => import("./UserPage")) },
    { path: "users/detail/:name/inline", page: InlinePolicyPage },
    { path: "users/detail/:name/inline/:policy", page: InlinePolicyPage },
  ],
};
