import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { explainVerdict } from "@/lib/domain/leakage/explain-verdict";
import { createLeakageJudge } from "@/lib/domain/leakage/judge-leakage";
import { toLeakageInput } from "@/lib/domain/plan/leakage-input";
import type { VariantResult } from "@/lib/engines/engine";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/** Makes a version of the model that the pipeline ends in, and judges every feature version that it reads. */
export async function recordModel(
  tx: Transaction,
  context: RunContext,
  plan: RunPlan,
  result: VariantResult,
  versions: RecordedVersions,
  fits: Map<string, string>,
): Promise<void> {
  const { run } = context;
  const { judged } = plan;
  const fitId = judged && fits.get(judged.instance.key);
  if (!judged || !fitId || !run.variantId) return;
  const model = await tx.model.upsert({
    where: { workspaceId_name: { workspaceId: run.workspaceId, name: judged.model } },
    create: { workspaceId: run.workspaceId, name: judged.model, createdBy: run.createdBy },
    update: {},
    select: { id: true, versions: { select: { version: true }, orderBy: { version: "desc" }, take: 1 } },
  });
  const input = toLeakageInput(context, plan.fits, plan.sources, judged, result.metrics.test?.rows);
  const { id: modelVersionId } = await tx.modelVersion.create({
    data: {
      modelId: model.id,
      version: (model.versions[0]?.version ?? 0) + 1,
      fitId,
      runId: run.id,
      variantId: run.variantId,
      leakageInput: input as unknown as Prisma.InputJsonValue,
      metrics: result.metrics,
      createdBy: run.createdBy,
    },
    select: { id: true },
  });
  const judge = createLeakageJudge(input);
  await tx.leakageVerdict.createMany({
    data: input.consumer.features.flatMap((column) => {
      const version = versions.all.get(column);
      if (!version) return [];
      const consumer = { ...input.consumer, features: [column] };
      const verdict = judge.judge(consumer, input.measurements);
      return [
        {
          modelVersionId,
          featureVersionId: version.id,
          verdict: verdict.verdict,
          severity: verdict.severity,
          reasons: verdict.reasons,
          warnings: verdict.warnings,
          perEstimator: verdict.perEstimator as unknown as Prisma.InputJsonValue,
          explanation: explainVerdict({ ...input, consumer }, verdict),
        },
      ];
    }),
  });
}
