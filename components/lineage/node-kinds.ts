import {
  IconBox,
  IconColumns3,
  IconDatabase,
  IconLayersIntersect,
  IconSettingsAutomation,
  IconStack2,
  IconTableColumn,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { GraphNode } from "./graph/graph";

/** A kind has an icon, a word and a shape; `href` is its own page, where there is one. */
export const KINDS: Record<
  GraphNode["kind"],
  { label: string; icon: ComponentType<{ size?: number }>; href: ((name: string) => string) | null }
> = {
  source: { label: "source", icon: IconDatabase, href: (name) => `/datasets/${name}` },
  stage: { label: "stage", icon: IconSettingsAutomation, href: (name) => `/stages/${name}` },
  feature: { label: "feature", icon: IconTableColumn, href: (name) => `/features/${name}` },
  view: { label: "view", icon: IconColumns3, href: (name) => `/views/${name}` },
  service: { label: "service", icon: IconLayersIntersect, href: (name) => `/services/${name}` },
  model: { label: "model", icon: IconBox, href: (name) => `/models/${name}` },
  group: { label: "group", icon: IconStack2, href: null },
};
