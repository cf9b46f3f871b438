import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DomainError } from "@/lib/domain/errors";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { World } from "./make-plan.test-support";
import { merge, runTables, type Table, toPlan, variantsOf } from "./merged-plan.test-support";
import { type SmallWorld, openSmallWorld } from "./small-world.test-support";
import { drawTrips } from "./trips-world.test-support";

const FIT = { rows: "all" } as const;
let small: SmallWorld;
let world: World;
let variant: PlannedVariant;
let plan: VariantPlan;
let whole: Awaited<ReturnType<typeof runTables>>;
beforeAll(async () => {
  small = await openSmallWorld();
  world = await drawTrips(small, 11);
  // Weekly traffic beside daily kinds: columns of one shop on different rows.
  const found = variantsOf(world, ["trip.late", "shop.kinds"]).find(
    ({ choice }) => choice["shop.trips"] === "traffic_weekly" && choice["shop.segment"] === "groups",
  );
  if (!found) throw new Error("no such variant");
  variant = found;
  plan = await toPlan(small, world, merge(world, [variant]), FIT);
  whole = await runTables(small, world, plan);
});
afterAll(() => small.close());

/** What the first run wrote of an instance, as a later run is given it. */
function valuesOf(instance: EngineInstance): EngineInstance["values"] {
  const output = whole.result.outputs.find(({ entity }) => entity === instance.stage.entity);
  const columns = (output?.columns ?? []).filter((column) => column.instance === instance.key);
  if (!output || columns.length < instance.stage.outputs.length || columns.some(({ reusable }) => !reusable))
    return undefined;
  return {
    file: output.snapshot.files[0]?.path ?? "",
    columns: Object.fromEntries(columns.map(({ column, name }) => [column, name])),
  };
}

function withValues(instance: EngineInstance): EngineInstance {
  const values = valuesOf(instance);
  return values ? { ...instance, values } : instance;
}

const named = (name: string) => {
  const found = plan.instances.find(({ stage }) => stage.name === name);
  if (!found) throw new Error(`no instance of ${name}`);
  return found;
};

function expectSame(found: Map<string, Table>, columns: VariantPlan["materialise"]) {
  for (const [entity, rows] of found) {
    const before = whole.tables.get(entity);
    expect(rows.size).toBeGreaterThan(0);
    const names = columns.filter(({ column }) => column.startsWith(`${entity}.`)).map(({ name }) => name);
    for (const [key, row] of rows)
      expect(names.map((name) => [key, name, row[name]])).toEqual(
        names.map((name) => [key, name, before?.get(key)?.[name]]),
      );
  }
}

