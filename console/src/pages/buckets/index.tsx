import { lazy } from "react";

import type { Area } from "../../app/areas";
import { words } from "./words";

export const buckets: Area = {
  section: "resources",
  home: "/buckets",
  words,
  pages: [
    { path: "buckets", page: lazy(() => import("./BucketsPage")) },
    { path: "buckets/create", page: lazy(() => import("./CreateBucketPage")) },
    { path: "buckets/detail/:name", page: lazy(() => import("./BucketPage")) },
    { path: "buckets/detail/:name/object", page: lazy(() => import("./ObjectPage")) },
  ],
};
