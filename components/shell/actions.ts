import type { MantineColorScheme } from "@mantine/core";
import {
  IconArrowsSplit2,
  IconBulb,
  IconDatabasePlus,
  IconDeviceDesktop,
  IconGitPullRequest,
  IconInbox,
  IconKey,
  IconLogout,
  IconMoon,
  IconPlayerPlay,
  IconPlus,
  IconRoute,
  IconSun,
  IconUserPlus,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { STARTING_POINTS } from "@/components/specs/starting-documents";
import { can, type Verb } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";

/** Something that can be begun from anywhere: by an address, or at once. */
export interface Action {
  name: string;
  detail: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  href?: string;
  theme?: MantineColorScheme;
  leaves?: true;
  /** Shown only to those who may. */
  verb?: Verb;
}

const ACTIONS: Action[] = [
  { name: "Add data", detail: "From a file to a source", icon: IconDatabasePlus, href: "/sources/add", verb: "spec:apply" },
  ...STARTING_POINTS.map(({ start, label, about }) => ({
    name: `New ${label.toLowerCase()}`.replace("sql", "SQL"),
    detail: about,
    icon: IconPlus,
    href: `/specs?start=${start}`,
    verb: "spec:apply" as const,
  })),
  { name: "Declare from files", detail: "Paste, drop or open spec documents", icon: IconPlus, href: "/specs", verb: "spec:plan" },
  { name: "Plan a pipeline", detail: "Backwards from wanted features", icon: IconRoute, href: "/plan" },
  { name: "Run a pipeline", detail: "Choose one, and a variant", icon: IconPlayerPlay, href: "/pipelines", verb: "run:start" },
  { name: "Propose a promotion", detail: "Of a feature, to staging or production", icon: IconGitPullRequest, href: "/changes/new", verb: "feature:propose" },
  { name: "Approve what waits for you", detail: "Changes that you may decide", icon: IconInbox, href: "/changes?view=waiting", verb: "change:approve" },
  { name: "New experiment", detail: "A hypothesis and how it is decided", icon: IconBulb, href: "/experiments/new", verb: "experiment:edit" },
  { name: "New A/B test", detail: "Between two deployed variants", icon: IconArrowsSplit2, href: "/deployments/ab-tests/new", verb: "deployment:edit" },
  { name: "Invite a person", detail: "With a role in this workspace", icon: IconUserPlus, href: "/settings?tab=people", verb: "member:manage" },
  { name: "Make a token", detail: "For a program", icon: IconKey, href: "/settings?tab=tokens", verb: "token:manage" },
  { name: "Light theme", detail: "In this browser", icon: IconSun, theme: "light" },
  { name: "Dark theme", detail: "In this browser", icon: IconMoon, theme: "dark" },
  { name: "Theme of the system", detail: "In this browser", icon: IconDeviceDesktop, theme: "auto" },
  { name: "Sign out", detail: "On this browser", icon: IconLogout, leaves: true },
]; // prettier-ignore

/** What somebody with the roles may begin. */
export function actionsFor(roles: readonly Role[]): Action[] {
  return ACTIONS.filter(({ verb }) => !verb || can(roles, verb));
}
