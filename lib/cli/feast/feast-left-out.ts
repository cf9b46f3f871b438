import type { FeastView, RegistryDump } from "./registry-dump";

/** Objects of kinds that have no counterpart here, each with the reason: member of the dump, kind, why. */
const KINDS = [
  ["onDemandFeatureViews", "On-demand feature view", "it is computed by code when it is asked for; write a stage"],
  ["streamFeatureViews", "Stream feature view", "it is computed by code on a stream; write a stage"],
  ["labelViews", "Label view", "labels are columns of a source"],
  ["savedDatasets", "Saved dataset", "runs keep the versions of data that they read"],
  ["permissions", "Permission", "roles are given to people on Settings"],
] as const;

/** Sentences about them, and about data sources that no view reads. */
export function namesLeftOut(
  dump: RegistryDump,
  views: readonly FeastView[],
  isOurs: (project: string) => boolean,
): string[] {
  const others = KINDS.flatMap(([member, what, why]) =>
    dump[member]
      .filter(({ spec }) => isOurs(spec?.project ?? ""))
      .map(({ name, spec }) => `${what} ${spec?.name ?? name ?? "without a name"}: ${why}.`),
  );
  const used = new Set(views.flatMap(({ batchSource, streamSource }) => [batchSource?.name, streamSource?.name]));
  const unused = dump.dataSources.filter(({ name }) => !used.has(name));
  return [...others, ...unused.map(({ name }) => `Data source ${name}: no feature view reads its rows.`)];
}
