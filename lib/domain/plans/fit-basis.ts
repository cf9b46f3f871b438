import { OWN_ENGINE, type EngineName } from "../definitions/engine-name";
import { toSplitPolicy } from "../leakage/split-policy";
import type { RowSet } from "../leakage/types";
import { entityBehaviour, sourceBehaviour } from "./behaviour";
import { definitionsBefore, type ResolvedVersions, type Split, type Upstream } from "./row-sets";
import type { Instance } from "./instances";
import { stageOf, type VariantWorld } from "./variant-world";

/**
 * Everything that a fit follows from, by name: equal digests, equal fit. Names and numbers are for people; what counts is the digest
 * beside them.
 */
export interface FitBasis {
  /** Digest of what the stage computes. */
  stage: string;
  /** The same with the stages that its inputs come from. */
  signature: string;
  /** The rows that it is fitted on. */
  rows: RowSet;
  split: { policy: string; version: number; parts: readonly string[]; digest: string } | null;
  /** Name → number of the dataset version that is read, and the digest of how the source is declared. */
  sources: Record<string, { version: number; digest: string }>;
  /** Name → digest of join keys, event time and relations. */
  entities: Record<string, string>;
  /** Estimator before it → fingerprint of its fit. */
  fits: Record<string, string>;
  /** The engine that fits it; left out of the local one's. */
  engine?: EngineName;
}

export function fitBasis(
  world: VariantWorld,
  instance: Instance,
  {
    upstream,
    split,
    rowSet,
    fits,
    versions,
    digest,
  }: {
    upstream: Upstream;
    split: Split | null;
    rowSet: RowSet;
    /** Instance key → fingerprint, of the estimators before it. */
    fits: ReadonlyMap<string, string>;
    versions: ResolvedVersions;
    digest: (value: unknown) => string;
  },
): FitBasis {
  const { entities, sources } = definitionsBefore(world, instance, upstream);
  return {
    stage: stageOf(world, instance).digest,
    signature: world.graph.signatures.get(instance.key) as string,
    rows: rowSet,
    split: split && {
      policy: split.policy.name,
      version: split.version,
      parts: split.parts,
      digest: digest(toSplitPolicy(split.policy)),
    },
    sources: Object.fromEntries(
      sources.flatMap((source) => {
        const version = versions.get(source.name);
        return version === undefined ? [] : [[source.name, { version, digest: digest(sourceBehaviour(source)) }]];
      }),
    ),
    entities: Object.fromEntries(entities.map((entity) => [entity.name, digest(entityBehaviour(entity))])),
    fits: Object.fromEntries(
      [...upstream.estimators].flatMap((key) => {
        const fingerprint = fits.get(key);
        return fingerprint === undefined ? [] : [[key, fingerprint] as const];
      }),
    ),
    ...(world.engine !== undefined && { engine: world.engine }),
  };
}

/** What the fingerprint is the digest of: no name of a policy and no number of a definition, only what they say. */
export function countedParts({ signature, rows, split, sources, entities, fits, engine }: FitBasis): unknown {
  return [
    signature,
    rows.map(({ split: by, ...box }) => [box, by ? [split?.digest, by.parts] : null]),
    split && [split.digest, split.parts],
    sorted(sources),
    sorted(entities),
    // The same stage reads other values when what comes before it was fitted on other rows.
    Object.values(fits).sort(),
    // So that fits of before there were several engines keep their fingerprints.
    ...(engine === undefined ? [] : [engine]),
  ];
}

function sorted<Value>(record: Record<string, Value>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** A fit as it is compared with another. `of` names where it was made, such as "run 3"; its basis is null where nobody kept one. */
export interface EarlierBasis {
  of: string;
  fingerprint: string;
  basis: FitBasis | null;
}

/** Why an estimator is fitted anew, or which fit is used again. @param earlier the newest fits of the same stage, newest first */
export function explainFit(now: { fingerprint: string; basis: FitBasis }, earlier: readonly EarlierBasis[]): string {
  const same = earlier.find(({ fingerprint }) => fingerprint === now.fingerprint);
  if (same) return `The fit of ${same.of} is used again: nothing that it follows from has changed.`;
  const [last] = earlier;
  if (!last) return "Fitted for the first time.";
  if (!last.basis) return `Fitted anew: ${last.of} did not record what its fit follows from.`;
  return `Fitted anew, unlike in ${last.of}: ${describeDifferences(last.basis, now.basis)}.`;
}

const SOMETHING_BEFORE = "a stage before it computes something else";

/** What is different between two bases, in words; never empty. */
export function describeDifferences(before: FitBasis, now: FitBasis): string {
  return differences(before, now).join("; ") || SOMETHING_BEFORE;
}

function differences(before: FitBasis, now: FitBasis): string[] {
  return [
    ...(before.stage === now.stage ? [] : ["the stage computes something else"]),
    ...(before.engine === now.engine
      ? []
      : [`it is fitted on ${now.engine ?? OWN_ENGINE}, not on ${before.engine ?? OWN_ENGINE}`]),
    ...splitDifference(before.split, now.split),
    ...each(before.sources, now.sources, (name, one, other) => [
      ...(one.digest === other.digest ? [] : [`source ${name} is declared in another way`]),
      ...(one.version === other.version ? [] : [`${name}@${other.version} is read, not ${name}@${one.version}`]),
    ]),
    ...each(before.entities, now.entities, (name, one, other) =>
      one === other ? [] : [`entity ${name} is declared in another way`],
    ),
    ...each(before.fits, now.fits, (name, one, other) =>
      one === other ? [] : [`${name.split("@")[0]} before it is fitted anew`],
    ),
  ];
}

function splitDifference(before: FitBasis["split"], now: FitBasis["split"]): string[] {
  if (before === null || now === null)
    return before === now
      ? []
      : [now === null ? "it is fitted on all rows" : `it is fitted on a part of ${now.policy}, not on all rows`];
  if (before.digest !== now.digest)
    return before.policy === now.policy
      ? [`split policy ${now.policy} is version ${now.version}, not ${before.version}`]
      : [`rows are split by ${now.policy}, not by ${before.policy}`];
  return before.parts.join() === now.parts.join()
    ? []
    : [`it is fitted on part ${now.parts.join(" and ")}, not on ${before.parts.join(" and ")}`];
}

function each<Value>(
  before: Record<string, Value>,
  now: Record<string, Value>,
  say: (name: string, before: Value, now: Value) => string[],
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().flatMap((name) => {
    const [one, other] = [before[name], now[name]];
    if (one === undefined) return [`${name.split("@")[0]} comes before it as well`];
    return other === undefined ? [`${name.split("@")[0]} comes before it no more`] : say(name, one, other);
  });
}
