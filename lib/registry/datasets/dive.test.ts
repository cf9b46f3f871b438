import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { bareName, findDatasetToSample } from "./dive";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const find = (name: string, person: keyof Fixture["people"] = "ada", version?: number) =>
  findDatasetToSample(fixture.people[person], { workspace: "flights", name, version });

describe("findDatasetToSample", () => {
  it("has a source's columns with their roles, and where its files are", async () => {
    const found = await find("flights");
    expect(found).toMatchObject({ entity: "flight", version: 1, versions: [1], quarantined: false, rows: 3_000_000 });
    expect(found.source?.name).toBe("flights");
    expect(found.timeColumn).toBe("date");
    expect(found.fields.find((field) => field.name === "date")?.role).toBe("time");
    expect(found.fields.every((field) => field.column === `flight.${field.name}` && !field.withheld)).toBe(true);
    expect(found.files[0]?.path).toMatch(/^\//);
    // No run of the fixture says how its rows were split.
    expect(found.parts).toEqual([]);
  });

  it("has keys, time and features of an output, and the parts of its run in the order in which rows are given to them", async () => {
    const dataset = "airport@late_departures";
    const { run } = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset }, include: { run: true } });
    const split = await prisma().splitPolicy.findFirstOrThrow({ where: { name: "by_month" } });
    const evaluate = {
      split: split.name,
      validation: ["validation"],
      test: ["test"],
      label: "flight.is_late",
      model: "m",
      unit: [],
    };
    const definition = { kind: "Pipeline", name: "late_departures", outputs: [], fit: { split: split.name, parts: ["train"] }, evaluate }; // prettier-ignore
    const params = run?.params as object;
    const set = (more: object, kind = "variant") =>
      prisma().run.update({ where: { id: run?.id ?? "" }, data: { kind, params: { ...params, ...more } } });
    await set({ definition });
    const found = await find(dataset);
    expect(found.source).toBeNull();
    expect(found.fields[0]).toMatchObject({ name: "iata", role: "key", column: "airport.iata" });
    expect(found.fields.some((field) => field.name === "segment" && field.role === "feature")).toBe(true);
    expect(found.parts.map((part) => part.name)).toEqual(["test", "validation", "train"]);
    expect(found.parts[2]?.split?.parts).toEqual(["train"]);
    // The source that it read has the same parts.
    expect((await find("flights")).parts.map((part) => part.name)).toEqual(["test", "validation", "train"]);
    await set({ definition: { ...definition, fit: { rows: "all" } } });
    expect((await find(dataset)).parts[2]).toEqual({ name: "train", split: null });
    await set({ definition }, "predict");
    expect((await find(dataset)).parts).toEqual([{ name: "serving", split: null }]);
    await set({});
  });

  it("has the columns of the sources that the run read, by key and time, and of predictions those that they were scored by", async () => {
    const training = await find("flight@late_departures");
    expect(training.joined).toHaveLength(1);
    expect(training.joined[0]).toMatchObject({
      source: { name: "flights" },
      snapshot: { dataset: "flights", version: 1 },
      keys: [{ name: "id" }],
      time: { own: "date", theirs: "date" },
    });
    const names = training.fields.map((field) => field.name);
    expect(names).toEqual(expect.arrayContaining(["id", "date", "late_probability", "hour", "delay", "origin"]));
    expect(new Set(names).size).toBe(names.length);
    // What the run joined of airports is on rows of airports.
    expect(names).not.toContain("segment");
    // An airport's own source has no time: a row of any day has its values.
    const airports = (await find("airport@late_departures")).joined.find(({ source }) => source?.entity === "airport");
    expect(airports?.time ?? null).toBeNull();

    const read = await prisma().runInput.findMany({ where: { runId: fixture.runs[1] ?? "" } });
    const scored = async (inputs: string[]) => {
      const run = await prisma().run.create({
        data: {
          workspaceId: fixture.workspace.id,
          number: 900 + inputs.length,
          kind: "predict",
          title: "predict",
          state: "succeeded",
          params: { definition: { outputs: ["flight.late_probability", "airport.segment"] } },
          modelVersionId: fixture.models["late_model@1"] ?? null,
          createdBy: "test",
          inputs: { create: inputs.map((datasetVersionId) => ({ datasetVersionId })) },
        },
      });
      await prisma().run.update({ where: { id: fixture.runs[1] ?? "" }, data: { params: { pipeline: "late_departures", definition: { outputs: ["flight.late_probability", "airport.segment"] } } } }); // prettier-ignore
      const dataset = `flight@scored_${inputs.length}`;
      await prisma().datasetVersion.create({
        data: { workspaceId: fixture.workspace.id, dataset, version: 1, runId: run.id, files: [], digest: dataset, rows: 1n, timeFrom: new Date("2001-06-01"), timeTo: new Date("2001-06-30"), createdBy: "test" }, // prettier-ignore
      });
      return find(dataset);
    };
    const same = await scored(read.map((input) => input.datasetVersionId));
    expect(same.fields.slice(0, 3).map((field) => field.name)).toEqual(["id", "date", "late_probability"]);
    expect(same.joined.map(({ snapshot }) => snapshot.dataset)).toEqual(["flights", "flight@late_departures"]);
    expect(same.fields.map((field) => field.name)).toEqual(expect.arrayContaining(["hour", "delay"]));
    // Of other data the model's own run knows nothing.
    const { id } = await prisma().datasetVersion.create({
      data: { workspaceId: fixture.workspace.id, dataset: "news", version: 1, files: [], digest: "news", rows: 1n, createdBy: "test" }, // prettier-ignore
    });
    const other = await scored([id, ...read.map((input) => input.datasetVersionId)]);
    expect(other.joined.map(({ snapshot }) => snapshot.dataset)).toEqual(["flights"]);
  });

  it("withholds what is about persons from those who may not see it", async () => {
    const where = { workspaceId_name: { workspaceId: fixture.workspace.id, name: "flight.origin" } };
    await prisma().feature.update({ where, data: { sensitivity: "personal" } });
    const withheld = async (person: keyof Fixture["people"]) =>
      (await find("flights", person)).fields.filter((field) => field.withheld).map((field) => field.name);
    expect(await withheld("ada")).toEqual(["origin"]);
    expect(await withheld("chiara")).toEqual([]);
    await prisma().feature.update({ where, data: { sensitivity: "internal" } });
    expect(await withheld("ada")).toEqual([]);
  });

  it("shows a version in quarantine, and says what is not there", async () => {
    await prisma().datasetVersion.updateMany({ where: { dataset: "flights" }, data: { quarantinedAt: new Date() } });
    expect((await find("flights")).quarantined).toBe(true);
    await expect(find("flights", "ada", 7)).rejects.toMatchObject({ code: "not_found", message: expect.stringMatching(/no version 7/) as string }); // prettier-ignore
    await expect(find("nothing")).rejects.toMatchObject({ code: "not_found" });
    await expect(
      findDatasetToSample(fixture.stranger, { workspace: "flights", name: "flights" }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(bareName({ entity: "flight" }, "flight.delay")).toBe("delay");
    expect(bareName({ entity: "flight" }, "delay")).toBe("delay");
  });
});
