import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ListRunsQuery } from "@/lib/contracts/runs";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getModel, listModels } from "../models/models";
import { getRun, listRuns } from "./runs";

let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
  // Run 2 as a prediction of a deployment, with the stage versions that it was planned with.
  const versions = await prisma().stageVersion.findMany({
    where: { stage: { workspaceId: fixture.workspace.id } },
    select: { id: true, stage: { select: { name: true } } },
  });
  const run = await prisma().run.findUniqueOrThrow({ where: { id: fixture.runs[2] } });
  const model = await prisma().modelVersion.findUniqueOrThrow({ where: { id: fixture.models["late_model_banded@1"] } });
  const deployment = await prisma().deployment.create({
    data: {
      workspaceId: fixture.workspace.id,
      name: "late_daily",
      variantId: model.variantId as string,
      state: "active",
      params: {},
      model: "late_model_banded",
      createdBy: "test",
      updatedBy: "test",
      jobs: { create: { kind: "predict_staging", updatedBy: "test" } },
    },
    include: { jobs: true },
  });
  const jobId = deployment.jobs[0]?.id as string;
  await prisma().run.update({
    where: { id: run.id },
    data: {
      kind: "predict",
      jobId,
      modelVersionId: model.id,
      params: {
        pipeline: "late_departures_banded",
        stageVersions: Object.fromEntries(versions.map(({ id, stage }) => [stage.name, id])),
        window: ["2001-06-01T00:00:00.000Z", "2001-06-03T00:00:00.000Z"],
      },
    },
  });
  await prisma().backfill.create({
    data: {
      jobId,
      rangeFrom: new Date("2001-06-01"),
      rangeTo: new Date("2001-06-05"),
      chunkDays: 2,
      state: "running",
      createdBy: "test",
      chunks: {
        create: [0, 1].map((position) => ({
          position,
          rangeFrom: new Date(`2001-06-0${1 + 2 * position}`),
          rangeTo: new Date(`2001-06-0${3 + 2 * position}`),
          state: position === 0 ? "succeeded" : "pending",
          ...(position === 0 && { runId: run.id }),
        })),
      },
    },
  });
  const fit = await prisma().fit.findFirstOrThrow({
    where: { runId: fixture.runs[1], stageVersion: { stage: { name: "flight_segment_index" } } },
  });
  await prisma().fit.update({ where: { id: fit.id }, data: { seconds: 14.25 } });
  await prisma().runStage.updateMany({
    where: { runId: run.id, stage: "flight_segment_index" },
    data: { reused: true, savedSeconds: 14.25 },
  });
  await prisma().modelAlias.create({
    data: { modelId: model.modelId, alias: "staging", modelVersionId: model.id, updatedBy: "test" },
  });
});
afterAll(closeDatabase);

const stagesOf = async (number: number) =>
  new Map(
    (await getRun(fixture.people.ada, fixture.runs[number] as string)).stageList.map((stage) => [stage.stage, stage]),
  );

describe("getRun", () => {
  it("says what every stage reads: other stages of the run by their keys, and sources", async () => {
    const stages = await stagesOf(2);
    const key = (name: string) => stages.get(name)?.instance;
    expect(stages.get("airport_traffic")?.reads).toEqual(["source:flights"]);
    expect(stages.get("airport_bands")?.reads).toEqual([key("airport_traffic")]);
    // The label is read to fit only, and still flows in.
    expect(stages.get("late_tree")?.reads).toEqual([key("flight_vector"), key("flight_label")]);
    expect(stages.get("late_tree")).toMatchObject({ operator: "DecisionTreeClassifier", kind: "estimator" });
  });

  it("names the run whose fit was used again, and what that saved", async () => {
    const stages = await stagesOf(2);
    expect(stages.get("flight_segment_index")?.saved).toEqual({ seconds: 14.25, run: 1, runId: fixture.runs[1] });
    expect(stages.get("late_tree")?.saved).toBeNull();
  });

  it("says which job, window, model version and chunk it is of", async () => {
    expect(await getRun(fixture.people.ada, fixture.runs[2] as string)).toMatchObject({
      kind: "predict",
      deployment: "late_daily",
      job: "predict_staging",
      window: { from: "2001-06-01T00:00:00.000Z", to: "2001-06-03T00:00:00.000Z" },
      scoredWith: { model: "late_model_banded", version: 1 },
      backfill: { chunk: 1, chunks: 2 },
    });
    expect(await getRun(fixture.people.ada, fixture.runs[1] as string)).toMatchObject({
      deployment: null,
      job: null,
      window: null,
      scoredWith: null,
      backfill: null,
    });
  });
});

it.each([
  [{ kind: "predict" }, [2]],
  [{ kind: "fit" }, []],
  [{ deployment: "late_daily" }, [2]],
  [{ deployment: "late_daily", job: "fit" }, []],
  [{ deployment: "nothing" }, []],
  [{}, [2, 1]],
])("lists runs by %j", async (filter, numbers) => {
  const query = ListRunsQuery.parse({ workspace: "flights", ...filter });
  expect((await listRuns(fixture.people.ada, query)).items.map(({ number }) => number)).toEqual(numbers);
});

describe("models", () => {
  it("say what their aliases name and which deployments score with them", async () => {
    const { items } = await listModels(fixture.people.ada, "flights");
    expect(items.map(({ name, aliases }) => [name, aliases])).toEqual([
      ["late_model", { staging: null, production: null }],
      ["late_model_banded", { staging: 1, production: null }],
    ]);
    expect(await getModel(fixture.people.ada, "flights", "late_model_banded")).toMatchObject({
      versions: [{ version: 1, aliases: ["staging"] }],
      deployments: [{ name: "late_daily", state: "active", versions: [1] }],
      open: { staging: null, production: null },
      moves: [],
      promotable: true,
    });
  });

  it("offer promotion to whoever may propose it", async () => {
    expect((await getModel(fixture.people.devi, "flights", "late_model")).promotable).toBe(false);
  });
});
