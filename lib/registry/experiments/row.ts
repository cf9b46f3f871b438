import type { Experiment } from "@/lib/contracts/experiments";
import type { Prisma } from "@/lib/db/generated/client";
import type { ExperimentOutcome, ExperimentState } from "@/lib/domain/experiments/experiment";
import { actorNames } from "../actor-names";
import { experimentVariantsOf } from "../stored-json";

export const EXPERIMENT = {
  abTests: { select: { name: true, state: true }, orderBy: { name: "asc" } },
} as const satisfies Prisma.ExperimentInclude;
export type ExperimentRow = Prisma.ExperimentGetPayload<{ include: typeof EXPERIMENT }>;

/** Rows as the API shows them, in their order. */
export async function toExperiments(workspace: string, rows: readonly ExperimentRow[]): Promise<Experiment[]> {
  const nameOf = await actorNames(rows.flatMap((row) => [row.createdBy, ...(row.decidedBy ? [row.decidedBy] : [])]));
  return rows.map((row) => ({
    number: row.number,
    workspace,
    title: row.title,
    hypothesis: row.hypothesis,
    metric: row.metric,
    owner: row.owner,
    tags: row.tags,
    variants: experimentVariantsOf(row.variants),
    features: row.features,
    stages: row.stages,
    trainingDatasets: row.trainingDatasets,
    state: row.state as ExperimentState,
    outcome: row.outcome as ExperimentOutcome | null,
    insight: row.insight,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decidedBy: row.decidedBy && nameOf(row.decidedBy),
    abTests: row.abTests,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    updatedAt: row.updatedAt.toISOString(),
  }));
}
