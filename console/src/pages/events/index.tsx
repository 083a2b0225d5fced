import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const events: Area = {
  section: "trail",
  home: "/events",
  words,
  pages: [
    { path: "events", page: lazy(() => import("./EventsPage")) },
    { path: "events/detail/:id", page: lazy(() => import("./EventPage")) },
  ],
};
