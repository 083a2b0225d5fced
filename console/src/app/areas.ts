/** The areas of the console; each is a folder under pages/ that tells of itself in its index. */
import type { ComponentType, LazyExoticComponent } from "react";

import { questions } from "../pages/ask";
import { buckets } from "../pages/buckets";
import { events } from "../pages/events";
import { groups } from "../pages/groups";
import { overview } from "../pages/overview";
import { policies } from "../pages/policies";
import { roles } from "../pages/roles";
import { security } from "../pages/security";
import { settings } from "../pages/settings";
import { users } from "../pages/users";
import { wizard } from "../pages/wizard";
import type { Words } from "../words/language";

/** One page of an area. path: of react-router, without a leading slash. */
export interface Page {
  path: string;
  page: LazyExoticComponent<ComponentType>;
}

/** words: title is shown in the navigation; section groups areas there. */
export interface Area {
  section: "access" | "resources" | "trail" | "home";
  home: string;
  words: Words<{ title: string }>;
  pages: Page[];
}

/** In the order of the navigation. */
export const AREAS: Area[] = [
  overview,
  groups,
  users,
  roles,
  policies,
  buckets,
  events,
  questions,
  wizard,
  security,
  settings,
];
