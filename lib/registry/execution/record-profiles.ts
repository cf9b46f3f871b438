import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { judgeProfiledWindows } from "@/lib/domain/drift/judge-profiled-windows";
import { groupBy } from "@/lib/domain/group-by";
import type { ColumnProfile, VariantResult } from "@/lib/domain/runs/variant-result";
import { isPersonal, withholdValues } from "../access/personal-values";
import { createProfiles } from "../profiles/profile-rows";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

interface RecordedProfile {
  id: string;
  featureVersionId: string;
  profile: ColumnProfile;
}

/** Records the distributions that the run measured or found to be known, and each window's drift from the first. */
export async function recordProfiles(
  tx: Transaction,
  context: RunContext,
  plan: RunPlan,
  result: VariantResult,
  versions: RecordedVersions,
  outputs: Map<string, string>,
): Promise<void> {
  const wanted = [
    ...result.profiles.map((profile) => ({ profile, datasetVersionId: null as string | null })),
    ...plan.profiles.known,
  ];
  const recorded = wanted.flatMap(({ profile, datasetVersionId: from }) => {
    const featureVersionId = versions.all.get(profile.column)?.id;
    const datasetVersionId = datasetOf(context, plan, profile, outputs);
    // A source's column that was profiled on this very version is there already.
    return featureVersionId && datasetVersionId && datasetVersionId !== from
      ? [{ profile, featureVersionId, datasetVersionId }]
      : [];
  });
  const ids = await createProfiles(
    tx,
    recorded.map(({ profile, featureVersionId, datasetVersionId }) => ({
      profile,
      owner: {
        workspaceId: context.run.workspaceId,
        featureVersionId,
        datasetVersionId,
        runId: context.run.id,
        fingerprint: plan.profiles.fingerprintOf(profile),
      },
    })),
  );
  const personal = new Set(
    context.catalogue.features.filter(({ sensitivity }) => isPersonal(sensitivity)).map(({ name }) => name),
  );
  await recordDrift(
    tx,
    // What a result says is read by many.
    recorded.map(({ profile, ...entry }, index) => ({
      ...entry,
      profile: personal.has(profile.column) ? withholdValues(profile) : profile,
      id: ids[index] as string,
    })),
  );
  if (recorded.length > 0) await enqueue(tx, "evaluate-monitors", { workspaceId: context.run.workspaceId });
}

/** The file that holds the column: an output of this run, or the source that it was read from. */
function datasetOf(
  context: RunContext,
  { sources }: RunPlan,
  profile: ColumnProfile,
  outputs: Map<string, string>,
): string | undefined {
  const [entity, name] = splitColumn(profile.column);
  if (profile.instance !== null) return outputs.get(entity) ?? [...sources.values()][0]?.datasetVersionId;
  const source = context.catalogue.sources.find(
    (candidate) => candidate.entity === entity && candidate.columns.some((column) => column.name === name),
  );
  return source && sources.get(source.name)?.datasetVersionId;
}

async function recordDrift(tx: Transaction, recorded: RecordedProfile[]): Promise<void> {
  const timed = recorded.filter(({ profile }) => profile.window && profile.part === "all");
  await tx.driftResult.createMany({
    data: [...groupBy(timed, ({ featureVersionId }) => featureVersionId)].flatMap(([featureVersionId, entries]) =>
      judgeProfiledWindows(entries).map(({ reference, current, verdict, isPartial }) => ({
        featureVersionId,
        referenceId: reference.id,
        currentId: current.id,
        metric: verdict.figure,
        params: { warn: verdict.warn, critical: verdict.critical, missing: { ...verdict.missing } },
        score: verdict.score,
        state: verdict.state,
        severity: verdict.severity,
        explanation: verdict.explanation,
        isPartial,
      })),
    ),
  });
}
