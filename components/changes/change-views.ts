import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { CHANGE_VIEWS } from "@/lib/contracts/changes";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";

/** What of a queue's state stands in the URL. */
export const queueParsers = { view: parseAsStringLiteral(CHANGE_VIEWS).withDefault("open") };

export const CHANGE_TABS = ["evidence", "definition", "plan", "distribution", "impact"] as const;
export type ChangeTab = (typeof CHANGE_TABS)[number];

export const changeParsers = { tab: parseAsStringLiteral(CHANGE_TABS).withDefault("evidence") };

/** What the form starts with. */
export const newChangeParsers = {
  feature: parseAsString,
  environment: parseAsStringLiteral(GOVERNED_ENVIRONMENTS),
  version: parseAsInteger,
};

export const VIEW_LABELS: Record<(typeof CHANGE_VIEWS)[number], string> = {
  waiting: "Waiting for me",
  open: "Open",
  mine: "Mine",
  ended: "Ended",
  all: "All",
};

export const PAGE_SIZE = 50;
