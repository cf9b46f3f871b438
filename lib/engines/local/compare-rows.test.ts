import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { createLocalEngine } from "./local-engine";
import { quoteText } from "./quote";
import { openSession } from "./session";

const data = mkdtempSync(path.join(tmpdir(), "tributary-compare-"));
const options = { dataDirectory: data, threads: 2, memoryLimit: "256MB" };
const engine = createLocalEngine(options);
afterAll(() => rmSync(data, { recursive: true, force: true }));

let files = 0;
async function written(sql: string): Promise<string> {
  const file = path.join(data, `${files++}.parquet`);
  const session = await openSession(options);
  await session.run(`COPY (${sql}) TO ${quoteText(file)} (FORMAT parquet)`).finally(() => session.close());
  return file;
}

const BEFORE =
  "SELECT i AS id, i % 7 AS day, i / 3.0 AS x, CASE WHEN i % 5 = 0 THEN NULL ELSE 'w' || i END AS word, [i / 7.0, 1.0] AS v FROM range(0, 1000) t(i)";
const before = await written(BEFORE);
const compare = async (sql: string, keys = ["id", "day"]) =>
  engine.compareRows({ expected: before, found: await written(sql), keys, tolerance: 1e-9 });
const nothing = { missing: [], extra: [], unmatched: 0, columns: [] };

it("says that rows in another order are the same", async () => {
  expect(await compare(`SELECT * FROM (${BEFORE}) ORDER BY hash(id)`)).toEqual({ rows: { expected: 1000, found: 1000 }, identical: true, ...nothing }); // prettier-ignore
});

it("counts what differs, column by column, and how far numbers are apart", async () => {
  const after = `SELECT id, day, CASE id WHEN 9 THEN 6.0 ELSE x * (1 + 1e-13) END AS x, CASE id WHEN 5 THEN 'five' ELSE word END AS word, CASE id WHEN 70 THEN [10.0, 2.0] WHEN 71 THEN [1.0] ELSE v END AS v FROM (${BEFORE}) WHERE id < 990`;
  const found = await compare(after);
  expect(found).toMatchObject({ rows: { expected: 1000, found: 990 }, identical: false, missing: [], extra: [], unmatched: 10 }); // prettier-ignore
  const [x, word, v] = found.columns;
  expect(x).toMatchObject({ name: "x", differing: 1 });
  expect(x?.largest).toBeCloseTo(0.5, 12);
  expect(word).toEqual({ name: "word", differing: 1, largest: 1 });
  expect(v).toEqual({ name: "v", differing: 2, largest: 1 });
});

it("says which columns only one has, or has as another type", async () => {
  const found = await compare(`SELECT id, day, CAST(x AS VARCHAR) AS x, word, v, 1 AS more FROM (${BEFORE})`);
  expect(found).toMatchObject({ identical: false, missing: ["x"], extra: ["more"], unmatched: 0, columns: [] });
});

it("pairs rows that share a key, and rows without one, in the order of their values", async () => {
  const twice = (sql: string) => `SELECT CASE WHEN id < 2 THEN NULL ELSE id // 2 END AS id, x FROM (${sql})`;
  const expected = await written(twice(BEFORE));
  const other = await written(`${twice(BEFORE)} WHERE id <> 501 ORDER BY x DESC`);
  const found = await engine.compareRows({ expected, found: other, keys: ["id"], tolerance: 1e-9 });
  expect(found).toMatchObject({ unmatched: 1, columns: [] });
});

it("needs no more memory for rows that it has to pair than the engine has", async () => {
  const many = (factor: string) => `SELECT i AS id, i * ${factor}::DOUBLE AS x, md5(i::VARCHAR) AS word FROM range(0, 1500000) t(i)`; // prettier-ignore
  const small = createLocalEngine({ ...options, memoryLimit: "160MB" });
  const request = { expected: await written(many("1.0")), found: await written(many("1.000000000001")), keys: ["id"], tolerance: 1e-9 }; // prettier-ignore
  const found = await small.compareRows(request);
  expect(found).toMatchObject({ rows: { expected: 1_500_000, found: 1_500_000 }, unmatched: 0 });
  expect(found.columns).toMatchObject([{ name: "x", differing: 0 }]);
});

it("refuses a file that is gone", async () => {
  await expect(engine.compareRows({ expected: before, found: "/nowhere.parquet", keys: ["id"], tolerance: 0 })).rejects.toMatchObject({ code: "not_found" }); // prettier-ignore
});
