import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import { definitionKey } from "@/lib/domain/plans/variant-world";
import { type Finding, type Level, toLevel } from "@/lib/domain/reproductions/report";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import { definitionsOfKind } from "../definitions/current";
import { type RunContext, loadRunContext, scopeOfRun } from "../execution/run-context";
import { loadStageVersions, toLoadedVariant } from "../plans/load-variant";
import { anyDefinitionOf, paramsOf } from "../stored-json";

/** A run as it was when it ran, to be done again. */
export interface RecordedRun {
  context: RunContext;
  /** What is known of its definitions. */
  definitions: Level;
}

/** Loads a run with the definitions that it happened with. Throws `invalid` for one whose stages are not on record. */
export async function loadRecordedRun(run: Run): Promise<RecordedRun> {
  const { catalogue, findings } = await catalogueOfRun(run);
  const again = { until: run.finishedAt ?? new Date() };
  const definitions = toLevel("definitions", findings);
  if (run.kind === "materialise") return { context: { ...(await loadViewRun(run, catalogue)), again }, definitions };
  const made =
    run.modelVersionId === null
      ? null
      : await prisma().modelVersion.findUnique({ where: { id: run.modelVersionId }, include: { run: true } });
  const variant = made?.run ? { id: made.variantId, params: paramsOf(made.run) } : undefined;
  return { context: { ...(await loadRunContext(run, variant, catalogue)), again }, definitions };
}

/** A view's run has no variant: which stages it ran was written down when it began. */
async function loadViewRun(run: Run, catalogue: Catalogue): Promise<RunContext> {
  const params = paramsOf(run);
  const stages = await loadStageVersions(Object.values(params.stageVersions));
  const ran = await prisma().runStage.findMany({ where: { runId: run.id }, orderBy: { position: "asc" } });
  const order = [...new Set(ran.map(({ stage }) => stage))];
  return {
    ...toLoadedVariant(catalogue, params.definition, stages, { stages: order, choice: params.choice ?? {} }),
    run,
    params,
    scope: await scopeOfRun(run),
  };
}

/** What was declared for the run, with what became of it since. */
async function catalogueOfRun(run: Run): Promise<{ catalogue: Catalogue; findings: Finding[] }> {
  const catalogue = await loadCatalogue(run.workspaceId);
  const pins = await prisma().runDefinition.findMany({
    where: { runId: run.id },
    select: { definitionVersion: true },
  });
  if (pins.length === 0)
    return {
      catalogue,
      findings: [
        {
          subject: `run ${run.number}`,
          state: "not_recorded",
          text: "The run is from before definitions had versions: it was done again with what is declared now.",
        },
      ],
    };
  const pinned = pins
    .map(({ definitionVersion: row }) => ({ kind: anyDefinitionOf(row).kind, row, definition: anyDefinitionOf(row) }))
    .toSorted((one, other) => (one.row.name < other.row.name ? -1 : 1));
  const named = new Set(pinned.map(({ kind, row }) => definitionKey(kind, row.name)));
  const others = <One extends { kind: DefinitionKind; name: string }>(all: readonly One[]) =>
    all.filter(({ kind, name }) => !named.has(definitionKey(kind, name)));
  const versions = new Map(catalogue.versions);
  for (const { kind, row } of pinned) versions.set(definitionKey(kind, row.name), { id: row.id, version: row.version });
  return {
    catalogue: {
      ...catalogue,
      entities: [...others(catalogue.entities), ...definitionsOfKind(pinned, "Entity")],
      // A source of the same entity that was declared since was not read.
      sources: definitionsOfKind(pinned, "Source"),
      splits: [...others(catalogue.splits), ...definitionsOfKind(pinned, "SplitPolicy")],
      // What nobody had documented was not written out.
      features: definitionsOfKind(pinned, "Feature"),
      versions,
    },
    findings: pinned.map(({ kind, row }) => {
      const now = catalogue.versions.get(definitionKey(kind, row.name))?.version;
      const since = now !== undefined && now !== row.version ? ` It is at version ${now} now.` : "";
      return {
        subject: `${kind} ${row.name}`,
        state: "identical",
        text: `Version ${row.version} of ${kind} ${row.name}, as the run knew it.${since}`,
      };
    }),
  };
}
