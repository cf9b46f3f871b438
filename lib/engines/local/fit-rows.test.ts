import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { FitRows, StageDefinition } from "@/lib/domain/definitions/stage";
import { planInstances } from "./make-plan.test-support";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
let location: string;
beforeAll(async () => {
  world = await openSmallWorld();
  // Ten days with x = 0 … 9, one row a day at noon.
  location = await world.write(
    "days.parquet",
    "SELECT range AS id, TIMESTAMP '2024-01-01 12:00' + to_days(range::INTEGER) AS t, range::DOUBLE AS x FROM range(10)",
  );
});
afterAll(() => world.close());

const byTime: SplitPolicyDefinition = {
  kind: "SplitPolicy",
  name: "by_time",
  type: "time",
  column: "t",
  parts: {
    train: [null, "2024-01-04T12:00:00Z"],
    test: ["2024-01-04T12:00:00Z", "2024-01-08T00:00:00Z"],
    never: ["2030-01-01", null],
  },
};
const byHash: SplitPolicyDefinition = {
  kind: "SplitPolicy",
  name: "by_hash",
  type: "hash",
  algo: "md5-32",
  key: "id",
  salt: "pepper",
  buckets: 4,
  parts: {
    train: [
      [0, 1],
      [2, 3],
    ],
    test: [[1, 2]],
    hold: [[3, 4]],
  },
};
const filler = stage("filler", {
  estimator: "Imputer",
  inputs: ["obs.x"],
  outputs: [{ column: "obs.f", type: "double" }],
});

async function fitOn(fit: FitRows, timed = true, stages: StageDefinition[] = [filler]) {
  const sources = [obsSource(location, [{ name: "x", type: "double" }], timed)];
  const run = await world.run({ entities: [obsEntity(timed)], sources, stages, splits: [byTime, byHash], fit });
  const [model] = run.result.fits;
  return { rows: model?.rows, mean: (model?.model.learned.surrogates as number[])[0] };
}

/** The policy's definition, in another language than the engine's. */
function bucket(id: number): number {
  return parseInt(createHash("md5").update(`pepper:${id}`).digest("hex").slice(0, 8), 16) % 4;
}
const hashed = (...buckets: number[]) => {
  const ids = Array.from({ length: 10 }, (_, id) => id).filter((id) => buckets.includes(bucket(id)));
  return { rows: ids.length, mean: Number((ids.reduce((sum, id) => sum + id, 0) / ids.length).toPrecision(10)) };
};

describe("rows that a fit sees", () => {
  it.each<[string, FitRows, { rows: number; mean: number }]>([
    ["every row", { rows: "all" }, { rows: 10, mean: 4.5 }],
    ["a part of time, its end excluded", { split: "by_time", parts: ["train"] }, { rows: 3, mean: 1 }],
    ["a part of time, its start included", { split: "by_time", parts: ["test"] }, { rows: 4, mean: 4.5 }],
    ["two parts", { split: "by_time", parts: ["train", "test"] }, { rows: 7, mean: 3 }],
    ["buckets of a hash", { split: "by_hash", parts: ["train"] }, hashed(0, 2)],
    ["one bucket", { split: "by_hash", parts: ["test"] }, hashed(1)],
  ])("%s", async (_, fit, expected) => {
    expect(await fitOn(fit)).toEqual(expected);
  });

  it("says that a part is empty", async () => {
    await expect(fitOn({ split: "by_time", parts: ["never"] })).rejects.toThrow(
      /part never of split policy by_time selects none of the 10 rows of obs/,
    );
  });

  it("refuses a time policy for rows without a time, a hash of a column that is not there, and an unknown part", async () => {
    await expect(fitOn({ split: "by_time", parts: ["train"] }, false)).rejects.toThrow(
      /rows of obs have no event time/,
    );
    await expect(fitOn({ split: "by_hash", parts: ["dev"] })).rejects.toThrow(
      /has no part dev, only train, test, hold/,
    );
    const other = { ...byHash, key: "customer" };
    const sources = [obsSource(location, [{ name: "x", type: "double" }], true)];
    const run = world.run({
      entities: [obsEntity(true)],
      sources,
      stages: [filler],
      splits: [other],
      fit: { split: "by_hash", parts: ["train"] },
    });
    await expect(run).rejects.toThrow(/goes by customer, which obs does not have/);
  });

  it("keeps two fits of one stage apart when a consumer has its own", async () => {
    const sources = [obsSource(location, [{ name: "x", type: "double" }], true)];
    const consumer = (name: string) =>
      stage(name, {
        transformer: "sql",
        inputs: ["obs.f"],
        outputs: [{ column: `obs.${name}`, type: "double" }],
        params: { statement: `SELECT *, f AS ${name} FROM __THIS__` },
      });
    const blank = stage("blank", {
      transformer: "sql",
      inputs: ["obs.x"],
      outputs: [{ column: "obs.b", type: "double" }],
      params: { statement: "SELECT *, CASE WHEN x > 0 THEN x END AS b FROM __THIS__" },
    });
    const fill = { ...filler, inputs: ["obs.b"] };
    const policy = { policy: byTime, parts: ["train"] };
    const run = await world.run({
      entities: [obsEntity(true)],
      sources,
      stages: [blank, fill, consumer("one"), consumer("two")],
      outputs: ["obs.one", "obs.two"],
      instances: [
        { key: "blank", stage: blank, inputs: { "obs.x": null } },
        { key: "all", stage: fill, inputs: { "obs.b": "blank" }, fit: { fingerprint: "1", rowSet: [], split: null } },
        {
          key: "fork",
          stage: fill,
          inputs: { "obs.b": "blank" },
          fit: { fingerprint: "2", rowSet: [], split: policy },
        },
        { key: "one", stage: consumer("one"), inputs: { "obs.f": "all" } },
        { key: "two", stage: consumer("two"), inputs: { "obs.f": "fork" } },
      ],
    });
    expect((await run.column("obs.one"))[0]).toBe(5);
    expect((await run.column("obs.two"))[0]).toBe(1.5);
  });

  it("uses a model that was fitted before, without fitting", async () => {
    const sources = [obsSource(location, [{ name: "x", type: "double" }], true)];
    const base = { entities: [obsEntity(true)], sources, stages: [filler] };
    const first = await world.run(base);
    const instances = planInstances({ ...base, splits: [] }, ["obs.f"]);
    const fitted = first.result.fits[0]?.model;
    if (!fitted || !instances[0]?.fit) throw new Error("nothing was fitted");
    instances[0].fit.fitted = fitted;
    const second = await world.run({ ...base, instances });
    expect(second.result.fits[0]).toMatchObject({ reused: true, model: fitted });
    expect(second.result.outputs[0]?.snapshot.files[0]?.sha256).toBe(
      first.result.outputs[0]?.snapshot.files[0]?.sha256,
    );
  });
});
