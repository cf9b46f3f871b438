import type { z } from "zod";
import type { LineageImpact, LineageImpactQuery, listLineageImpact as contract } from "@/lib/contracts/lineage-paths";
import { USAGE_ROLES } from "@/lib/contracts/usage";
import { csvLine } from "@/lib/domain/csv";
import { kindOf, nameOf, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { assertKnown } from "./lineage";
import { levelsFrom, type Side } from "./edges";
import { isFiltering, loadNodeFacts, meets, UNKNOWN_NODE } from "./nodes";
import { loadUses } from "./uses";
import { pageOf } from "../paging";
import { openScopeFor } from "../scope";

interface Reached {
  id: string;
  /** Steps, negative upstream. */
  distance: number;
}

/** Rows that are described by one statement. */
const CHUNK = 2000;

/** Everything downstream or upstream, nearest first, a page of it. Filters look at all of it, so that the counts are those of what they let through. */
export async function listImpact(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<z.input<(typeof contract)["response"]>> {
  const { workspaceId, reached } = await openImpact(principal, query);
  const rows = isFiltering(query) || query.role ? await filtered(workspaceId, reached, query) : reached;
  const page = pageOf(rows, query);
  const counts: Record<string, number> = {};
  for (const { id } of rows) counts[kindOf(id)] = (counts[kindOf(id)] ?? 0) + 1;
  return {
    ...page,
    items: await describe(workspaceId, page.items),
    counts,
    longest: rows.reduce((longest, { distance }) => Math.max(longest, Math.abs(distance)), 0),
  };
}

/** CSV of all of it, row by row as it is read. Permissions are checked before the first byte. */
export async function exportImpact(principal: Principal, query: LineageImpactQuery): Promise<AsyncIterable<string>> {
  const { workspaceId, reached } = await openImpact(principal, query);
  return (async function* () {
    yield csvLine(COLUMNS);
    for (let at = 0; at < reached.length; at += CHUNK) {
      const rows = await describe(workspaceId, reached.slice(at, at + CHUNK));
      yield rows
        .filter((row) => passes(query, row))
        .map(toLine)
        .join("");
    }
  })();
}

const COLUMNS = [
  "distance", "kind", "name", "entity", "detail", "owner", "environments", "lastUsed", ...USAGE_ROLES, "drift", "leak", "retired",
]; // prettier-ignore

function toLine(row: LineageImpact): string {
  const last = (role: string) => row.uses.find((use) => use.role === role)?.last;
  return csvLine([
    row.distance,
    row.kind,
    row.name,
    row.entity,
    row.detail,
    row.owner,
    row.environments.join(" "),
    row.lastUsed,
    ...USAGE_ROLES.map(last),
    row.drift,
    row.leak,
    row.retired,
  ]);
}

async function openImpact(principal: Principal, query: LineageImpactQuery) {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const node = toNodeId(query.node);
  const reached = await closureOf(workspace.id, node, query.side, query.asOf);
  // What leads somewhere is known. Anything else has to be looked for.
  if (reached.length === 0) assertKnown(await loadNodeFacts(workspace.id, [node]), node, workspace.name);
  return { workspaceId: workspace.id, reached };
}

/** Everything on one side, each at its shortest distance, the nearest first. */
async function closureOf(
  workspaceId: string,
  node: string,
  side: Side,
  asOf: string | null | undefined,
): Promise<Reached[]> {
  const levels = await levelsFrom(workspaceId, node, side, asOf);
  const seen = new Set([node]);
  return levels.flatMap((level, at) => {
    const fresh = level.filter((id) => !seen.has(id)).sort();
    for (const id of fresh) seen.add(id);
    return fresh.map((id) => ({ id, distance: side === "up" ? -at - 1 : at + 1 }));
  });
}

async function filtered(workspaceId: string, reached: Reached[], query: LineageImpactQuery): Promise<Reached[]> {
  const kept: Reached[] = [];
  for (let at = 0; at < reached.length; at += CHUNK)
    for (const row of await describe(workspaceId, reached.slice(at, at + CHUNK)))
      if (passes(query, row)) kept.push({ id: row.id, distance: row.distance });
  return kept;
}

function passes(query: LineageImpactQuery, row: LineageImpact): boolean {
  const { role } = query;
  return meets(query, row) && (role === undefined || row.uses.some((use) => role.includes(use.role)));
}

async function describe(workspaceId: string, rows: readonly Reached[]): Promise<LineageImpact[]> {
  const ids = rows.map(({ id }) => id);
  const [facts, uses] = await Promise.all([loadNodeFacts(workspaceId, ids), loadUses(workspaceId, ids)]);
  return rows.map(({ id, distance }) => ({
    id,
    kind: kindOf(id),
    name: nameOf(id),
    distance,
    ...(facts.get(id) ?? UNKNOWN_NODE),
    ...(uses.get(id) ?? { lastUsed: null, uses: [] }),
  }));
}
