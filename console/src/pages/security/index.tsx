import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const security: Area = {
  section: "access",
  home: "/credentials",
  words,
  pages: [{ path: "credentials", page: lazy(() => import("./SecurityPage")) }],
};
