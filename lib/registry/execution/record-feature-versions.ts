import type { Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Instance } from "@/lib/domain/plans/instances";
import { stageOf } from "@/lib/domain/plans/variant-world";
import { digestOf } from "../record-event";
import type { RunContext } from "./run-context";

interface RecordedVersion {
  id: string;
  featureId: string;
  version: number;
}

export interface RecordedVersions {
  /** Columns that the run's stages write → the version that this run's instances are. */
  written: Map<string, RecordedVersion>;
  /** The same, and the versions of source columns that they read. */
  all: Map<string, RecordedVersion>;
}

/**
 * Finds the feature versions that a variant is, and makes those that are new with their lineage. A version is a strategy: the
 * same stages over the same inputs are the same version, run after run.
 */
export async function recordFeatureVersions(tx: Transaction, context: RunContext): Promise<RecordedVersions> {
  const { createdBy } = context.run;
  const wanted = wantedVersions(context);
  const features = await ensureFeatures(tx, context, wanted);
  const existing = await tx.featureVersion.findMany({
    where: { featureId: { in: [...features.values()] } },
    select: { id: true, featureId: true, version: true, signature: true },
  });
  const keyOf = (featureId: string, signature: string) => `${featureId} ${signature}`;
  const known = new Map(existing.map((row) => [keyOf(row.featureId, row.signature), row]));
  const next = new Map<string, number>();
  for (const row of existing) next.set(row.featureId, Math.max(next.get(row.featureId) ?? 0, row.version));
  const missing = wanted.filter(
    ({ column, signature }) => !known.has(keyOf(features.get(column) as string, signature)),
  );
  const created = await tx.featureVersion.createManyAndReturn({
    data: missing.map(({ column, signature, instance, source }) => {
      const featureId = features.get(column) as string;
      const version = (next.get(featureId) ?? 0) + 1;
      next.set(featureId, version);
      return {
        featureId,
        version,
        signature,
        stageVersionId: instance ? stageOf(context, instance).versionId : null,
        source,
        choice: instance ? choiceOf(context, instance) : {},
        createdBy,
      };
    }),
    select: { id: true, featureId: true, version: true, signature: true },
  });
  for (const row of created) known.set(keyOf(row.featureId, row.signature), row);
  const all = new Map(
    wanted.map(({ column, signature }): [string, RecordedVersion] => {
      const featureId = features.get(column) as string;
      const row = known.get(keyOf(featureId, signature));
      return [column, { id: row?.id as string, featureId, version: row?.version as number }];
    }),
  );
  const written = new Map([...all].filter(([column]) => context.writers.has(column)));
  await recordLineage(tx, context, all, missing);
  return { written, all };
}

interface WantedVersion {
  column: string;
  signature: string;
  instance: Instance | null;
  source: string | null;
}

/** What the variant writes, and the columns of sources. */
function wantedVersions(context: RunContext): WantedVersion[] {
  const written = [...context.writers].map(([column, key]): WantedVersion => ({
    column,
    signature: context.graph.signatures.get(key) as string,
    instance: context.instances.get(key) as Instance,
    source: null,
  }));
  const raw = context.catalogue.sources.flatMap((source) =>
    source.columns.map(({ name }): WantedVersion => ({
      column: `${source.entity}.${name}`,
      signature: `source:${source.name}`,
      instance: null,
      source: source.name,
    })),
  );
  const taken = new Set(written.map(({ column }) => column));
  return [...written, ...raw.filter(({ column }) => !taken.has(column) && taken.add(column))];
}

/** Column → id of its feature; a column that nobody documented gets a feature of its own. */
async function ensureFeatures(
  tx: Transaction,
  context: RunContext,
  wanted: WantedVersion[],
): Promise<Map<string, string>> {
  const { workspaceId, createdBy } = context.run;
  const names = wanted.map(({ column }) => column);
  const rows = await tx.feature.findMany({
    where: { workspaceId, name: { in: names } },
    select: { id: true, name: true },
  });
  const ids = new Map(rows.map((row) => [row.name, row.id]));
  const created = await tx.feature.createManyAndReturn({
    data: names
      .filter((name) => !ids.has(name))
      .map((name) => {
        const definition = { kind: "Feature", name, type: typeOf(context, name) };
        return {
          workspaceId,
          name,
          entity: splitColumn(name)[0],
          type: definition.type,
          declared: false,
          definition,
          digest: digestOf(definition),
          createdBy,
          updatedBy: createdBy,
        };
      }),
    select: { id: true, name: true },
  });
  for (const row of created) ids.set(row.name, row.id);
  return ids;
}

function typeOf(context: RunContext, column: string): string {
  for (const { definition } of context.stages.values())
    for (const output of definition.outputs) if (output.column === column) return output.type;
  for (const source of context.catalogue.sources)
    for (const { name, type } of source.columns) if (`${source.entity}.${name}` === column) return type;
  return "string";
}

/** The stage of every column at or upstream of an instance. */
function choiceOf(context: RunContext, instance: Instance): Record<string, string> {
  const choice: Record<string, string> = {};
  const seen = new Set<string>();
  const visit = (current: Instance) => {
    if (seen.has(current.key)) return;
    seen.add(current.key);
    for (const [column, key] of context.writers) if (key === current.key) choice[column] = current.stage;
    for (const from of Object.values(current.inputs))
      if ("instance" in from) visit(context.instances.get(from.instance) as Instance);
  };
  visit(instance);
  return Object.fromEntries(Object.entries(choice).sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function recordLineage(
  tx: Transaction,
  context: RunContext,
  versions: Map<string, RecordedVersion>,
  created: WantedVersion[],
): Promise<void> {
  await tx.featureVersionInput.createMany({
    data: created.flatMap(({ column, instance }) => {
      if (!instance) return [];
      const { inputs, fitInputs = [] } = stageOf(context, instance).definition;
      const link = (role: string) => (input: string) => {
        const version = versions.get(input);
        return version
          ? [{ readerId: (versions.get(column) as RecordedVersion).id, inputVersionId: version.id, role }]
          : [];
      };
      return [...inputs.flatMap(link("input")), ...fitInputs.flatMap(link("fitInput"))];
    }),
    skipDuplicates: true,
  });
}

/**
 * Points dev at every version that the run makes. A source's column, and what a view's run computes, only gets a pointer where
 * there is none: such a run computes what is served, and chooses nothing.
 * @param columns what was written
 */
export async function movePointers(
  tx: Transaction,
  { run }: RunContext,
  { written, all }: RecordedVersions,
  columns: readonly string[],
): Promise<void> {
  const pointers = await tx.pointer.findMany({
    where: { environment: "dev", feature: { workspaceId: run.workspaceId } },
    select: { id: true, featureId: true, versionId: true },
  });
  const current = new Map(pointers.map((pointer) => [pointer.featureId, pointer]));
  const added: { featureId: string; environment: string; versionId: string; updatedBy: string }[] = [];
  const moves = run.kind === "materialise" ? new Map<string, RecordedVersion>() : written;
  const kept = columns.flatMap((column) => (moves.has(column) ? [] : (all.get(column) ?? [])));
  for (const { id: versionId, featureId } of [...moves.values(), ...kept]) {
    const pointer = current.get(featureId);
    if (!pointer) added.push({ featureId, environment: "dev", versionId, updatedBy: run.createdBy });
    else if (pointer.versionId !== versionId && !kept.some((one) => one.featureId === featureId))
      await tx.pointer.update({ where: { id: pointer.id }, data: { versionId, updatedBy: run.createdBy } });
  }
  await tx.pointer.createMany({ data: added });
}
