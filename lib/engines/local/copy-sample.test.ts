import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import type { FileSource } from "@/lib/domain/definitions/source";
import { copySample, countValues } from "./copy-sample";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-copy-sample-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { dataDirectory: folder, threads: 1, memoryLimit: "256MB" };
const source: FileSource = {
  kind: "Source",
  name: "trips",
  entity: "trip",
  format: "csv",
  location: path.join(folder, "trips.csv"),
  columns: [{ name: "n", type: "bigint" }, { name: "id", type: "string", from: "trip id" }, { name: "km", type: "double" }, { name: "day", type: "date" }],
  rowKey: ["id"],
  rowNumber: "n",
}; // prettier-ignore
const rows = Array.from(
  { length: 5000 },
  (_, at) => `T${at},${at % 3 === 0 ? "" : at / 2},2024-01-${String((at % 28) + 1).padStart(2, "0")}`,
);
writeFileSync(source.location, ["trip id,km,day", ...rows].join("\n"));

const copy = (rows: number, name: string, of: FileSource = source) =>
  copySample(options, {
    source: of,
    folders: { directories: [], anywhere: true },
    rows,
    file: path.join(folder, name),
  });

it("takes the same rows every time, from everywhere, as the source declares them", async () => {
  const first = await copy(500, "first.parquet");
  expect(first.of).toBe(5000);
  expect(first.rows).toBeGreaterThan(400);
  expect(first.rows).toBeLessThan(600);
  const again = await copy(500, "again.parquet");
  expect(again.rows).toBe(first.rows);
  expect(first.source).toMatchObject({ format: "parquet", columns: [{ name: "n" }, { name: "id", type: "string" }, { name: "km" }, { name: "day" }] }); // prettier-ignore
  expect(first.source).not.toHaveProperty("rowNumber");
  // A sample of the sample's own file is the file: its row numbers are those of the source.
  const whole = await copy(1000, "whole.parquet", { ...first.source, location: path.join(folder, "first.parquet") } as FileSource); // prettier-ignore
  expect(whole).toMatchObject({ rows: first.rows, of: first.rows });
  const { rows: counted, values } = await countValues(options, [path.join(folder, "first.parquet")]);
  expect(counted).toBe(first.rows);
  expect(values).toMatchObject({ n: first.rows, id: first.rows, day: first.rows });
  expect(values.km).toBeGreaterThan(0.5 * first.rows);
  expect(values.km).toBeLessThan(0.8 * first.rows);
});

it("names the column that is not as declared", async () => {
  const columns = source.columns.map((column) => (column.name === "day" ? { ...column, type: "bigint" as const } : column)); // prettier-ignore
  await expect(copy(10, "wrong.parquet", { ...source, columns })).rejects.toThrow(/day .*not bigint: 2024-01-01/);
});
