import type { Transaction } from "@/lib/db/client";
import { afterNewest } from "@/lib/domain/instant";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { RecordedVersions } from "./record-feature-versions";
import type { RunContext } from "./run-context";

/**
 * Records where the values of the feature versions are that a run wrote.
 * @param outputs entity → its new dataset version
 * @param of.fingerprints instance → fingerprint of its values, by which a later run finds them
 * @param of.environment the only environment that serves them; null for any
 */
export async function recordValues(
  tx: Transaction,
  { run }: RunContext,
  result: VariantResult,
  versions: RecordedVersions,
  outputs: ReadonlyMap<string, string>,
  of: { fingerprints: ReadonlyMap<string, string>; environment: string | null },
): Promise<void> {
  const { _max: newest } = await tx.featureValues.aggregate({
    where: { featureVersionId: { in: [...versions.all.values()].map(({ id }) => id) } },
    _max: { createdAt: true },
  });
  const createdAt = afterNewest(newest.createdAt, new Date());
  await tx.featureValues.createMany({
    data: result.outputs.flatMap(({ entity, columns }) =>
      columns.flatMap(({ name, column, instance, reusable }) => {
        const version = versions.all.get(column);
        return version
          ? [
              {
                featureVersionId: version.id,
                runId: run.id,
                datasetVersionId: outputs.get(entity) as string,
                column: name,
                fingerprint: reusable && instance !== null ? (of.fingerprints.get(instance) ?? null) : null,
                environment: of.environment,
                createdAt,
              },
            ]
          : [];
      }),
    ),
  });
}
