import type { Principal } from "@/lib/domain/principal";
import { prisma } from "@/lib/db/client";
import { EVERYTHING, syncLineage } from "@/lib/registry/lineage/sync";
import { digestOf, recordEvents } from "@/lib/registry/record-event";
import { fillDeclarations } from "./registry-fixture-declarations";
import { FEATURES, PIPELINES, VIEWS } from "./registry-fixture-definitions";
import { fillFeatures, movePointer } from "./registry-fixture-features";
import { fillFits } from "./registry-fixture-fits";
import { resolve } from "./registry-fixture-makers";
import { fillModel } from "./registry-fixture-models";
import { fillPeople, type Person } from "./registry-fixture-people";
import { fillProfiles } from "./registry-fixture-profiles";
import { BY, idsOf } from "./registry-fixture-rows";
import { fillRun } from "./registry-fixture-runs";
import { fillSourceVersions } from "./registry-fixture-source-versions";
import { fillUsages } from "./registry-fixture-usages";
import { fillVersions } from "./registry-fixture-versions";

/**
 * A small workspace for tests and for looking at pages: declared objects, two runs of two pipelines, profiles, drift, usage and
 * one model that leaks beside one that is safe. Written straight to the tables, so that a test needs neither engine nor specs.
 * The database must be open.
 */
export interface Fixture {
  workspace: { id: string; name: string };
  people: Record<Person, Principal>;
  /** Signed in, without a role in the workspace. */
  stranger: Principal;
  /** Feature name → id. */
  features: Record<string, string>;
  /** `feature@version` → id of the feature version. */
  versions: Record<string, string>;
  /** Run number → id. */
  runs: Record<number, string>;
  /** `model@version` → id of the model version. */
  models: Record<string, string>;
}

export async function fillRegistry(options: { workspace?: string } = {}): Promise<Fixture> {
  const name = options.workspace ?? "flights";
  const id = idsOf(name);
  const db = prisma();
  const workspaceId = id("workspace");
  const definition = { kind: "Workspace", name, title: "Flights of 2001", defaultSplit: "by_month" };
  await db.workspace.create({
    data: {
      id: workspaceId,
      name,
      title: definition.title,
      description: "Late departures of US flights, January to June 2001.",
      defaultSplit: "by_month",
      definition,
      digest: digestOf(definition),
      createdBy: BY,
      updatedBy: BY,
    },
  });
  const people = await fillPeople(workspaceId);
  await fillDeclarations(workspaceId, id);
  const features = await fillFeatures(workspaceId, id);
  const worlds = PIPELINES.map((pipeline, index) => ({ pipeline, number: index + 1, made: resolve(pipeline) }));
  const { versions, idIn } = await fillVersions(
    id,
    worlds.map(({ made }) => made),
  );
  const sourceVersions = await fillSourceVersions(workspaceId, id);
  const runs: Record<number, string> = {};
  const models: Record<string, string> = {};
  for (const world of worlds) {
    const { number, made } = world;
    const run = await fillRun(workspaceId, id, world, idIn, sourceVersions, people.bram.id);
    runs[number] = run.id;
    for (const column of made.keys())
      if (FEATURES.some((feature) => feature.name === column))
        await movePointer(id, column, "dev", idIn(made, column), people.bram.id);
    const fits = await fillFits(id, run);
    await fillUsages(run, idIn, people.bram.id);
    const [model, modelVersionId] = await fillModel(id, run, fits, idIn);
    models[model] = modelVersionId;
    if (number === 1) {
      const view = VIEWS[0] as (typeof VIEWS)[number];
      await db.materialisation.create({
        data: {
          id: id("materialisation/1"),
          workspaceId,
          viewId: id(`view/${view.name}`),
          runId: run.id,
          datasetVersionId: run.outputs.airport as string,
          featureVersionIds: view.features.map((column) => idIn(made, column)),
          rows: 305n,
        },
      });
    }
    await fillProfiles(id, run, idIn, sourceVersions[0] as string);
  }
  for (const column of ["airport.segment", "airport.departures_7d", "airport.delay_mean_7d", "flight.hour"])
    for (const environment of ["staging", "production"])
      if (!(environment === "production" && column === "flight.hour"))
        await movePointer(id, column, environment, versions[`${column}@1`] as string, people.chiara.id);

  const scope = {
    actor: { id: BY, name: "Fixture", kind: "system" as const, roles: [] },
    workspace: { id: workspaceId, name },
    requestId: null,
  };
  await db.$transaction(async (tx) => {
    await syncLineage(tx, workspaceId, EVERYTHING, "written");
    await recordEvents(tx, scope, [
      { action: "workspace.create", object: `workspace/${name}`, after: definition },
      ...[1, 2].map((number) => ({ action: "run.succeed", object: `run/${number}`, after: { number } })),
    ]);
  });
  return {
    workspace: { id: workspaceId, name },
    people,
    stranger: { id: "user:stranger", name: "Stranger", kind: "user", bindings: [], requestId: null },
    features,
    versions,
    runs,
    models,
  };
}
