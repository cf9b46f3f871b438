import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { OVERVIEW_KINDS } from "@/lib/contracts/overviews";

export const OVERVIEW_CHARTS = ["standard", "quantiles", "valency", "cumulative"] as const;
export type OverviewChart = (typeof OVERVIEW_CHARTS)[number];

export const OVERVIEW_SORTS = {
  order: "feature order",
  name: "name",
  missing: "amount missing or zero",
  uniformity: "non-uniformity",
  distance: "distribution distance",
  drift: "drift severity",
} as const;
export type OverviewSort = keyof typeof OVERVIEW_SORTS;

const SORTS = Object.keys(OVERVIEW_SORTS) as OverviewSort[];

/** What of the page stands in the URL. Dive has the same keys `parts`, `slice` and `version`. */
export const overviewParsers = {
  /** Keys of the groups, the reference first. */
  parts: parseAsArrayOf(parseAsString),
  version: parseAsInteger,
  slice: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault("order"),
  filter: parseAsString.withDefault(""),
  types: parseAsArrayOf(parseAsStringLiteral(OVERVIEW_KINDS)).withDefault([]),
  entity: parseAsString,
  chart: parseAsStringLiteral(OVERVIEW_CHARTS).withDefault("standard"),
  log: parseAsBoolean.withDefault(false),
  /** Shares of each group's rows: parts are of different sizes. */
  percent: parseAsBoolean.withDefault(true),
  expand: parseAsBoolean.withDefault(false),
  table: parseAsBoolean.withDefault(false),
};
