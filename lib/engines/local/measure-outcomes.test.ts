import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { OutcomeWindowsRequest, ValueFiles } from "@/lib/domain/outcomes/outcomes";
import { type SmallWorld, obsEntity, openSmallWorld } from "./small-world.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

type Cell = readonly [id: number, time: string, value: number | "NULL" | "'NaN'::DOUBLE" | "'Infinity'::DOUBLE"];
const entity = { ...obsEntity(), eventTime: "t" };
let written = 0;

async function values(cells: readonly Cell[]): Promise<ValueFiles> {
  const rows = cells.map(([id, time, value]) => `(${id}, TIMESTAMP '${time}', ${value})`);
  const file = await world.write(
    `measured-${++written}.parquet`,
    cells.length === 0
      ? "SELECT 1 AS id, TIMESTAMP '2001-01-01' AS t, 1.0::DOUBLE AS v WHERE false"
      : `SELECT id, t, v::DOUBLE AS v FROM (VALUES ${rows.join(", ")}) x(id, t, v)`,
  );
  return { files: [file], column: "v" };
}

const measure = (request: Partial<OutcomeWindowsRequest> & Pick<OutcomeWindowsRequest, "predictions" | "labels">) =>
  world.engine.measureOutcomes({ entity, task: "classification", parts: null, range: null, window: "day", ...request });

