/**
 * Profiles of whole files: every figure, both histograms and the top values of each column, against DuckDB's own
 * `SUMMARIZE` of the same file in the same run, which estimates quantiles and distinct counts and draws nothing.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { resolveLocation } from "@/lib/engines/local/source-location";
import { makePlan, quietControl } from "@/lib/engines/local/make-plan.test-support";
import { quoteName, quoteText } from "@/lib/engines/local/quote";
import type { BenchRow } from "./bench-row";

const THREADS = 2;
const MEMORY_LIMIT = "2GB";
const BAR = 2;
const SAMPLE_MS = 10;
const MEGABYTE = 1e6;
const WIDE_COLUMNS = 1000;
const WIDE_ROWS = 100_000;
const ADULT = join(import.meta.dirname, "../../shared/data/adult.parquet");

interface File {
  name: string;
  path: string;
  rounds: number;
}

export async function benchProfile(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  const instance = await DuckDBInstance.create(":memory:", { threads: String(THREADS) });
  const connection = await instance.connect();
  try {
    const wide = join(folder, "wide.parquet");
    await writeWide(wide);
    const flights = resolveLocation(
      { name: "flights", location: "npm:vega-datasets/data/flights-3m.parquet" },
      { directories: [], anywhere: false },
    );
    const rows: BenchRow[] = [];
    // The widest first, so that memory that another left behind hides nothing.
    for (const file of [
      { name: "profile of a wide table", path: wide, rounds: 3 },
      { name: "profile of flights", path: flights, rounds: 5 },
      // A tenth of a second each, in which what else the machine does weighs more.
      { name: "profile of adult", path: ADULT, rounds: 25 },
    ])
      if (existsSync(file.path)) rows.push(await benchFile(connection, folder, file));
      else console.log(`${file.name}: ${file.path} is absent, so it is not measured.`);
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchFile(
  connection: DuckDBConnection,
  folder: string,
  { name, path, rounds }: File,
): Promise<BenchRow> {
  const { source, rows } = await describe(connection, path);
  const entity: EntityDefinition = { kind: "Entity", name: "row", joinKeys: [{ name: "row_id", type: "bigint" }] };
  const engine = createLocalEngine({ dataDirectory: folder, threads: THREADS, memoryLimit: MEMORY_LIMIT });
  const columns = source.columns.filter((column) => column.name !== source.rowNumber);
  const plan = await makePlan(engine, { entities: [entity], sources: [source], stages: [], splits: [] }, folder, {
    instances: [],
    profile: {
      columns: columns.map((column) => ({ column: `row.${column.name}`, edges: null })),
      selections: [{ part: "all", split: null, window: null }],
      every: null,
    },
  });
  const profile = () => engine.runVariant(plan, quietControl());
  const summarize = () => connection.runAndReadAll(`SUMMARIZE SELECT * FROM read_parquet(${quoteText(path)})`);
  const peak = await peakMemory(profile);
  await summarize();
  // Taken in turn, so that another load on the machine falls on both.
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await time(profile));
    theirs.push(await time(summarize));
  }
  const measured = median(ours);
  const limit = median(theirs);
  const ratio = measured / limit;
  const size = `${rows.toLocaleString("en")} rows × ${columns.length.toLocaleString("en")} columns`;
  console.log(
    `${name}, ${size}: at most ${(peak / MEGABYTE).toFixed(0)} MB above what the process had; DuckDB may take ${MEMORY_LIMIT}.`,
  );
  return {
    name,
    size,
    measured,
    against: "DuckDB SUMMARIZE of the same file",
    limit,
    ratio,
    bar: `at most ${BAR} ×`,
    ok: ratio <= BAR,
  };
}

const TYPES: [RegExp, ColumnType][] = [
  [/^BOOLEAN$/, "boolean"],
  [/^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT)$/, "bigint"],
  [/^(FLOAT|DOUBLE|DECIMAL)/, "double"],
  [/^DATE$/, "date"],
  [/^TIMESTAMP/, "timestamp"],
];

/** A Parquet file as a source whose rows are told apart by their position. */
async function describe(
  connection: DuckDBConnection,
  path: string,
): Promise<{ source: SourceDefinition; rows: number }> {
  const relation = `read_parquet(${quoteText(path)})`;
  const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`)).getRowObjectsJS();
  const [counted] = (await connection.runAndReadAll(`SELECT count(*) AS n FROM ${relation}`)).getRowObjectsJS();
  const columns = described.map((row, i) => ({
    name: `c${i}`,
    from: String(row.column_name),
    type: TYPES.find(([pattern]) => pattern.test(String(row.column_type)))?.[1] ?? ("string" as const),
  }));
  return {
    rows: Number(counted?.n),
    source: {
      kind: "Source",
      name: "rows",
      entity: "row",
      format: "parquet",
      location: path,
      columns: [...columns, { name: "row_id", type: "bigint" }],
      rowKey: ["row_id"],
      rowNumber: "row_id",
    },
  };
}

/** Normal, skewed and integer numbers with nulls, few and many categories, truth values: equal in every run. */
async function writeWide(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(THREADS), memory_limit: MEMORY_LIMIT });
  const connection = await instance.connect();
  const kinds = [
    "random() + random() + random()",
    "-ln(1 - random())",
    "CASE WHEN random() < 0.05 THEN NULL ELSE random() * 1e6 END",
    "random() - 0.5",
    "exp(random() * 10)",
    "CASE WHEN random() < 0.8 THEN 0 ELSE random() END",
    "(random() * 20)::BIGINT",
    "(random() * 1e6)::BIGINT",
    "'v' || (random() * 200)::INTEGER",
    "random() < 0.3",
  ];
  const columns = Array.from({ length: WIDE_COLUMNS }, (_, i) => `${kinds[i % kinds.length]} AS ${quoteName(`c${i}`)}`);
  try {
    await connection.run("SELECT setseed(0.5)");
    await connection.run(
      `COPY (SELECT ${columns.join(", ")} FROM range(${WIDE_ROWS})) TO ${quoteText(path)} (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Bytes of resident memory at the most, above those at the beginning. */
async function peakMemory(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), SAMPLE_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peak - before;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}
