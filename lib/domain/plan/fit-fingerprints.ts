import type { RowSet } from "../leakage/types";
import { fitRowsOf, type ResolvedVersions, rowSetOf, type Split, splitOf, type Upstream } from "./row-sets";
import { stageOf, type VariantWorld } from "./variant-world";

/** The rows that an estimator is fitted on. */
export interface PlannedFit {
  /** Equal fingerprint, equal fit: it is reused, not refitted. */
  fingerprint: string;
  rowSet: RowSet;
  /** How to select them; null is every row. */
  split: Split | null;
}

/**
 * The fit of every estimator: its fingerprint is the digest of its signature, its rows, the versions of the sources before
 * it and the fits before it.
 * @param digest a collision-resistant digest of a value's canonical JSON
 * @returns instance key → fit
 */
export function planFits(
  world: VariantWorld,
  upstream: ReadonlyMap<string, Upstream>,
  versions: ResolvedVersions,
  digest: (value: unknown) => string,
): Map<string, PlannedFit> {
  const fits = new Map<string, PlannedFit>();
  for (const instance of world.instances.values()) {
    const { definition } = stageOf(world, instance);
    if (!definition.estimator) continue;
    const { sources, estimators } = upstream.get(instance.key) as Upstream;
    const split = splitOf(world, fitRowsOf(world, instance));
    const rowSet = rowSetOf(world, definition.entity, sources, split, versions);
    const fingerprint = digest([
      world.graph.signatures.get(instance.key),
      rowSet,
      [...sources].sort().map((source) => [source, versions.get(source)]),
      // The same stage reads other values when what comes before it was fitted on other rows.
      [...estimators].map((key) => fits.get(key)?.fingerprint).sort(),
    ]);
    fits.set(instance.key, { fingerprint, rowSet, split });
  }
  return fits;
}
