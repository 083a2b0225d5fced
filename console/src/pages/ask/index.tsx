import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const questions: Area = {
  section: "trail",
  home: "/ask",
  words,
  pages: [{ path: "ask", page: lazy(() => import("./AskPage")) }],
};
