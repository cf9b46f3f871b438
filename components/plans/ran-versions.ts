import type { Model, ModelVersion } from "@/lib/contracts/models";

/** A version of a model that a run of a variant made. */
export interface RanVersion extends Pick<ModelVersion, "version" | "runId" | "runNumber" | "metrics" | "createdAt"> {
  model: string;
}

/** Versions whose runs made every column of the variant by the same stages, newest first. */
export function versionsOf(
  models: readonly Pick<Model, "name" | "versions">[],
  choice: Readonly<Record<string, string>>,
): RanVersion[] {
  const wanted = Object.entries(choice);
  return models
    .flatMap(({ name, versions }) =>
      versions
        .filter((version) => wanted.every(([column, stage]) => version.choice[column] === stage))
        .map((version) => ({ ...version, model: name })),
    )
    .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
}

/** Parts and metrics that either version has, each with both values. */
export function metricsRows(
  a: Pick<RanVersion, "metrics"> | undefined,
  b: Pick<RanVersion, "metrics"> | undefined,
): { part: string; metric: string; a: number | null; b: number | null }[] {
  const rows = new Map<string, { part: string; metric: string; a: number | null; b: number | null }>();
  for (const [side, version] of [
    ["a", a],
    ["b", b],
  ] as const)
    // prettier-ignore
    for (const [part, metrics] of Object.entries(version?.metrics ?? {}))
      for (const [metric, value] of Object.entries(metrics)) {
        const row = rows.get(`${part} ${metric}`) ?? { part, metric, a: null, b: null };
        rows.set(`${part} ${metric}`, { ...row, [side]: value });
      }
  return [...rows.values()];
}
