import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createExperiment as createContract } from "@/lib/contracts/experiments";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { exportExperiments, findSimilarExperiments, listExperiments } from "./search";
import { createExperiment, decideExperiment, getExperiment, reopenExperiment, updateExperiment } from "./experiments";
import { searchEverything } from "../home/search";

let fixture: Fixture;
let workspace: string;

beforeAll(openTestDatabase);
afterAll(closeDatabase);
beforeEach(async () => {
  fixture = await filledRegistry();
  workspace = fixture.workspace.name;
});

const SEGMENTS = {
  title: "Finer airport segments",
  hypothesis: "Passengers are warned earlier when airports are told apart by behaviour instead of size.",
  metric: "log loss of flight.late_probability",
  features: ["airport.segment"],
  stages: ["airport_segments"],
  tags: ["segments"],
};
const WEATHER = {
  title: "Weather at the origin",
  hypothesis: "Rain in the last hours predicts late departures better than the airport does.",
  metric: "auc",
};

const create = (more: object = SEGMENTS, who = fixture.people.ada) =>
  createExperiment(who, createContract.body.parse({ workspace, ...SEGMENTS, ...more }));
const ref = (number: number) => ({ workspace, number });
const find = (query: object = {}) => listExperiments(fixture.people.devi, { workspace, q: "", limit: 50, ...query });
const titles = async (query: object) => (await find(query)).items.map((item) => item.title);
const INVALID = { outcome: "invalidated", insight: "Finer segments did not help: size says it all." } as const;

describe("createExperiment", () => {
  it("writes a hypothesis down, owned by its author unless said otherwise, and audits it", async () => {
    const experiment = await create({ tags: ["segments", "segments"] });
    expect(experiment).toMatchObject({
      number: 1,
      state: "open",
      outcome: null,
      owner: "Ada Lindqvist",
      createdBy: "Ada Lindqvist",
      tags: ["segments"],
      features: ["airport.segment"],
    });
    expect((await create({ owner: "delay-analytics" })).number).toBe(2);
    const events = await prisma().auditEvent.findMany({ where: { workspace, action: "experiment.create" } });
    expect(events.map((event) => event.object)).toEqual([`${workspace}/experiment/1`, `${workspace}/experiment/2`]);
    expect(events[0]?.after).toMatchObject({ title: SEGMENTS.title, hypothesis: SEGMENTS.hypothesis });
  });

  it("names features, stages and pipelines that are not there, with what was meant, and writes nothing", async () => {
    const wrong = {
      features: ["airport.segment", "airport.segmnt"],
      stages: ["airport_segment"],
      variants: [
        { name: "banded", pipeline: "late_departures_bandd" },
        { name: "other", pipeline: "late_departures", variant: "0000" },
        { name: "nowhere", variant: "0000" },
      ],
    };
    const error = await create(wrong).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "invalid",
      message: expect.stringContaining("Did you mean `airport.segment`?"),
    });
    const { issues } = (error as { context: { issues: { path: unknown; expected?: string }[] } }).context;
    expect(issues.map(({ path, expected }) => [path, expected])).toEqual([
      [["features", 1], "airport.segment"],
      [["stages", 0], "airport_segments"],
      [["variants", 0, "pipeline"], "late_departures_banded"],
      [["variants", 1, "variant"], undefined],
      [["variants", 2, "pipeline"], undefined],
    ]);
    expect(await prisma().experiment.count({ where: { workspaceId: fixture.workspace.id } })).toBe(0);
  });

  it("takes a variant that something ran with", async () => {
    const known = await prisma().variant.findFirstOrThrow({
      where: { pipeline: { workspaceId: fixture.workspace.id, name: "late_departures" } },
    });
    const variants = [{ name: "k-means", description: "", pipeline: "late_departures", variant: known.signature }];
    expect((await create({ variants })).variants).toEqual(variants);
  });

  it("is for makers, and strangers see nothing", async () => {
    await expect(create({}, fixture.people.devi)).rejects.toMatchObject({ code: "forbidden" });
    await expect(create({}, fixture.stranger)).rejects.toMatchObject({ code: "not_found" });
    await create();
    await expect(getExperiment(fixture.stranger, ref(1))).rejects.toMatchObject({ code: "not_found" });
    await expect(getExperiment(fixture.people.devi, ref(9))).rejects.toMatchObject({ code: "not_found" });
  });

  it("gives two at once different numbers", async () => {
    const both = await Promise.all([create(), create({}, fixture.people.bram)]);
    expect(both.map((experiment) => experiment.number).sort()).toEqual([1, 2]);
  });
});

