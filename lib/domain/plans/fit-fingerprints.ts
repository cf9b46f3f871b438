import type { RowSet } from "../leakage/types";
import { countedParts, fitBasis, type FitBasis } from "./fit-basis";
import { fitRowsOf, type ResolvedVersions, rowSetOf, type Split, splitOf, type Upstream } from "./row-sets";
import { stageOf, type VariantWorld } from "./variant-world";

/** The rows that an estimator is fitted on. */
export interface PlannedFit {
  /** Equal fingerprint, equal fit: it is reused, not refitted. */
  fingerprint: string;
  /** What the fingerprint is the digest of, for people. */
  basis: FitBasis;
  rowSet: RowSet;
  /** How to select them; null is every row. */
  split: Split | null;
}

/**
 * The fit of every estimator: its fingerprint is the digest of its signature, its rows, the definitions that they follow from
 * (split policy, entities with relations, sources with the versions that are read) and the fits before it.
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
  const fingerprints = new Map<string, string>();
  for (const instance of world.instances.values()) {
    const { definition } = stageOf(world, instance);
    if (!definition.estimator) continue;
    const before = upstream.get(instance.key) as Upstream;
    const split = splitOf(world, fitRowsOf(world, instance));
    const rowSet = rowSetOf(world, definition.entity, before.sources, split, versions);
    const basis = fitBasis(world, instance, { upstream: before, split, rowSet, fits: fingerprints, versions, digest });
    const fingerprint = digest(countedParts(basis));
    fingerprints.set(instance.key, fingerprint);
    fits.set(instance.key, { fingerprint, basis, rowSet, split });
  }
  return fits;
}
