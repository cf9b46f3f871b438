import type { PlanStageChange } from "@/lib/contracts/change-plan";
import type { Transaction } from "@/lib/db/client";

/** A stage or source of the plan of one feature version. */
interface PlanNode {
  name: string;
  kind: PlanStageChange["kind"];
  operator: string;
  /** Stage version; 1 for a source. */
  version: number;
  columns: Set<string>;
  reads: Set<string>;
}

/** What the plans of two versions have in common and where they differ, in an order in which everything is written before it is read. */
export async function comparePlans(
  tx: Transaction,
  beforeVersionId: string | null,
  afterVersionId: string,
): Promise<PlanStageChange[]> {
  const before = beforeVersionId === null ? new Map<string, PlanNode>() : await loadPlan(tx, beforeVersionId);
  const after = await loadPlan(tx, afterVersionId);
  const changes = [...new Set([...before.keys(), ...after.keys()])].map((name): PlanStageChange => {
    const old = before.get(name);
    const next = after.get(name);
    const node = (next ?? old) as PlanNode;
    return {
      stage: name,
      kind: node.kind,
      operator: node.operator,
      change: !old ? "added" : !next ? "removed" : isSame(old, next) ? "kept" : "changed",
      before: old?.version ?? null,
      after: next?.version ?? null,
      columns: [...node.columns].sort(),
      reads: [...node.reads].sort(),
    };
  });
  return inOrder(changes);
}

/** A stage that reads from another writer than before is another instance, even with the same definition. */
function isSame(one: PlanNode, other: PlanNode): boolean {
  return one.version === other.version && [...one.reads].sort().join() === [...other.reads].sort().join();
}

async function loadPlan(tx: Transaction, versionId: string): Promise<Map<string, PlanNode>> {
  const rows = await tx.$queryRaw<
    {
      id: string;
      column: string;
      source: string | null;
      stage: string | null;
      version: number | null;
      kind: string | null;
      operator: string | null;
      format: string | null;
      inputs: string[] | null;
    }[]
  >`
    WITH RECURSIVE upstream(id) AS (
      SELECT ${versionId}
      UNION
      SELECT i."inputVersionId" FROM upstream u JOIN "FeatureVersionInput" i ON i."readerId" = u.id
    )
    SELECT v."id", f."name" AS "column", v."source", s."name" AS "stage", sv."version", sv."kind", sv."operator",
           src."format",
           (SELECT array_agg(DISTINCT i."inputVersionId") FROM "FeatureVersionInput" i WHERE i."readerId" = v."id") AS "inputs"
    FROM upstream u
    JOIN "FeatureVersion" v ON v."id" = u.id
    JOIN "Feature" f ON f."id" = v."featureId"
    LEFT JOIN "StageVersion" sv ON sv."id" = v."stageVersionId"
    LEFT JOIN "Stage" s ON s."id" = sv."stageId"
    LEFT JOIN "Source" src ON src."workspaceId" = f."workspaceId" AND src."name" = v."source"`;
  const writerOf = new Map(rows.map((row) => [row.id, row.stage ?? row.source ?? row.column]));
  const plan = new Map<string, PlanNode>();
  for (const row of rows) {
    const name = writerOf.get(row.id) as string;
    const node = plan.get(name) ?? {
      name,
      kind: row.stage === null ? "source" : row.kind === "estimator" ? "estimator" : "transformer",
      operator: row.operator ?? row.format ?? "",
      version: row.version ?? 1,
      columns: new Set<string>(),
      reads: new Set<string>(),
    };
    node.columns.add(row.column);
    for (const input of row.inputs ?? []) node.reads.add(writerOf.get(input) as string);
    plan.set(name, node);
  }
  return plan;
}

/** By the longest way from a source, then by name. */
function inOrder(changes: PlanStageChange[]): PlanStageChange[] {
  const byName = new Map(changes.map((change) => [change.stage, change]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    // Two merged plans may form a cycle that neither has; the first visit decides there.
    depths.set(name, 0);
    const reads = byName.get(name)?.reads ?? [];
    const depth = reads.length === 0 ? 0 : 1 + Math.max(...reads.map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  return changes.sort((a, b) => depthOf(a.stage) - depthOf(b.stage) || (a.stage < b.stage ? -1 : 1));
}