describe("deciding", () => {
  it("keeps outcome, insight, who and when; what was decided upon is frozen until it is reopened with a reason", async () => {
    await create();
    const decided = await decideExperiment(fixture.people.chiara, ref(1), INVALID);
    expect(decided).toMatchObject({ state: "decided", ...INVALID, decidedBy: "Chiara Rossi" });
    await expect(decideExperiment(fixture.people.ada, ref(1), INVALID)).rejects.toMatchObject({ code: "conflict" });
    await expect(
      updateExperiment(fixture.people.ada, ref(1), { hypothesis: "Something quite different was meant." }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("hypothesis") });
    // The same words are no change; links and insight may grow.
    await updateExperiment(fixture.people.ada, ref(1), { title: SEGMENTS.title, tags: ["segments", "airport"] });

    const reopened = await reopenExperiment(fixture.people.bram, ref(1), { reason: "The label was wrong in May." });
    expect(reopened).toMatchObject({ state: "open", outcome: null, decidedAt: null, insight: INVALID.insight });
    await expect(reopenExperiment(fixture.people.bram, ref(1), { reason: "Again." })).rejects.toMatchObject({
      code: "conflict",
    });
    const events = await prisma().auditEvent.findMany({
      where: { workspace, object: `${workspace}/experiment/1` },
      orderBy: { sequence: "asc" },
    });
    expect(events.map((event) => event.action)).toEqual([
      "experiment.create",
      "experiment.decide",
      "experiment.update",
      "experiment.reopen",
    ]);
    expect(events[2]).toMatchObject({ before: { tags: ["segments"] }, after: { tags: ["segments", "airport"] } });
    expect(events[3]).toMatchObject({ after: { reason: "The label was wrong in May." } });
  });

  it("lets one of two deciders at once through", async () => {
    await create();
    const results = await Promise.allSettled([
      decideExperiment(fixture.people.ada, ref(1), INVALID),
      decideExperiment(fixture.people.bram, ref(1), { ...INVALID, outcome: "validated" }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("finding", () => {
  beforeEach(async () => {
    await create();
    await decideExperiment(fixture.people.ada, ref(1), INVALID);
    await create({
      ...WEATHER,
      features: [],
      stages: ["airport_traffic"],
      tags: ["weather"],
      owner: "delay-analytics",
    });
    await create({ ...WEATHER, title: "Segments by weather", features: ["airport.segment"], stages: [], tags: [] });
  });

  it("ranks the title before the hypothesis before the insight", async () => {
    await create({ ...WEATHER, title: "By insight", features: [], stages: [], tags: [] });
    await updateExperiment(fixture.people.ada, ref(4), { insight: "Turbulence was behind it." });
    const hypothesis = "Turbulence on the way in delays the way out.";
    await create({ ...WEATHER, title: "By hypothesis", hypothesis, features: [], stages: [], tags: [] });
    await create({ ...WEATHER, title: "By turbulence", features: [], stages: [], tags: [] });
    expect(await titles({ q: "turbulent OR turbulence" })).toEqual(["By turbulence", "By hypothesis", "By insight"]);
  });

  it("stems words and reads operators as web searches do", async () => {
    expect(await titles({ q: "segmented" })).toEqual(["Finer airport segments", "Segments by weather"]);
    // Only the insight says it.
    expect(await titles({ q: "says" })).toEqual(["Finer airport segments"]);
    expect(await titles({ q: "departure warned" })).toEqual([]);
    expect(await titles({ q: "rain or passengers" })).toHaveLength(3);
    expect(await titles({ q: '"late departures" -segments' })).toEqual(["Weather at the origin"]);
  });

  it("reads misspelt and unfinished words, and says how", async () => {
    const misspelt = await find({ q: "wether" });
    expect(misspelt.items).toHaveLength(2);
    expect(misspelt.corrections).toEqual([{ word: "wether", read: ["weather"] }]);
    expect(await titles({ q: "passen" })).toEqual(["Finer airport segments"]);
    expect((await find({ q: "zzzzzz" })).corrections).toEqual([]);
    expect(await titles({ q: '\'); DROP TABLE "Experiment"; -- !:*&|' })).toEqual([]);
  });

  it("filters and pages", async () => {
    expect(await titles({ outcome: "invalidated" })).toEqual(["Finer airport segments"]);
    expect(await titles({ outcome: "open", feature: "airport.segment" })).toEqual(["Segments by weather"]);
    expect(await titles({ stage: "airport_traffic" })).toEqual(["Weather at the origin"]);
    expect(await titles({ owner: "delay-analytics" })).toEqual(["Weather at the origin"]);
    expect(await titles({ tag: "segments" })).toEqual(["Finer airport segments"]);
    const first = await find({ limit: 2 });
    expect(first).toMatchObject({ total: 3, facets: { tags: ["segments", "weather"] } });
    const second = await find({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((item) => item.number)).toEqual([3, 2, 1]);
    expect(second.nextCursor).toBeNull();
  });

  it("shows what is like a draft before it is saved", async () => {
    const similar = await findSimilarExperiments(fixture.people.bram, {
      workspace,
      text: "Better airport segments. Telling airports apart by their behaviour warns passengers earlier.",
      feature: ["airport.segment"],
      stage: [],
    });
    expect(similar.items[0]).toMatchObject({
      experiment: { number: 1, outcome: "invalidated" },
      shared: ["airport.segment"],
    });
    expect(similar.items[0]?.words).toEqual(expect.arrayContaining(["airport", "behaviour", "passeng", "segment"]));
    const none = { workspace, text: "Baggage belts break down on Mondays.", feature: [], stage: [] };
    expect((await findSimilarExperiments(fixture.people.bram, none)).items).toEqual([]);
  });

  it("exports everything that a search finds", async () => {
    const csv = (await exportExperiments(fixture.people.devi, { workspace, q: "", format: "csv" })).join("");
    expect(csv.split("\r\n")).toHaveLength(5);
    expect(csv).toContain("1,Finer airport segments,");
    const json = (await exportExperiments(fixture.people.devi, { workspace, q: "rain", format: "json" })).join("");
    expect(JSON.parse(json)).toHaveLength(2);
  });

  it("is part of the search over everything, by words and by number", async () => {
    const found = await searchEverything(fixture.people.devi, { workspace, q: "weather", limit: 5 });
    expect(found.items.filter((hit) => hit.kind === "experiment")).toEqual([
      expect.objectContaining({ name: "Experiment 3", href: "/experiments/3" }),
      expect.objectContaining({ name: "Experiment 2", detail: "Weather at the origin, open" }),
    ]);
    const numbered = await searchEverything(fixture.people.devi, { workspace, q: "experiment 1", limit: 5 });
    expect(numbered.items).toContainEqual(
      expect.objectContaining({ name: "Experiment 1", detail: expect.stringContaining("invalidated") }),
    );
  });
});
