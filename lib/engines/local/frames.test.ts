import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import { findColumn, newFrame, ROW_ID } from "./frame";
import { Frames } from "./frames";
import { findUses, scheduleInstances } from "./plan-uses";
import { quoteName } from "./quote";
import { openSession, type Session } from "./session";
import { obsEntity, obsSource, openSmallWorld, type SmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
let location: string;
let session: Session;

beforeAll(async () => {
  world = await openSmallWorld();
  location = await world.write("rows.parquet", "SELECT range AS id, range * 10 AS a, 'x' || range AS s FROM range(3)");
});
afterAll(() => world.close());

const source = () =>
  obsSource(location, [
    { name: "a", type: "bigint" },
    { name: "s", type: "string" },
  ]);

const reading = (name: string, inputs: string[], more: Partial<StageDefinition> = {}): EngineInstance => ({
  key: name,
  stage: stage(name, { transformer: "sql", inputs, outputs: [{ column: `obs.${name}`, type: "bigint" }], ...more }),
  inputs: Object.fromEntries(inputs.map((column) => [column, null])),
});

async function framesOf(instances: EngineInstance[], sources = [source()]): Promise<Frames> {
  const plan: VariantPlan = {
    entities: [obsEntity(), { kind: "Entity", name: "band", joinKeys: [{ name: "band", type: "bigint" }] }],
    sources: await Promise.all(
      sources.map(async (definition) => ({
        definition,
        snapshot: { ...(await world.engine.describe(definition)), version: 1 },
      })),
    ),
    instances,
    materialise: [],
    profile: { columns: [], selections: [], every: null },
    outputDirectory: world.outputDirectory,
  };
  const order = scheduleInstances(instances);
  const control = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
  return new Frames(session, plan, order, findUses(plan, order), control, order.length);
}

beforeEach(async () => {
  session = await openSession({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "256MB" });
  return () => session.close();
});

const valuesOf = async (frames: Frames, relation: string, name: string) =>
  (await session.rows<{ v: unknown }>(`SELECT ${quoteName(name)} AS v FROM ${relation} ORDER BY ALL`)).map(
    ({ v }) => v,
  );

const nameOf = (frame: Parameters<typeof findColumn>[0], column: string) => {
  const physical = findColumn(frame, column, null)?.physical;
  return physical && "name" in physical ? physical.name : "";
};

describe("rows", () => {
  it("come from the source once, however often they are asked for", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one, reading("two", ["obs.a"])]);
    const frame = await frames.readBy(one);
    expect(await frames.holding("obs", [])).toBe(frame);
    expect(frames.held("obs", [])).toBe(frame);
    expect(await valuesOf(frames, frame.relation, nameOf(frame, "obs.a"))).toEqual([0, 10, 20]);
  });
  it("hold the columns that the plan reads, and no others", async () => {
    const one = reading("one", ["obs.a"]);
    const frame = await (await framesOf([one])).readBy(one);
    expect(findColumn(frame, "obs.a", null)).toMatchObject({ type: "bigint" });
    expect(findColumn(frame, "obs.s", null)).toBeUndefined();
  });
  it("of an entity that nothing gives are an error that names it", async () => {
    const frames = await framesOf([reading("one", ["obs.a"])]);
    await expect(frames.holding("band", [])).rejects.toThrow(/Nothing in the plan gives rows of band/);
    expect(() => frames.entity("nobody")).toThrow(/names an entity nobody/);
  });
  it("made by a stage must have each key once", async () => {
    const totals = reading("totals", ["obs.a"], { entity: "band", from: "obs", outputs: [{ column: "band.total", type: "bigint" }] }); // prettier-ignore
    const frames = await framesOf([totals]);
    await session.run('CREATE TABLE made AS SELECT 1::BIGINT AS "#key0", v AS total FROM range(2) r(v)');
    await expect(frames.addRows(totals, "made", false, ["#key0", "total"], new Map())).rejects.toThrow(
      /has 2 rows for 1/,
    );
  });
  it("get a number each, in order of their keys", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one]);
    const frame = await frames.readBy(one);
    await frames.number(frame);
    await frames.number(frame);
    expect(frame.names.filter((name) => name === ROW_ID)).toHaveLength(1);
    const rows = await session.rows(`SELECT "#row" AS n, "#key0" AS k FROM ${frame.relation} ORDER BY n`);
    expect(rows).toEqual([0, 1, 2].map((k) => ({ n: k + 1, k })));
  });
});

