import { planFits } from "@/lib/domain/plans/fit-fingerprints";
import { basesOf, type PromisedReuse } from "@/lib/domain/plans/promised-reuse";
import { findUpstream } from "@/lib/domain/plans/row-sets";
import { fingerprintValues } from "@/lib/domain/plans/value-fingerprints";
import { newestVersions } from "../datasets/versions";
import { digestOf } from "../record-event";
import type { LoadedVariant } from "./load-variant";
import { findFits, findValues, newestWith } from "./reuse";

/**
 * What the plan of a variant says at this moment: instance key → the values or the fit that are there already. Reads only, outside
 * any transaction.
 * @param versionAsOf source → version that is read in the place of the newest
 */
export async function promiseReuse(
  workspaceId: string,
  variant: LoadedVariant,
  versionAsOf: Readonly<Record<string, number>> = {},
): Promise<Map<string, PromisedReuse>> {
  const newest = [...(await newestVersions(workspaceId))].map(([name, { version }]) => [name, version] as const);
  const versions = new Map([...newest, ...Object.entries(versionAsOf)]);
  const upstream = findUpstream(variant);
  const fits = planFits(variant, upstream, versions, digestOf);
  const fingerprints = fingerprintValues(variant, upstream, fits, versions, digestOf);
  const [knownFits, knownValues] = await Promise.all([
    findFits(
      workspaceId,
      [...fits.values()].map(({ fingerprint }) => fingerprint),
    ),
    findValues(workspaceId, [...fingerprints.values()]),
  ]);
  if (knownFits.size + knownValues.size === 0) return new Map();
  const bases = basesOf(variant, upstream, fits, versions, digestOf);
  return new Map(
    [...bases].flatMap(([key, basis]): [string, PromisedReuse][] => {
      const columns = variant.graph.plan.columns.flatMap(({ writer, logical }) => (writer === key ? [logical] : []));
      const ofValues = fingerprints.get(key) ?? "";
      const values = newestWith(knownValues.get(ofValues) ?? [], columns);
      if (values) return [[key, { kind: "materialised", run: values.run.number, fingerprint: ofValues, basis }]];
      const ofFit = fits.get(key)?.fingerprint ?? "";
      const fit = knownFits.get(ofFit);
      return fit ? [[key, { kind: "fitted", run: fit.run.number, fingerprint: ofFit, basis }]] : [];
    }),
  );
}
