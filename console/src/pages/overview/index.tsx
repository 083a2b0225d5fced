import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const overview: Area = {
  section: "home",
  home: "/",
  words,
  pages: [{ path: "", page: lazy(() => import("./OverviewPage")) }],
};