describe("columns", () => {
  it("are put beside the others without a copy, and stored when they pay", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one, reading("two", ["obs.a"])]);
    const frame = await frames.readBy(one);
    await frames.extend(frame, [{ name: "twice", sql: `2 * ${quoteName(nameOf(frame, "obs.a"))}` }]);
    expect(frame.stored).toBe(false);
    await frames.store(frame, undefined, ["twice"]);
    // Nothing changes for one that is a table.
    const { relation } = frame;
    await frames.store(frame);
    expect(frame).toMatchObject({ stored: true, relation });
    expect(await valuesOf(frames, frame.relation, "twice")).toEqual([0, 20, 40]);
  });
  it("that nothing reads any more are not copied into a new table", async () => {
    const one = reading("one", ["obs.a", "obs.s"]);
    const two = reading("two", ["obs.a"]);
    const frames = await framesOf([one, two]);
    const frame = await frames.readBy(one);
    frames.at = 1;
    await frames.extend(frame, [{ name: "x", sql: "1" }]);
    await frames.store(frame);
    expect(findColumn(frame, "obs.a", null)).toBeDefined();
    expect(findColumn(frame, "obs.s", null)).toBeUndefined();
  });
  it("that are lent stay when their frame moves on", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one, reading("two", ["obs.a"])]);
    const frame = await frames.readBy(one);
    const name = nameOf(frame, "obs.a");
    const lent = await frames.lend(frame);
    await frames.extend(frame, [{ name: "x", sql: "1" }]);
    await frames.store(frame, undefined, ["x"]);
    expect(frame.relation).not.toBe(lent);
    expect(await valuesOf(frames, lent, name)).toEqual([0, 10, 20]);
  });
  it("are joined by key, each row at most once, and missing where there is none", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one]);
    const frame = await frames.readBy(one);
    await session.run('CREATE TABLE fixed AS SELECT * FROM (VALUES (1::BIGINT, 7::BIGINT)) t("#key0", w)');
    const fixed = newFrame(obsEntity(), "fixed", false, ["#key0", "w"], new Map([["obs.w|", { type: "bigint", physical: { kind: "scalar", name: "w" }, finite: true }]])); // prettier-ignore
    fixed.lent = true;
    const from = findColumn(fixed, "obs.w", null);
    if (!from) throw new Error("the column is there");
    const joined = await frames.joinByKey(frame, fixed, ['"#key0"'], "obs.w", null, from);
    expect(joined.physical).toMatchObject({ kind: "scalar" });
    const name = "name" in joined.physical ? joined.physical.name : "";
    const rows = await session.rows(`SELECT "#key0" AS k, ${quoteName(name)} AS w FROM ${frame.relation} ORDER BY k`);
    expect(rows).toEqual([{ k: 0, w: null }, { k: 1, w: 7 }, { k: 2, w: null }]); // prettier-ignore
  });
  it("that nobody writes are an error that says who asks", async () => {
    const one = reading("one", ["obs.a"]);
    const frames = await framesOf([one]);
    const frame = await frames.readBy(one);
    await expect(frames.own(frame, "obs.nosuch", null, "Stage one")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/^Stage one reads obs\.nosuch/) as string,
      context: { issues: [{ path: ["inputs"], found: "obs.nosuch" }] },
    });
  });
  it("have names of their own", async () => {
    const frames = await framesOf([reading("one", ["obs.a"])]);
    const names = Array.from({ length: 50 }, () => frames.fresh("a"));
    expect(new Set(names).size).toBe(50);
  });
});
