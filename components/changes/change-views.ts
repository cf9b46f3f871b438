import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { CHANGE_VIEWS } from "@/lib/contracts/changes";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";

/** What of a queue's state stands in the URL. */
export const queueParsers = { view: parseAsStringLiteral(CHANGE_VIEWS).withDefault("open") };

/** The tabs of the evidence, by what the request is about. */
export const CHANGE_TABS = {
  feature: ["evidence", "rules", "definition", "plan", "distribution", "impact"],
  model: ["evidence", "rules", "metrics", "features", "plan", "jobs"],
} as const;
export type ChangeTab = (typeof CHANGE_TABS)["feature" | "model"][number];

const ALL_TABS = [...new Set<ChangeTab>([...CHANGE_TABS.feature, ...CHANGE_TABS.model])];

/** Without a tab the page opens on the worst evidence. */
export const changeParsers = { tab: parseAsStringLiteral(ALL_TABS) };

/** What a request is about, with its page. */
export function subjectOf({ feature, model }: { feature: string | null; model: string | null }) {
  return feature === null
    ? { kind: "model" as const, name: model ?? "", href: `/models/${encodeURIComponent(model ?? "")}` }
    : { kind: "feature" as const, name: feature, href: `/features/${encodeURIComponent(feature)}` };
}

/** What the form starts with. */
export const newChangeParsers = {
  feature: parseAsString,
  model: parseAsString,
  environment: parseAsStringLiteral(GOVERNED_ENVIRONMENTS),
  version: parseAsInteger,
  why: parseAsString,
};

export const VIEW_LABELS: Record<(typeof CHANGE_VIEWS)[number], string> = {
  waiting: "Waiting for me",
  open: "Open",
  mine: "Mine",
  ended: "Ended",
  all: "All",
};

export const PAGE_SIZE = 50;
