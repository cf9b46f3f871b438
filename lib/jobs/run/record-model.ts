import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
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
  await tx.leakageVerdict.createMany({
    data: judgeEachFeature(input).flatMap(({ feature, perEstimator, ...verdict }) => {
      const version = versions.all.get(feature);
      return version
        ? [
            {
              ...verdict,
              modelVersionId,
              featureVersionId: version.id,
              perEstimator: perEstimator as unknown as Prisma.InputJsonValue,
            },
          ]
        : [];
    }),
  });
}
