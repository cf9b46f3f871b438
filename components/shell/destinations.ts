import {
  IconActivityHeartbeat,
  IconBox,
  IconBulb,
  IconCompass,
  IconDatabase,
  IconFileDescription,
  IconGitPullRequest,
  IconHome,
  IconHierarchy2,
  IconListCheck,
  IconPlayerPlay,
  IconRocket,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconSitemap,
  IconTable,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Verb } from "@/lib/domain/permissions";

/** A page of the portal that the navigation, the keys and the command palette lead to. */
export interface Destination {
  href: string;
  label: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** Pressed after `g`. */
  key: string;
  /** What one finds there, for the command palette. */
  about: string;
  /** Addresses of other pages that it has ways to. */
  also?: string[];
  /** Shown only to those who may. */
  verb?: Verb;
}

/** The navigation, in groups in the order of a feature's life: find, make, watch, decide, account for. */
export const DESTINATIONS: Destination[][] = [
  [{ href: "/", label: "Home", icon: IconHome, key: "h", about: "What needs your attention, and recent activity" }],
  [
    { href: "/features", label: "Discover", icon: IconCompass, key: "f", about: "Find features" },
    { href: "/stages", label: "Stages", icon: IconSitemap, key: "s", about: "Which stages read and write a column" },
    {
      href: "/datasets",
      label: "Datasets",
      icon: IconDatabase,
      key: "o",
      about: "Sources and run outputs, with distributions and versions",
    },
    {
      href: "/training-datasets",
      label: "Training data",
      icon: IconTable,
      key: "t",
      about: "Frozen training rows: features as they were known, with digests and leakage",
    },
    {
      href: "/entities",
      also: ["/views", "/services", "/split-policies", "/pipelines", "/monitors", "/specs"],
      label: "Definitions",
      icon: IconFileDescription,
      key: "e",
      about: "Entities, feature views, services, split policies, pipelines and monitors, as they are declared",
    },
    {
      href: "/plan",
      label: "Plan",
      icon: IconRoute,
      key: "p",
      about: "Build pipelines backwards from wanted features",
    },
    {
      href: "/lineage",
      label: "Lineage",
      icon: IconHierarchy2,
      key: "l",
      about: "What flows into what, from source to model",
    },
    {
      href: "/deployments",
      label: "Deployments",
      icon: IconRocket,
      key: "y",
      about: "Variants in operation: fit, staging and production jobs, A/B tests",
    },
    { href: "/runs", label: "Runs", icon: IconPlayerPlay, key: "r", about: "Jobs with progress, logs and results" },
    { href: "/models", label: "Models", icon: IconBox, key: "m", about: "Model versions and their test scores" },
    {
      href: "/experiments",
      label: "Experiments",
      icon: IconBulb,
      key: "x",
      about: "Hypotheses and their outcomes",
    },
  ],
  [
    { href: "/drift", label: "Drift", icon: IconActivityHeartbeat, key: "d", about: "How features change over time" },
    {
      href: "/changes",
      label: "Changes",
      icon: IconGitPullRequest,
      key: "c",
      about: "Proposed and decided promotions",
    },
    {
      href: "/audit/usage",
      label: "Usage",
      icon: IconListCheck,
      key: "u",
      about: "Which features were used on which rows, and leakage",
    },
    {
      href: "/audit",
      label: "Audit",
      icon: IconShieldCheck,
      key: "a",
      about: "The tamper-evident log",
      verb: "audit:read",
    },
  ],
  [{ href: "/settings", label: "Settings", icon: IconSettings, key: ",", about: "Tokens and people" }],
];

/** The destination that a path belongs to: the one with the longest address that the path is at or below. */
export function destinationOf(pathname: string): Destination | undefined {
  return DESTINATIONS.flat()
    .filter(({ href, also = [] }) =>
      [href, ...also].some(
        (address) => pathname === address || (address !== "/" && pathname.startsWith(`${address}/`)),
      ),
    )
    .sort((a, b) => b.href.length - a.href.length)[0];
}
