import type { EntityDefinition } from "../definitions/entity";
import type { SourceDefinition } from "../definitions/source";
import type { PlannedFit } from "./fit-fingerprints";
import type { ResolvedVersions, Upstream } from "./row-sets";
import { stageOf, type VariantWorld } from "./variant-world";

/**
 * Digest of everything that an instance's values follow from: its signature, the fits before it and its own, and the
 * versions and definitions of the sources that it reads or whose rows its entity has. Equal fingerprint, equal values.
 * @param digest a collision-resistant digest of a value's canonical JSON
 * @returns instance key → fingerprint; none for an instance of which a source was never read
 */
export function fingerprintValues(
  world: VariantWorld & { catalogue: { entities: readonly EntityDefinition[] } },
  upstream: ReadonlyMap<string, Upstream>,
  fits: ReadonlyMap<string, Pick<PlannedFit, "fingerprint">>,
  versions: ResolvedVersions,
  digest: (value: unknown) => string,
): Map<string, string> {
  const entities = world.catalogue.entities.map(({ name, joinKeys, eventTime, relations }) => ({
    name,
    joinKeys,
    eventTime,
    relations,
  }));
  const sources = new Map(world.catalogue.sources.map((source) => [source.name, source]));
  const described = new Map<string, unknown>();
  const describe = (name: string) => {
    const known = described.get(name) ?? [name, versions.get(name), digest(layoutOf(sources.get(name)))];
    described.set(name, known);
    return known;
  };
  const layout = digest(entities);
  const fingerprints = new Map<string, string>();
  for (const instance of world.instances.values()) {
    const { sources: read, estimators } = upstream.get(instance.key) as Upstream;
    const { entity } = stageOf(world, instance).definition;
    const rows = world.catalogue.sources.filter((source) => source.entity === entity).map((source) => source.name);
    const names = [...new Set([...read, ...rows])].sort();
    if (names.some((name) => !versions.has(name))) continue;
    fingerprints.set(
      instance.key,
      digest([
        world.graph.signatures.get(instance.key),
        layout,
        names.map(describe),
        [...estimators, instance.key].flatMap((key) => fits.get(key)?.fingerprint ?? []).sort(),
      ]),
    );
  }
  return fingerprints;
}

/** What of a source decides which values its columns have. */
export function layoutOf(source: SourceDefinition | undefined) {
  if (!source) return null;
  const { entity, format, columns, rowKey, timeColumn, rowNumber } = source;
  return {
    entity,
    format,
    columns: columns.map(({ name, type, from }) => ({ name, type, from })),
    rowKey,
    timeColumn,
    rowNumber,
  };
}
