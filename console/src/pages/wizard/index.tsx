import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const wizard: Area = {
  section: "access",
  home: "/wizard",
  words,
  pages: [{ path: "wizard", page: lazy(() => import("./WizardPage")) }],
};
