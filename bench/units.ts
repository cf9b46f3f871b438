/**
 * Units on both sides of a split: 10,000,000 keys of a fit against 10,000,000 of a test, counted exactly from Parquet, against the semi-join
 * that somebody would write for DuckDB by hand, under the same limit of memory.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { digestFile } from "@/lib/config/file-digest";
import type { UnitRows } from "@/lib/domain/leakage/unit-keys";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { quoteText } from "@/lib/engines/local/quote";
import type { BenchRow } from "./bench-row";

const THREADS = 2;
const MEMORY_LIMIT = "1GB";
const BAR = 1.2;
const ROUNDS = 5;
const SIZES = [2_500_000, 5_000_000, 10_000_000];

export async function benchUnits(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  try {
    const rows: BenchRow[] = [];
    for (const size of SIZES) rows.push(await benchSize(folder, size));
    const growth = Math.log((rows.at(-1)?.measured ?? NaN) / (rows[0]?.measured ?? NaN)) / Math.log((SIZES.at(-1) ?? NaN) / (SIZES[0] ?? NaN)); // prettier-ignore
    console.log(`units: time grows with the power ${growth.toFixed(2)} of the keys.`);
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchSize(folder: string, size: number): Promise<BenchRow> {
  const temporary = join(folder, `plain-${size}`);
  const instance = await DuckDBInstance.create(":memory:", { threads: String(THREADS), memory_limit: MEMORY_LIMIT, temp_directory: temporary }); // prettier-ignore
  const connection = await instance.connect();
  try {
    // A tenth of the test keys is in the fit too; keys are spread over all integers, so that no range of them tells the sides apart.
    const fit = await writeKeys(connection, join(folder, `fit-${size}.parquet`), 0, size);
    const test = await writeKeys(connection, join(folder, `test-${size}.parquet`), size * 0.9, size * 1.9);
    const engine = createLocalEngine({ dataDirectory: folder, threads: THREADS, memoryLimit: MEMORY_LIMIT });
    const request = { unit: ["key"], fit: [await rowsOf("fit", fit, size)], test: [await rowsOf("test", test, size)] };
    const ours = async () => (await engine.intersectUnits(request)).common;
    const plain = `SELECT count(DISTINCT t."key") AS n FROM read_parquet(${quoteText(test)}) t SEMI JOIN read_parquet(${quoteText(fit)}) f ON t."key" = f."key"`;
    const theirs = async () => Number((await connection.runAndReadAll(plain)).getRowObjectsJS()[0]?.n);
    const [one, other] = [await ours(), await theirs()];
    if (one !== other || one !== size / 10) throw new Error(`The two do not count the same: ${one} and ${other}.`);
    const times: [ours: number, theirs: number][] = [];
    // Taken in turn, so that another load on the machine falls on both.
    for (let round = 0; round < ROUNDS; round++) times.push([await time(ours), await time(theirs)]);
    const measured = median(times.map(([mine]) => mine));
    const limit = median(times.map(([, plainly]) => plainly));
    const count = size.toLocaleString("en");
    const isJudged = size === SIZES.at(-1);
    return {
      name: "exact units on both sides",
      size: `${count} × ${count} keys, ${MEMORY_LIMIT}`,
      measured,
      against: "semi-join written by hand",
      limit,
      ratio: measured / limit,
      bar: isJudged ? `at most ${BAR} ×` : "none: opening a database is most of it",
      ok: !isJudged || measured / limit <= BAR,
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function writeKeys(connection: DuckDBConnection, file: string, from: number, to: number): Promise<string> {
  await connection.run(`COPY (SELECT (hash(range) >> 1)::BIGINT AS "key" FROM range(${from}, ${to})) TO ${quoteText(file)} (FORMAT parquet)`); // prettier-ignore
  return file;
}

async function rowsOf(name: string, file: string, rows: number): Promise<UnitRows> {
  const { sha256 } = await digestFile(file);
  return {
    source: { kind: "Source", name, entity: "row", format: "parquet", location: file, columns: [{ name: "key", type: "bigint" }], rowKey: ["key"] }, // prettier-ignore
    snapshot: { dataset: name, version: 1, files: [{ path: file, sha256, bytes: (await stat(file)).size }], rows, time: null }, // prettier-ignore
    split: null,
    time: null,
    keys: null,
  };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}
