import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeSmallClasses } from "@/lib/domain/datasets/row-assignment";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { createLocalEngine } from "./local-engine";
import { planInstances, makePlan, quietControl } from "./make-plan.test-support";
import { obsEntity, obsSource, openSmallWorld, type SmallWorld, stage } from "./small-world.test-support";

let world: SmallWorld;
/** 1,000 rows; x is their id, c is `a` in 700, `b` in 296, missing in 3 and `rare` in one. */
const ROWS = `SELECT range AS id, range::DOUBLE AS x,
  CASE WHEN range = 17 THEN 'rare' WHEN range < 3 THEN NULL WHEN range < 704 AND range <> 17 THEN 'a' ELSE 'b' END AS c FROM range(1000)`;
let sorted: SourceDefinition;
let shuffled: SourceDefinition;

const policy = (said: object) =>
  ({ kind: "SplitPolicy", name: "drawn", source: "observations", seed: 7, ...said }) as SplitPolicyDefinition;
const random = policy({ type: "random", parts: { train: 0.6, validation: 0.15, test: 0.25 } });
const stratified = policy({ type: "stratified", stratify: "c", parts: { train: 0.8, test: 0.2 } });

beforeAll(async () => {
  world = await openSmallWorld();
  const columns: SourceDefinition["columns"] = [
    { name: "x", type: "double" },
    { name: "c", type: "string" },
  ];
  sorted = obsSource(await world.write("sorted.parquet", ROWS), columns);
  shuffled = obsSource(await world.write("shuffled.csv", `SELECT * FROM (${ROWS}) ORDER BY hash(id)`), columns);
  shuffled.format = "csv";
});
afterAll(() => world.close());

async function assign(source: SourceDefinition, by: SplitPolicyDefinition, name: string, engine = world.engine) {
  const snapshot = { ...(await engine.describe(source)), version: 1 };
  const file = join(world.folder, name);
  return { file, written: await engine.assignRows({ source, snapshot, policy: by, file }) };
}

async function partsIn(file: string): Promise<Map<number, string>> {
  const parts = new Map<number, string>();
  for await (const rows of world.engine.readRows(file, { columns: ["part"], keys: ["key0"] }))
    for (const { key0, part } of rows) parts.set(Number(key0), String(part));
  return parts;
}

/** The same by the definition, in another language: rows in order of md5(seed, unit separator, key), cut at the shares. */
function drawn(ids: readonly number[], seed: number, counts: readonly (readonly [string, number])[]) {
  const md5 = (id: number) => createHash("md5").update(`${seed}\u001f${id}`).digest("hex");
  const order = ids.toSorted((one, other) => (md5(one) < md5(other) ? -1 : 1));
  let from = 0;
  return new Map(
    counts.flatMap(([part, n]) => {
      const some = order.slice(from, from + n);
      from += n;
      return some.map((id) => [id, part] as const);
    }),
  );
}

const ALL = Array.from({ length: 1000 }, (_, id) => id);
const inOrder = (parts: Map<number, string>) => [...parts].sort(([one], [other]) => one - other);