describe("values written before", () => {
  it("are said to be reusable where the file's rows are the column's own", () => {
    const reusable = new Map(
      whole.result.outputs.flatMap(({ columns }) => columns.map(({ column, reusable: can }) => [column, can] as const)),
    );
    expect(reusable.get("trip.late")).toBe(true);
    // One file holds rows of weeks and of days.
    expect(reusable.get("shop.trips")).toBe(false);
    expect(reusable.get("shop.kinds")).toBe(false);
  });

  it("stand for every stage that wrote them, and what follows is the same", async () => {
    const instances = plan.instances.map(withValues);
    const given = instances.filter(({ values }) => values).map(({ stage }) => stage.name);
    expect(given).toEqual(expect.arrayContaining(["trip_shop", "late_label", "trip_segment"]));
    const again = await runTables(small, world, { ...plan, instances });
    expectSame(again.tables, plan.materialise);
    expect(again.tables.get("trip")?.size).toBe(400);
    const reused = new Map(again.result.stages.map(({ instance, reused: was }) => [instance, was]));
    for (const instance of instances) expect(reused.get(instance.key)).toBe(instance.values !== undefined);
    expect(again.result.fits.map(({ instance }) => instance)).not.toContain(named("trip_segment").key);
  });

  it("stand for one stage at a time, without what comes before it", async () => {
    for (const name of ["trip_shop", "trip_segment"]) {
      const from = named(name);
      const wanted = plan.materialise.filter(({ instance }) => instance === from.key || instance === null);
      const again = await runTables(small, world, { ...plan, instances: [withValues(from)], materialise: wanted });
      expectSame(again.tables, wanted);
    }
  });

  it("give an entity without sources its rows, on which later stages run", async () => {
    // Written by a run of their own, the week's rows are a file of their own.
    const alone = plan.materialise.filter(({ instance }) => instance === named("traffic_weekly").key);
    const first = await runTables(small, world, { ...plan, instances: [named("traffic_weekly")], materialise: alone });
    const [output] = first.result.outputs;
    expect(output?.columns.map(({ reusable }) => reusable)).toEqual([true, true]);
    const instances = plan.instances
      .filter(({ stage }) => !["kinds", "trip_shop", "trip_vector", "late_logistic", "late_tree"].includes(stage.name))
      .map((instance): EngineInstance =>
        instance.stage.name === "traffic_weekly"
          ? {
              ...instance,
              values: {
                file: output?.snapshot.files[0]?.path ?? "",
                columns: { "shop.trips": "trips", "shop.amount_mean": "amount_mean" },
              },
            }
          : instance,
      );
    const wanted = plan.materialise.filter(({ column }) => ["shop.segment", "trip.segment_index"].includes(column));
    const again = await runTables(small, world, { ...plan, instances, materialise: wanted });
    expectSame(again.tables, wanted);
    expect(again.tables.get("shop")?.size).toBe(first.tables.get("shop")?.size);
  });

  it("that are not the stage's are refused with what was expected and found", async () => {
    const instance = named("late_label");
    const wanted = plan.materialise.filter((column) => column.instance === instance.key);
    const run = (file: string, column = "is_late") =>
      runTables(small, world, {
        ...plan,
        instances: [{ ...instance, values: { file, columns: { "trip.is_late": column } } }],
        materialise: wanted,
      }).then(
        () => null,
        (error: unknown) => error as DomainError,
      );
    const file = valuesOf(instance)?.file ?? "";
    const write = (name: string, query: string) => small.write(name, query.replaceAll("FILE", `'${file}'`));

    expect(await run(file, "was_late")).toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/cannot stand for stage late_label: it has no column was_late/) as string,
      context: { file, expected: "id, was_late" },
    });
    expect(await run(await write("fewer.parquet", "SELECT * FROM FILE WHERE id < 300"))).toMatchObject({
      code: "invalid",
      context: { expected: "400 rows", found: "300 rows" },
    });
    expect(await run(await write("others.parquet", "SELECT * REPLACE (id + 1000 AS id) FROM FILE"))).toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/rows are not those that trip has now/) as string,
      context: { found: "400 of 400 rows are others" },
    });
    expect(
      await run(await write("twice.parquet", "SELECT * FROM FILE UNION ALL SELECT * FROM FILE WHERE id = 0")),
    ).toMatchObject({ code: "invalid", context: { expected: "401 different rows", found: "400" } });
    expect(await run(await write("text.parquet", "SELECT * REPLACE ('yes' AS is_late) FROM FILE"))).toMatchObject({
      code: "invalid",
      context: { expected: "boolean", found: "VARCHAR" },
    });
    expect(await run(await write("timeless.parquet", "SELECT * EXCLUDE (moment) FROM FILE"))).toMatchObject({
      code: "invalid",
      context: { expected: "rows with moment" },
    });
    expect(await run(`${file}.gone`)).toMatchObject({ code: "not_found" });
    expect((await run(await write("notes.csv", "SELECT 1 AS id")))?.message).toMatch(/no Parquet file/);
  });
});

