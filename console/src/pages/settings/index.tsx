import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const settings: Area = {
  section: "access",
  home: "/account-settings",
  words,
  pages: [{ path: "account-settings", page: lazy(() => import("./SettingsPage")) }],
};
