import { describeDifferences, fitBasis, type FitBasis } from "./fit-basis";
import type { PlannedFit } from "./fit-fingerprints";
import type { ResolvedVersions, Upstream } from "./row-sets";
import type { VariantWorld } from "./variant-world";

/** What a plan said of a stage when its run was asked for: that its values or its fit are there already. */
export interface PromisedReuse {
  kind: "materialised" | "fitted";
  /** Number of the run that made them. */
  run: number;
  /** Of the values or of the fit. */
  fingerprint: string;
  /** What the fingerprint follows from, so that a run that reads something else can say what differs. */
  basis: FitBasis;
}

/** What the values of every instance follow from, by name. A transformer's rows are those of its sources. */
export function basesOf(
  world: VariantWorld,
  upstream: ReadonlyMap<string, Upstream>,
  planned: ReadonlyMap<string, PlannedFit>,
  versions: ResolvedVersions,
  digest: (value: unknown) => string,
): Map<string, FitBasis> {
  const fits = new Map([...planned].map(([key, { fingerprint }]) => [key, fingerprint]));
  return new Map(
    [...world.instances.values()].map((instance) => [
      instance.key,
      planned.get(instance.key)?.basis ??
        fitBasis(world, instance, {
          upstream: upstream.get(instance.key) as Upstream,
          split: null,
          rowSet: [],
          fits,
          versions,
          digest,
        }),
    ]),
  );
}

/** What a run found of what was promised. */
export interface FoundReuse {
  fingerprint: string | undefined;
  basis: FitBasis;
  /** Files with equal values that are on disk: which columns they hold, and the seconds that the stage took to compute. */
  files: readonly { columns: ReadonlyMap<string, unknown>; seconds: number | null }[];
  /** `entity.column` of what the run needs of the stage. */
  columns: readonly string[];
}

/** Why a run does not use what its plan promised, as a sentence. */
export function explainBrokenPromise({ kind, run, fingerprint, basis }: PromisedReuse, found: FoundReuse): string {
  const promise =
    kind === "fitted"
      ? `The plan promised the fit of run ${run}`
      : `The plan promised the values of run ${run}, and they are computed again`;
  if (found.fingerprint !== fingerprint) return `${promise}: unlike then, ${describeDifferences(basis, found.basis)}.`;
  if (kind === "fitted") return `${promise}, which the registry no longer has.`;
  const [newest] = found.files;
  if (!newest) return `${promise}: their file is no longer on disk as it was written, or is quarantined.`;
  const missing = found.columns.filter((column) => !found.files.some(({ columns }) => columns.has(column)));
  if (missing.length > 0)
    return `${promise}: this run needs ${missing.join(", ")} as well, which no earlier run wrote.`;
  const whole = found.files.find(({ columns }) => found.columns.every((column) => columns.has(column)));
  if (!whole) return `${promise}: no single earlier file holds all of ${found.columns.join(", ")}.`;
  return `${promise}: that is quicker than reading them, ${(whole.seconds ?? 0).toFixed(2)} s when it was measured.`;
}
