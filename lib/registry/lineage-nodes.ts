import type { LineageKind, LineageNode } from "@/lib/contracts/lineage";
import { prisma } from "@/lib/db/client";
import { featureIndex } from "./feature-index";
import { groupBy, worst } from "./feature-documents";
import { idOf, kindOf, nameOf } from "./lineage-edges";

type NodeFacts = Pick<LineageNode, "entity" | "detail" | "owner" | "environments" | "drift" | "leak">;

const NOTHING: NodeFacts = { entity: null, detail: "", owner: "", environments: [], drift: null, leak: null };

/** What a node shows of itself, by id. A node that does not exist is absent. */
export async function loadNodeFacts(
  workspace: { id: string; name: string },
  ids: string[],
): Promise<Map<string, NodeFacts>> {
  const named = (kind: LineageKind) => ids.filter((id) => kindOf(id) === kind).map(nameOf);
  const live = (kind: LineageKind) => ({ workspaceId: workspace.id, retiredAt: null, name: { in: named(kind) } });
  const [index, stages, sources, views, services, verdicts] = await Promise.all([
    featureIndex(workspace),
    prisma().$queryRaw<{ name: string; entity: string; owner: string; operator: string }[]>`
      SELECT s."name", s."entity", s."owner", v."operator" FROM "Stage" s
      JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
      WHERE s."workspaceId" = ${workspace.id} AND s."retiredAt" IS NULL AND s."name" = ANY(${named("stage")})`,
    prisma().source.findMany({
      where: live("source"),
      select: { name: true, entity: true, owner: true, format: true },
    }),
    prisma().featureView.findMany({
      where: live("view"),
      select: { name: true, entity: true, owner: true, online: true },
    }),
    prisma().featureService.findMany({ where: live("service"), select: { name: true, owner: true } }),
    prisma().$queryRaw<{ name: string; version: number; verdict: string | null }[]>`
      SELECT DISTINCT n."name", n."version", l."verdict" FROM (
        SELECT DISTINCT ON (m."id") m."name", mv."id", mv."version" FROM "Model" m JOIN "ModelVersion" mv ON mv."modelId" = m."id"
        WHERE m."workspaceId" = ${workspace.id} AND m."name" = ANY(${named("model")}) ORDER BY m."id", mv."version" DESC
      ) n LEFT JOIN "LeakageVerdict" l ON l."modelVersionId" = n."id"`,
  ]);
  const facts = new Map<string, NodeFacts>();
  const set = (kind: LineageKind, name: string, own: Partial<NodeFacts>) =>
    facts.set(idOf(kind, name), { ...NOTHING, ...own });
  for (const name of named("feature")) {
    const document = index.byName.get(name);
    if (document)
      set("feature", name, {
        entity: document.entity,
        detail: document.type,
        owner: document.owner,
        environments: document.pointers.map((pointer) => pointer.environment),
        drift: document.drift?.state ?? null,
        leak: document.leak,
      });
  }
  for (const { name, entity, owner, operator } of stages) set("stage", name, { entity, owner, detail: operator });
  for (const { name, entity, owner, format } of sources) set("source", name, { entity, owner, detail: format });
  for (const { name, entity, owner, online } of views)
    set("view", name, { entity, owner, detail: online ? "online" : "offline" });
  for (const { name, owner } of services) set("service", name, { owner });
  for (const [name, rows] of groupBy(verdicts, (row) => row.name))
    set("model", name, {
      detail: `v${rows[0]?.version}`,
      leak: worst(rows.flatMap((row) => (row.verdict === null ? [] : [row.verdict]))),
    });
  return facts;
}
