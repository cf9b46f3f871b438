import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PipelineDetail, PipelineList } from "@/lib/contracts/pipelines";
import { SourceDetail, SourceList } from "@/lib/contracts/sources";
import { StageDetail, StageList } from "@/lib/contracts/stages";
import { closeDatabase } from "@/lib/db/client";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { getPipeline, listPipelines } from "../plans/pipelines";
import { getSource, listSources } from "../datasets/sources";
import { getStage, listStages } from "./stages";

let fixture: Fixture;
const page = { workspace: "flights", limit: 100 };

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

describe("stages", () => {
  it("are listed in declaration order, with who else writes the same column", async () => {
    const list = StageList.parse(await listStages(fixture.people.ada, page));
    expect(list.total).toBe(list.items.length);
    const writers = list.items.filter((stage) => stage.outputs.some(({ column }) => column === "airport.segment"));
    expect(writers).toHaveLength(2);
    expect(writers[0]?.alternatives).toEqual([writers[1]?.name]);
    expect(list.items.some((stage) => stage.runs > 0)).toBe(true);
  });

  it.each([
    [{ kind: "estimator" as const }, (list: StageList) => list.items.every((stage) => stage.kind === "estimator")],
    [{ entity: "airport" }, (list: StageList) => list.items.every((stage) => stage.entity === "airport")],
    [{ column: "airport.segment" }, (list: StageList) => list.items.some((stage) => stage.inputs.includes("airport.segment"))],
    [{ q: "KMEANS segment" }, (list: StageList) => list.items.length === 1],
  ])("are filtered by %j", async (filter, holds) => {
    const list = await listStages(fixture.people.devi, { ...page, ...filter });
    expect(list.items.length).toBeGreaterThan(0);
    expect(holds(list)).toBe(true);
  }); // prettier-ignore

  it("come in pages that together are the list", async () => {
    const all = await listStages(fixture.people.ada, page);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const part = await listStages(fixture.people.ada, { ...page, limit: 3, cursor });
      names.push(...part.items.map((stage) => stage.name));
      cursor = part.nextCursor ?? undefined;
    } while (cursor);
    expect(names).toEqual(all.items.map((stage) => stage.name));
    await expect(listStages(fixture.people.ada, { ...page, cursor: "x" })).rejects.toMatchObject({ code: "invalid" });
  });

  it("show producers, consumers, versions and fits", async () => {
    const { items } = await listStages(fixture.people.ada, { ...page, column: "airport.segment", q: "kmeans" });
    const detail = StageDetail.parse(await getStage(fixture.people.ada, "flights", items[0]?.name ?? ""));
    expect(detail.reads.every((input) => input.producers.length > 0)).toBe(true);
    const [segment] = detail.writes;
    expect(segment?.alternatives).toHaveLength(1);
    expect(segment?.consumers.map(({ kind }) => kind)).toContain("stage");
    expect(detail.versions.at(-1)?.changes).toEqual([]);
    expect(detail.recentFits[0]?.rowSet).toMatch(/ of flights@1/);
    expect(detail.yaml).toContain("estimator: KMeans");
  });
});

describe("sources and pipelines", () => {
  it("show columns with their readers, dataset versions and distributions", async () => {
    const list = SourceList.parse(await listSources(fixture.people.ada, { ...page, q: "flights delay" }));
    expect(list.items.map((source) => source.name)).toEqual(["flights"]);
    const detail = SourceDetail.parse(await getSource(fixture.people.ada, "flights", "flights"));
    expect(detail.schema.find((column) => column.name === "id")?.roles).toEqual(["row key", "join key", "row number"]);
    expect(detail.schema.find((column) => column.name === "delay")?.readers.length).toBeGreaterThan(0);
    expect(detail.history[0]).toEqual(detail.latest);
    expect(detail.profiles.map((profile) => profile.column)).toContain("flight.delay");
  });

  it("plan pipelines with their pins", async () => {
    const list = PipelineList.parse(await listPipelines(fixture.people.ada, page));
    expect(list.items.length).toBeGreaterThan(0);
    const detail = PipelineDetail.parse(await getPipeline(fixture.people.ada, "flights", list.items[0]?.name ?? ""));
    expect(detail.plan?.variants).toHaveLength(Number(detail.variants));
    for (const choice of detail.plan?.choices ?? []) expect(choice).toMatchObject(detail.pins);
  });

  it("are not found by strangers, nor when they do not exist", async () => {
    const notFound = { code: "not_found" };
    await expect(listStages(fixture.stranger, page)).rejects.toMatchObject(notFound);
    await expect(getStage(fixture.people.ada, "flights", "nothing")).rejects.toMatchObject(notFound);
    await expect(getSource(fixture.people.ada, "flights", "nothing")).rejects.toMatchObject(notFound);
    await expect(getPipeline(fixture.people.ada, "flights", "nothing")).rejects.toMatchObject(notFound);
    await expect(getPipeline(fixture.stranger, "flights", "nothing")).rejects.toMatchObject(notFound);
  });
});
