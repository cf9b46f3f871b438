import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import { bareName, findDatasetToSample } from "./dive";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await fillRegistry();
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
