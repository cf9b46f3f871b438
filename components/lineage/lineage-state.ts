import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { z } from "zod";
import type { AroundQuery, OverviewQuery } from "@/lib/client/lineage";
import { LINEAGE_GROUPINGS } from "@/lib/contracts/lineage-overview";
import { LINEAGE_KINDS, type getLineage } from "@/lib/contracts/lineage";

export const ROLL_UPS = ["column", ...LINEAGE_GROUPINGS] as const;
export const PANELS = ["table", "impact", "path", "leaks", "changes"] as const;
export type Panel = (typeof PANELS)[number];

/** At most so many nodes at once; each step is offered when the one before was not enough. */
export const LIMITS = [500, 2000, 5000] as const;
export const MOST_STEPS = 6;

const names = parseAsArrayOf(parseAsString).withDefault([]);

/** The whole state of the explorer is in the address. */
export const lineageParsers = {
  /** `kind:name`; without one, the whole workspace rolled up. */
  focus: parseAsString,
  up: parseAsInteger.withDefault(1),
  down: parseAsInteger.withDefault(1),
  limit: parseAsInteger.withDefault(LIMITS[0]),
  rollup: parseAsStringLiteral(ROLL_UPS),
  /** `up:ID` or `down:ID`: all neighbours of a node on that side. */
  more: names,
  /** Ids of nodes that were added one by one. */
  add: names,
  /** The selected node. */
  node: parseAsString,
  trace: parseAsStringLiteral(["up", "down", "both"]).withDefault("both"),
  /** Traces exactly the columns that flow into a column and out of it, through stages and not past them. */
  exact: parseAsBoolean.withDefault(false),
  kind: names,
  entity: names,
  owner: names,
  environment: names,
  drift: names,
  leak: names,
  collapse: parseAsStringLiteral(["view", "owner"]),
  /** Names of collapsed groups that were opened again. */
  open: names,
  /** Pipeline whose variants are coloured. */
  pipeline: parseAsString,
  leaks: parseAsBoolean.withDefault(false),
  asOf: parseAsString,
  against: parseAsString,
  from: parseAsString,
  to: parseAsString,
  find: parseAsString.withDefault(""),
  panel: parseAsStringLiteral(PANELS).withDefault("table"),
  side: parseAsStringLiteral(["up", "down"]).withDefault("down"),
  sort: parseAsString.withDefault("steps"),
};

type Parsers = typeof lineageParsers;
export type LineageState = { [Key in keyof Parsers]: ReturnType<Parsers[Key]["parseServerSide"]> };

type FilterQuery = Pick<
  z.input<typeof getLineage.query>,
  "kind" | "entity" | "owner" | "environment" | "drift" | "leak"
>;

export const FILTERS = ["kind", "entity", "owner", "environment", "drift", "leak"] as const;

/** The chosen filters as the API takes them; a filter without a choice is left out. What is no instant is now. */
export function filtersOf(state: LineageState): FilterQuery {
  return Object.fromEntries(
    FILTERS.flatMap((name) => (state[name].length > 0 ? [[name, state[name]]] : [])),
  ) as FilterQuery;
}

export const rollUpOf = ({ rollup, focus }: Pick<LineageState, "rollup" | "focus">) =>
  rollup ?? (focus === null ? "view" : "column");

const instant = (text: string | null) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined); // prettier-ignore

export const asOfOf = (state: Pick<LineageState, "asOf">) => instant(state.asOf);
export const againstOf = (state: Pick<LineageState, "against">) => instant(state.against);

const steps = (wanted: number) => Math.min(Math.max(wanted, 0), MOST_STEPS);

/** What is asked for first; the page asks the registry the same on the server. */
export function aroundQuery(workspace: string, focus: string, state: LineageState): AroundQuery {
  const limit = LIMITS.find((limit) => limit >= state.limit) ?? LIMITS[2];
  return { workspace, focus, up: steps(state.up), down: steps(state.down), limit, asOf: asOfOf(state), ...filtersOf(state) }; // prettier-ignore
}

export function overviewQuery(workspace: string, state: LineageState): OverviewQuery {
  const by = rollUpOf(state);
  const kind = state.kind.filter((kind) => (LINEAGE_KINDS as readonly string[]).includes(kind)) as typeof LINEAGE_KINDS[number][]; // prettier-ignore
  return { workspace, by: by === "column" ? "view" : by, asOf: asOfOf(state), ...(kind.length > 0 && { kind }) };
}