describe("predicting with given fits", () => {
  it("gives what fitting gave, without labels, their stages or their source columns", async () => {
    const fits = new Map(whole.result.fits.map(({ instance, model }) => [instance, model]));
    const instances = plan.instances
      .filter(({ stage }) => variant.predict.includes(stage.name))
      .map((instance): EngineInstance => {
        const fitted = fits.get(instance.key);
        const inputs = Object.fromEntries(
          instance.stage.inputs.map((column) => [column, instance.inputs[column] ?? null]),
        );
        return { ...instance, inputs, ...(instance.fit && fitted && { fit: { ...instance.fit, fitted } }) };
      });
    expect(instances.map(({ stage }) => stage.name)).not.toContain("late_label");
    const sources = plan.sources.map(({ definition, snapshot }) => ({
      definition: { ...definition, columns: definition.columns.filter(({ name }) => name !== "delay") },
      snapshot,
    }));
    const materialise = plan.materialise.filter(({ column }) => column !== "trip.is_late");
    const predicted = await runTables(small, world, { ...plan, sources, instances, materialise });
    expectSame(predicted.tables, materialise);
    expect(predicted.result.fits.every(({ reused, rows }) => reused && rows === 0)).toBe(true);
    expect(predicted.result.fits).toHaveLength(fits.size);
  });
});

describe("a window", () => {
  const window: [string, string] = ["2024-01-08T00:00:00Z", "2024-01-10T12:00:00Z"];

  it("is what is written, profiled and judged, while statistics over time still read what is before it", async () => {
    const selections = [{ part: "all", split: null, window: null }];
    const trips = plan.materialise.find(({ column }) => column === "trip.late");
    const label = plan.materialise.find(({ column }) => column === "trip.is_late");
    if (!trips || !label) throw new Error("no prediction");
    const cut = await runTables(small, world, {
      ...plan,
      window,
      evaluate: { prediction: trips, label, selections, task: "binary", threshold: 0.5 },
      profile: { columns: [{ ...trips, edges: null }], selections, every: null },
    });
    expectSame(cut.tables, plan.materialise);
    const inside = [...(whole.tables.get("trip")?.values() ?? [])].filter(
      ({ moment }) => String(moment) >= "2024-01-08" && String(moment) < "2024-01-10T12:00:00",
    );
    expect(inside.length).toBeGreaterThan(10);
    expect(cut.tables.get("trip")?.size).toBe(inside.length);
    const { rows = 0, unjudged = 0 } = cut.result.metrics.all ?? {};
    expect(rows + unjudged).toBe(inside.length);
    expect(cut.result.profiles.map(({ stats }) => stats.rows)).toEqual([inside.length]);
    for (const { snapshot, columns } of cut.result.outputs) {
      expect(snapshot.time?.[0] ?? "").toMatch(/^2024-01-(08|09|10)/);
      expect(columns.some(({ reusable }) => reusable)).toBe(false);
    }
  });

  it("leaves an entity without event time whole, and may hold no rows at all", async () => {
    const [late, label] = ["trip.late", "trip.is_late"].map((name) =>
      plan.materialise.find(({ column }) => column === name),
    );
    if (!late || !label) throw new Error("no prediction");
    const selections = [{ part: "all", split: null, window: null }];
    const none = await runTables(small, world, {
      ...plan,
      window: ["2030-01-01", "2030-02-01"],
      evaluate: { prediction: late, label, selections, task: "binary", threshold: 0.5 },
      profile: { columns: plan.materialise.map((column) => ({ ...column, edges: null })), selections, every: "month" },
    });
    expect(none.result.metrics).toEqual({ all: { rows: 0 } });
    expect(new Set(none.result.profiles.map(({ stats }) => stats.rows))).toEqual(new Set([0]));
    expect(none.result.outputs.map(({ snapshot }) => [snapshot.rows, snapshot.time])).toEqual([
      [0, null],
      [0, null],
    ]);
    const size = { column: "shop.size", instance: null, name: "size" };
    const shops = await small.engine.runVariant(
      { ...plan, instances: [], materialise: [size], window },
      { signal: new AbortController().signal, progress: () => undefined, log: () => undefined },
    );
    expect(shops.outputs.map(({ snapshot }) => snapshot.rows)).toEqual([7]);
  });
});
