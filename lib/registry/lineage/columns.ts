import type { z } from "zod";
import type { ColumnFlow, ColumnLineage, getColumnLineage as contract } from "@/lib/contracts/lineage-columns";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { columnFlows } from "@/lib/domain/lineage/column-flows";
import { idOf, kindOf, nameOf, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { assertKnown } from "./lineage";
import { edgesFrom, type Side } from "./edges";
import { loadNodeFacts } from "./nodes";
import { openScopeFor } from "../scope";
import { loadSqlTrees } from "./sql-trees";

type Query = z.output<(typeof contract)["query"]>;

/**
 * The columns that a column is made of, and those that are made of it, stage by stage: through a stage only along the flows that it
 * has from exactly these columns. For a stage, its own flows.
 */
export async function getColumnLineage(principal: Principal, query: Query): Promise<ColumnLineage> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const focus = toNodeId(query.focus);
  if (kindOf(focus) !== "feature" && kindOf(focus) !== "stage")
    throw new DomainError("invalid", `\`${focus}\` has no columns to follow. Ask for a feature or a stage.`, {
      issues: [{ path: ["query", "focus"], message: "expected entity.column, or stage:name", found: query.focus }],
    });
  assertKnown(await loadNodeFacts(workspace.id, [focus]), focus, workspace.name);
  if (kindOf(focus) === "stage") {
    const flows = (await flowsOf(workspace.id, [nameOf(focus)], query.asOf)).get(nameOf(focus)) ?? [];
    const distances = new Map([
      ...flows.map(({ from }): [string, number] => [from, -1]),
      ...flows.map(({ to }): [string, number] => [to, 1]),
    ]);
    return { focus, columns: toColumns(distances), flows, truncated: false };
  }
  const trace = (side: Side, start: string, depth: number) => traceFrom(workspace.id, side, start, depth, query);
  const column = nameOf(focus);
  if (query.to !== undefined) {
    const down = await trace("down", column, query.down);
    const up = await trace("up", query.to, query.down);
    const between = [...down.flows].filter(([key]) => up.flows.has(key)).map(([, flow]) => flow);
    const met = new Set(between.flatMap((flow) => [flow.from, flow.to]));
    const distances = new Map([...down.distances].filter(([name]) => name === column || met.has(name)));
    return { focus, columns: toColumns(distances), flows: between, truncated: down.truncated || up.truncated };
  }
  const down = await trace("down", column, query.down);
  const up = await trace("up", column, query.up);
  return {
    focus,
    columns: toColumns(new Map([...down.distances, ...up.distances])),
    flows: [...new Map([...up.flows, ...down.flows]).values()],
    truncated: down.truncated || up.truncated,
  };
}

function toColumns(distances: ReadonlyMap<string, number>): ColumnLineage["columns"] {
  return [...distances]
    .map(([column, distance]) => ({ column, distance }))
    .sort((one, other) => Math.abs(one.distance) - Math.abs(other.distance) || (one.column < other.column ? -1 : 1));
}

interface Trace {
  distances: Map<string, number>;
  flows: Map<string, ColumnFlow>;
  truncated: boolean;
}

async function traceFrom(
  workspaceId: string,
  side: Side,
  start: string,
  depth: number,
  { asOf, limit }: Pick<Query, "asOf" | "limit">,
): Promise<Trace> {
  const trace: Trace = { distances: new Map([[start, 0]]), flows: new Map(), truncated: false };
  const read = new Map<string, ColumnFlow[]>();
  let frontier = [start];
  for (let step = 1; step <= depth && frontier.length > 0; step += 1) {
    const edges = await edgesFrom(workspaceId, side, frontier.map((column) => idOf("feature", column)), asOf); // prettier-ignore
    const stages = [...new Set(edges.map((edge) => (side === "up" ? edge.from : edge.to)))]
      .filter((id) => kindOf(id) === "stage")
      .map(nameOf);
    const unread = stages.filter((stage) => !read.has(stage));
    for (const [stage, flows] of await flowsOf(workspaceId, unread, asOf)) read.set(stage, flows);
    const here = new Set(frontier);
    frontier = [];
    for (const stage of stages)
      for (const flow of read.get(stage) ?? []) {
        const [near, far] = side === "up" ? [flow.to, flow.from] : [flow.from, flow.to];
        if (!here.has(near)) continue;
        if (!trace.distances.has(far)) {
          if (trace.distances.size >= limit) {
            trace.truncated = true;
            continue;
          }
          trace.distances.set(far, side === "up" ? -step : step);
          frontier.push(far);
        }
        trace.flows.set(`${flow.stage} ${flow.from} ${flow.to} ${flow.kind}`, flow);
      }
  }
  return trace;
}

/** Stage → its flows, by the version that the stage had at the moment. */
async function flowsOf(
  workspaceId: string,
  stages: readonly string[],
  asOf: string | undefined,
): Promise<Map<string, ColumnFlow[]>> {
  if (stages.length === 0) return new Map();
  const then = asOf ? Prisma.sql`v."createdAt" <= ${asOf}::timestamp(3)` : Prisma.sql`true`;
  const rows = await prisma().$queryRaw<{ name: string; definition: StageDefinition }[]>`
    SELECT DISTINCT ON (s."id") s."name", v."definition" FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id"
    WHERE s."workspaceId" = ${workspaceId} AND s."name" = ANY(${stages}) AND ${then} ORDER BY s."id", v."version" DESC`;
  const sql = await loadSqlTrees(prisma(), workspaceId, rows.map(({ definition }) => definition)); // prettier-ignore
  return new Map(
    rows.map(({ name, definition }) => [name, columnFlows(definition, sql).map((flow) => ({ ...flow, stage: name }))]),
  );
}
