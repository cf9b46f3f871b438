import type { z } from "zod";
import type { LineageLeak, listLineageLeaks as contract } from "@/lib/contracts/lineage-paths";
import { prisma } from "@/lib/db/client";
import type { ChainLink } from "@/lib/contracts/leakage";
import type { Severity, Verdict } from "@/lib/domain/leakage/codes";
import type { LeakageVerdict } from "@/lib/domain/leakage/judge-leakage";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { type FlowEdge, idOf, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { chainThrough } from "../models/leakage-chain";
import { openScopeFor } from "../scope";

/** The leaking ways of the newest version of every model, one per feature and estimator, as edges of the lineage. */
export async function listLeaks(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<z.input<(typeof contract)["response"]>> {
  const { workspace } = await openScopeFor(principal, query.workspace, "usage:read");
  const rows = await prisma().$queryRaw<VerdictRow[]>`
    SELECT n."model", n."version", n."id", n."leakageInput" AS "input", f."name" AS "feature", l."verdict", l."severity",
      l."reasons", l."warnings", l."perEstimator", l."explanation"
    FROM (
      SELECT DISTINCT ON (m."id") m."name" AS "model", mv."id", mv."version", mv."leakageInput"
      FROM "Model" m JOIN "ModelVersion" mv ON mv."modelId" = m."id"
      WHERE m."workspaceId" = ${workspace.id} ORDER BY m."id", mv."version" DESC
    ) n JOIN "LeakageVerdict" l ON l."modelVersionId" = n."id"
    JOIN "FeatureVersion" v ON v."id" = l."featureVersionId" JOIN "Feature" f ON f."id" = v."featureId"
    WHERE l."verdict" = ${query.verdict} ORDER BY n."model", f."name"`;
  const wanted = query.node && toNodeId(query.node);
  const leaks = rows
    .flatMap((row) => leaksOf(row, query.verdict))
    .filter(({ edges }) => wanted === undefined || edges.some(({ from, to }) => from === wanted || to === wanted));
  const edges = new Map(
    leaks.flatMap((leak) => leak.edges.map((edge) => [`${edge.from} ${edge.to} ${edge.role}`, edge])),
  );
  return {
    leaks,
    nodes: [...new Set([...edges.values()].flatMap(({ from, to }) => [from, to]))].sort(),
    edges: [...edges.values()],
  };
}

interface VerdictRow extends Pick<LeakageVerdict, "reasons" | "warnings" | "perEstimator"> {
  model: string;
  version: number;
  id: string;
  input: LeakageInput;
  feature: string;
  verdict: Verdict;
  severity: Severity;
  explanation: string[];
}

function leaksOf(row: VerdictRow, wanted: "leak" | "unknown"): LineageLeak[] {
  const { model, version, id, feature, severity, explanation } = row;
  const input = { ...row.input, consumer: { ...row.input.consumer, name: model, features: [feature] } };
  return Object.entries(row.perEstimator).flatMap(([estimator, { verdict, reasons }]) => {
    if (verdict !== wanted) return [];
    const edges = edgesOf(chainThrough(input, row, estimator), input);
    if (edges.length === 0) return [];
    return [
      { model, version, modelVersionId: id, feature, estimator, verdict, severity, reasons, edges,
        sentence: explanation.find((sentence) => sentence.includes(estimator)) ?? explanation[0] ?? "" },
    ]; // prettier-ignore
  });
}

/** A chain hands columns from step to step: each hand-over is an edge into the column's node and one out of it. */
function edgesOf(chain: readonly ChainLink[], input: LeakageInput): FlowEdge[] {
  return chain.slice(0, -1).flatMap(({ kind, name, column }, index): FlowEdge[] => {
    const next = chain[index + 1] as ChainLink;
    if (column === null) return [];
    const feature = idOf("feature", column);
    const isLabel =
      next.kind === "estimator" && !input.estimators.find(({ id }) => id === next.name)?.inputs.includes(column);
    return [
      kind === "source"
        ? { from: idOf("source", name), to: feature, role: "contains" }
        : { from: idOf("stage", name), to: feature, role: "writes" },
      next.kind === "model"
        ? { from: feature, to: idOf("model", next.name), role: "reads" }
        : { from: feature, to: idOf("stage", next.name), role: isLabel ? "fits" : "reads" },
    ];
  });
}
