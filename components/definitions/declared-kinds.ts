import type { Start } from "@/components/specs/starting-documents";
import { DECLARED_PATHS, type DeclaredPath } from "@/lib/contracts/definitions";

/** Kinds with a list of their own: a workspace has only itself. */
export type ListedPath = Exclude<DeclaredPath, "workspaces">;

/** What each kind is called on its list, and what it is for. */
export const LISTS: Record<ListedPath, { title: string; noun: string; start: Start; about: string }> = {
  entities: {
    title: "Entities",
    noun: "entity",
    start: "entity",
    about: "What rows are about, with the keys that identify them. Every column belongs to one.",
  },
  views: {
    title: "Feature views",
    noun: "feature view",
    start: "feature-view",
    about: "Features of one entity that are computed, stored and served together.",
  },
  services: {
    title: "Feature services",
    noun: "feature service",
    start: "feature-service",
    about: "Named sets of features, as models read them.",
  },
  "split-policies": {
    title: "Split policies",
    noun: "split policy",
    start: "split",
    about: "Which rows are for training, validation and testing.",
  },
  pipelines: {
    title: "Pipelines",
    noun: "pipeline",
    start: "pipeline",
    about: "Wanted outputs, how to fit what computes them, and how the result is evaluated.",
  },
  monitors: {
    title: "Monitors",
    noun: "monitor",
    start: "monitor",
    about: "What is watched for drift, against which reference, by which metric.",
  },
};

export const LISTED_PATHS = Object.keys(DECLARED_PATHS).filter((path): path is ListedPath => path in LISTS);