describe("assignRows", () => {
  it("gives every row one part, in exact shares, by the hash of seed and key", async () => {
    const { file, written } = await assign(sorted, random, "random.parquet");
    expect(written).toMatchObject({ rows: 1000, parts: { test: 250, train: 600, validation: 150 }, classes: [] });
    const expected = drawn(ALL, 7, [["test", 250], ["train", 600], ["validation", 150]]); // prettier-ignore
    expect(inOrder(await partsIn(file))).toEqual(inOrder(expected));
    const lines = inOrder(expected).map(([id, part]) => `${id}\u001f${part}\n`);
    expect(written.digest).toBe(createHash("sha256").update(lines.join("")).digest("hex"));
  });

  it("does not depend on the order of the rows, the format or the threads, and does on the seed", async () => {
    const { written } = await assign(sorted, random, "one.parquet");
    const threads = createLocalEngine({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "200MB" });
    expect((await assign(shuffled, random, "two.parquet", threads)).written).toEqual(written);
    const other = policy({ type: "random", seed: 8, parts: { train: 0.6, validation: 0.15, test: 0.25 } });
    const again = (await assign(sorted, other, "three.parquet")).written;
    expect(again.digest).not.toBe(written.digest);
    expect(again.parts).toEqual(written.parts);
  });

  it("keeps the share of every class up to rounding, and names classes that are too small", async () => {
    const { file, written } = await assign(sorted, stratified, "stratified.parquet");
    const parts = await partsIn(file);
    expect(parts.size).toBe(1000);
    const classOf = (id: number) => (id === 17 ? "rare" : id < 3 ? null : id < 704 ? "a" : "b");
    const count = (value: string | null, part: string) =>
      ALL.filter((id) => classOf(id) === value && parts.get(id) === part).length;
    // 0.8 of 700 is 560; of 296 it is 236.8, of 3 it is 2.4, of one row it is 0.8.
    expect([count("a", "train"), count("a", "test")]).toEqual([560, 140]);
    expect([236, 237]).toContain(count("b", "train"));
    expect([2, 3]).toContain(count(null, "train"));
    for (const { value, rows, parts: counted } of written.classes) {
      expect(rows).toBe(ALL.filter((id) => classOf(id) === value).length);
      for (const part of ["train", "test"]) expect(counted[part]).toBe(count(value, part));
    }
    const inTrain = count("rare", "train") === 1;
    expect(describeSmallClasses("c", written)).toContain(
      `Too few rows of c for every part: ${count(null, "test") === 0 ? "the missing value (3 rows, none in test), " : ""}\`rare\` (1 row, none in ${inTrain ? "test" : "train"})`,
    );
  });

  it("draws each class by itself", async () => {
    const { file } = await assign(sorted, stratified, "classes.parquet");
    const parts = await partsIn(file);
    const a = ALL.filter((id) => id >= 3 && id < 704 && id !== 17);
    const expected = drawn(a, 7, [["test", 140], ["train", 560]]); // prettier-ignore
    expect(a.map((id) => parts.get(id))).toEqual(a.map((id) => expected.get(id)));
  });

  it.each([
    ["repeated", "SELECT range // 2 AS id, 1::DOUBLE AS x, 'a' AS c FROM range(4)", /2 rows of observations have the row key id = 0/], // prettier-ignore
    ["missing", "SELECT CASE WHEN range > 1 THEN range END AS id, 1::DOUBLE AS x, 'a' AS c FROM range(4)", /2 rows of observations have no id, which is the row key/], // prettier-ignore
  ])("refuses %s keys, and leaves nothing", async (name, query, message) => {
    const source = { ...sorted, location: await world.write(`${name}-rows.parquet`, query) };
    await expect(assign(source, random, `${name}-parts.parquet`)).rejects.toThrow(message);
    expect(readdirSync(world.folder).filter((file) => file.startsWith(`${name}-parts`))).toEqual([]);
  });

  it("refuses a column of more values than classes can have", async () => {
    const many = await world.write("many.parquet", "SELECT range AS id, 1::DOUBLE AS x, range::VARCHAR AS c FROM range(10001)"); // prettier-ignore
    const asked = assign({ ...sorted, location: many }, stratified, "many-parts.parquet");
    await expect(asked).rejects.toThrow(/observations.c has more than 10,000 values, which are no classes/);
  });
});

describe("a fit on parts of an assignment", () => {
  const filler = stage("filler", { estimator: "Imputer", inputs: ["obs.x"], outputs: [{ column: "obs.f", type: "double" }] }); // prettier-ignore
  const fitOn = async (source: SourceDefinition, parts: string[], file: string, digest: string) => {
    const declared = { entities: [obsEntity()], sources: [source], stages: [filler], splits: [random] };
    const instances = planInstances(declared, ["obs.f"], {}, { split: "drawn", parts });
    const split = instances[0]?.fit?.split;
    if (split && file !== "") split.assignment = { file, digest };
    const plan = await makePlan(world.engine, declared, world.outputDirectory, { instances, materialise: ["obs.f"] });
    const { fits } = await world.engine.runVariant(plan, quietControl());
    return { rows: fits[0]?.rows, mean: (fits[0]?.model.learned.surrogates as number[])[0] };
  };

  it("sees their rows and no others, in whatever order the source has them", async () => {
    const { file, written } = await assign(sorted, random, "fit.parquet");
    const expected = drawn(ALL, 7, [["test", 250], ["train", 600], ["validation", 150]]); // prettier-ignore
    for (const parts of [["train"], ["train", "validation"]]) {
      const ids = ALL.filter((id) => parts.includes(expected.get(id) ?? ""));
      const mean = Number((ids.reduce((sum, id) => sum + id, 0) / ids.length).toPrecision(10));
      expect(await fitOn(sorted, parts, file, written.digest)).toEqual({ rows: ids.length, mean });
      expect(await fitOn(shuffled, parts, file, written.digest)).toEqual({ rows: ids.length, mean });
    }
  });

  it("is refused when the file is not what was recorded", async () => {
    const { file } = await assign(sorted, random, "edited.parquet");
    await expect(fitOn(sorted, ["train"], file, "another")).rejects.toThrow(
      /is not what was recorded: .* Remove the file/,
    );
  });

  it("is refused without one, and with one of other rows", async () => {
    await expect(fitOn(sorted, ["train"], "", "")).rejects.toThrow(/assigns rows of source observations, and rows of obs are none of them/); // prettier-ignore
    const some = { ...sorted, location: await world.write("some.parquet", `SELECT * FROM (${ROWS}) WHERE id < 400`) };
    const { file, written } = await assign(some, random, "some-parts.parquet");
    await expect(fitOn(sorted, ["train"], file, written.digest)).rejects.toThrow(/600 rows of observations are in no part of split policy drawn/); // prettier-ignore
  });
});