describe("outcomes by window", () => {
  it("joins by key and event time, whatever came first, and counts what is missing on either side", async () => {
    const predictions = await values([
      [1, "2001-01-01 10:00", 0.2],
      [2, "2001-01-01 11:00", 0.9],
      [3, "2001-01-01 12:00", 0.5],
      [1, "2001-01-02 10:00", 0.4],
    ]);
    const labels = await values([
      [1, "2001-01-02 10:00", 1],
      [2, "2001-01-01 11:00", 1],
      [1, "2001-01-01 10:00", 0],
      [9, "2001-01-01 10:00", 1],
      [9, "2000-12-31 10:00", 1],
    ]);
    const found = await measure({ predictions: [predictions], labels: [labels] });
    expect(found.map(({ from, n, missingPredictions, missingLabels, positives }) => [from, n, missingPredictions, missingLabels, positives])).toEqual([
      ["2001-01-01T00:00:00.000Z", 2, 1, 1, 1],
      ["2001-01-02T00:00:00.000Z", 1, 0, 0, 1],
    ]); // prettier-ignore
    expect(found[0]?.metrics.brier?.mean).toBeCloseTo((0.04 + 0.01) / 2, 12);
    expect(found[0]?.metrics.logLoss?.mean).toBeCloseTo(-(Math.log(0.8) + Math.log(0.9)) / 2, 12);
    expect(found[0]?.auc?.value).toBe(1);
    expect(found[1]?.auc).toBeNull();
    expect(found[1]?.metrics.brier?.variance).toBeNull();
  });

  it("begins weeks on Mondays and months on the first, in UTC", async () => {
    const at = ["2001-05-31 23:59", "2001-06-01 00:00", "2001-06-03 23:59", "2001-06-04 00:00"];
    const cells = at.map((time, id): Cell => [id, time, 1]);
    const request = { predictions: [await values(cells)], labels: [await values(cells)] };
    const starts = async (window: "week" | "month" | null) =>
      (await measure({ ...request, window })).map(({ from, n }) => `${from?.slice(0, 10)} ${n}`);
    expect(await starts("week")).toEqual(["2001-05-28 3", "2001-06-04 1"]);
    expect(await starts("month")).toEqual(["2001-05-01 1", "2001-06-01 3"]);
    expect(await starts(null)).toEqual(["undefined 4"]);
  });

  it("lets what comes later replace what was before, and takes nothing that is not finite", async () => {
    const first = await values([
      [1, "2001-01-01", 0.1],
      [2, "2001-01-01", "'NaN'::DOUBLE"],
      [3, "2001-01-01", "'Infinity'::DOUBLE"],
      [4, "2001-01-01", "NULL"],
    ]);
    const second = await values([[1, "2001-01-01", 0.7]]);
    const labels = await values([1, 2, 3, 4].map((id): Cell => [id, "2001-01-01", 1]));
    const [found] = await measure({ predictions: [first, second], labels: [labels] });
    expect(found).toMatchObject({ n: 1, missingPredictions: 3, missingLabels: 0 });
    expect(found?.metrics.brier?.mean).toBeCloseTo(0.09, 12);
    expect(found?.auc).toBeNull();
  });

  it("takes what was logged, as a text file, on top of what runs wrote", async () => {
    const file = path.join(world.folder, "logged.csv");
    await writeFile(file, "id,at,value\n1,2001-01-01T10:00:00.000Z,0.25\n2,2001-01-01T11:00:00.000Z,0.5\n");
    const source: SourceDefinition = {
      kind: "Source",
      name: "logged",
      entity: entity.name,
      format: "csv",
      location: file,
      rowKey: [],
      timeColumn: "at",
      columns: [
        { name: "id", type: "bigint" },
        { name: "at", type: "timestamp" },
        { name: "value", type: "double" },
      ],
    };
    const labels = await values([
      [1, "2001-01-01 10:00", 1],
      [2, "2001-01-01 11:00", 0],
    ]);
    const before = await values([[1, "2001-01-01 10:00", 0.99]]);
    const [found] = await measure({
      predictions: [before, { files: [file], column: "value", source }],
      labels: [labels],
    });
    expect(found).toMatchObject({ n: 2, positives: 1 });
    expect(found?.metrics.brier?.mean).toBeCloseTo((0.5625 + 0.25) / 2, 12);
    expect(await measure({ predictions: [before], labels: [] })).toMatchObject([
      { n: 0, missingLabels: 1, metrics: {} },
    ]);
  });

  it("measures the rows of a split's parts and of a range only", async () => {
    const days = Array.from({ length: 10 }, (_, id): Cell => [id, `2001-01-${String(id + 1).padStart(2, "0")}`, 1]);
    const request = { predictions: [await values(days)], labels: [await values(days)], window: null };
    const policy = {
      kind: "SplitPolicy" as const,
      name: "halves",
      type: "time" as const,
      column: "t",
      parts: {
        train: ["2001-01-01T00:00:00Z", "2001-01-08T00:00:00Z"] as [string, string],
        test: ["2001-01-08T00:00:00Z", null] as [string, null],
      },
    };
    expect((await measure({ ...request, parts: { policy, parts: ["test"] } }))[0]?.n).toBe(3);
    const range: [string, string] = ["2001-01-02T00:00:00Z", "2001-01-04T00:00:00Z"];
    expect((await measure({ ...request, range }))[0]?.n).toBe(2);
    const hash = { kind: "SplitPolicy" as const, name: "h", type: "hash" as const, algo: "md5-32" as const, key: "id", salt: "s", buckets: 2, parts: { a: [[0, 1]] as [number, number][], b: [[1, 2]] as [number, number][] } }; // prettier-ignore
    const shares = await Promise.all(
      ["a", "b"].map((part) => measure({ ...request, parts: { policy: hash, parts: [part] } })),
    );
    expect(shares.reduce((sum, [found]) => sum + (found?.n ?? 0), 0)).toBe(10);
    await expect(measure({ ...request, parts: { policy: { ...hash, key: "city" }, parts: ["a"] } })).rejects.toThrow(
      "goes by city",
    );
  });

  it.each([
    ["labels that are no yes or no", 0.5, 2, "true or false, or 1 or 0"],
    ["predictions that are no probabilities", 1.5, 1, "no probabilities"],
  ])("refuses %s, and takes them as numbers", async (_, prediction, label, message) => {
    const request = {
      predictions: [await values([[1, "2001-01-01", prediction]])],
      labels: [await values([[1, "2001-01-01", label]])],
    };
    await expect(measure(request)).rejects.toThrow(message);
    const [found] = await measure({ ...request, task: "regression" });
    expect(found?.metrics.absoluteError?.mean).toBeCloseTo(Math.abs(prediction - label), 12);
    expect(found).toMatchObject({ positives: null, auc: null });
  });

  it("says what is missing when rows have no event time", async () => {
    await expect(measure({ entity: obsEntity(), predictions: [], labels: [] })).rejects.toThrow("no event time");
  });
});
