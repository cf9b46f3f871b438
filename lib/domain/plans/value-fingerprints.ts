import { entityBehaviour, sourceBehaviour } from "./behaviour";
import type { PlannedFit } from "./fit-fingerprints";
import { definitionsBefore, type ResolvedVersions, type Upstream } from "./row-sets";
import type { VariantWorld } from "./variant-world";

/**
 * Digest of everything that an instance's values follow from: its signature, the fits before it and its own, the entities that it
 * reads or joins, and the versions and definitions of the sources that it reads or whose rows its entity has. Equal fingerprint, equal
 * values.
 * @param digest a collision-resistant digest of a value's canonical JSON
 * @returns instance key → fingerprint; none for an instance of which a source was never read
 */
export function fingerprintValues(
  world: VariantWorld,
  upstream: ReadonlyMap<string, Upstream>,
  fits: ReadonlyMap<string, Pick<PlannedFit, "fingerprint">>,
  versions: ResolvedVersions,
  digest: (value: unknown) => string,
): Map<string, string> {
  const fingerprints = new Map<string, string>();
  for (const instance of world.instances.values()) {
    const before = upstream.get(instance.key) as Upstream;
    const { entities, sources } = definitionsBefore(world, instance, before);
    if (sources.some(({ name }) => !versions.has(name))) continue;
    fingerprints.set(
      instance.key,
      digest([
        world.graph.signatures.get(instance.key),
        entities.map(entityBehaviour),
        sources.map((source) => [source.name, versions.get(source.name), sourceBehaviour(source)]),
        [...before.estimators, instance.key].flatMap((key) => fits.get(key)?.fingerprint ?? []).sort(),
        ...(world.engine === undefined ? [] : [world.engine]),
      ]),
    );
  }
  return fingerprints;
}
