/**
 * Historical features: rows of a source joined point-in-time with the values of three views and written to Parquet, against the
 * statement that somebody would write for DuckDB by hand, with the same TTLs, the same columns and the rows in the same order.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { HistoryRequest, HistoryView } from "@/lib/domain/joins/feature-history";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { quoteText } from "@/lib/engines/local/quote";
import { digestFile } from "@/lib/config/file-digest";
import type { BenchRow } from "./bench-row";

const THREADS = 2;
const MEMORY_LIMIT = "2GB";
const BAR = 1.3;
const ROUNDS = 5;
const SIZES = [250_000, 500_000, 1_000_000];
const VIEWS = 3;
const VIEW_ROWS = 1_000_000;
const ENTITIES = 20_000;
const TTL_SECONDS = 7 * 86_400;
const VALUES = ["total", "mean", "label"] as const;
const TYPES = { total: "bigint", mean: "double", label: "string" } as const;

export async function benchJoins(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  const instance = await DuckDBInstance.create(":memory:", { threads: String(THREADS), memory_limit: MEMORY_LIMIT });
  const connection = await instance.connect();
  try {
    const views = Array.from({ length: VIEWS }, (_, i) => join(folder, `view-${i}.parquet`));
    for (const [i, file] of views.entries()) await writeView(connection, file, i);
    const rows: BenchRow[] = [];
    for (const size of SIZES) {
      const spine = join(folder, `spine-${size}.parquet`);
      await connection.run(
        `COPY (SELECT (hash(range) % ${ENTITIES})::BIGINT AS id, TIMESTAMP '2024-01-01' + to_seconds((hash(range + 7) % 31536000)::BIGINT) AS "at", range % 2 = 0 AS is_late FROM range(${size})) TO ${quoteText(spine)} (FORMAT parquet)`,
      );
      rows.push(await benchSize(connection, folder, { spine, size, views, isUnique: true }));
      if (size === SIZES.at(-1))
        rows.push(await benchSize(connection, folder, { spine, size, views, isUnique: false }));
    }
    const [first, last] = [rows[0], rows[SIZES.length - 1]];
    const growth = Math.log((last?.measured ?? NaN) / (first?.measured ?? NaN)) / Math.log((SIZES.at(-1) ?? NaN) / (SIZES[0] ?? NaN)); // prettier-ignore
    console.log(`point-in-time join: time grows with the power ${growth.toFixed(2)} of the spine's rows.`);
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In order of key and time, as a run writes it: fifty rows of each entity over a year, none at the same time. */
function writeView(connection: DuckDBConnection, file: string, seed: number) {
  const every = Math.floor(31_536_000 / (VIEW_ROWS / ENTITIES));
  return connection.run(
    `COPY (SELECT (range % ${ENTITIES})::BIGINT AS id, TIMESTAMP '2024-01-01' + to_seconds((range // ${ENTITIES}) * ${every} + (hash(range + ${seed}) % ${every})::BIGINT) AS "at", range + ${seed} AS total, (hash(range) % 1000) / 7e0 AS mean, 'l' || hash(range + ${seed}) % 50 AS label FROM range(${VIEW_ROWS}) ORDER BY id, "at") TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

async function benchSize(
  connection: DuckDBConnection,
  folder: string,
  { spine, size, views, isUnique }: { spine: string; size: number; views: string[]; isUnique: boolean },
): Promise<BenchRow> {
  const engine = createLocalEngine({ dataDirectory: folder, threads: THREADS, memoryLimit: MEMORY_LIMIT });
  const [mine, plain] = [join(folder, "mine.parquet"), join(folder, "plain.parquet")];
  const request = await requestOf({ spine, size, views, isUnique }, mine);
  const ours = () => engine.joinHistory(request);
  const theirs = () => connection.run(plainStatement(spine, views, plain));
  await ours();
  await theirs();
  await assertSame(connection, mine, plain);
  const times: [ours: number, theirs: number][] = [];
  // Taken in turn, so that another load on the machine falls on both.
  for (let round = 0; round < ROUNDS; round++) times.push([await time(ours), await time(theirs)]);
  const measured = median(times.map(([one]) => one));
  const limit = median(times.map(([, other]) => other));
  const ratio = measured / limit;
  return {
    name: isUnique ? "point-in-time join" : "the same where rows may have equal times",
    size: `${size.toLocaleString("en")} spine rows × ${VIEWS} views of ${VIEW_ROWS.toLocaleString("en")} rows`,
    measured,
    against: "ASOF JOIN written by hand",
    limit,
    ratio,
    bar: isUnique ? `at most ${BAR} ×` : "none: the plain statement picks any of them",
    ok: !isUnique || ratio <= BAR,
  };
}

async function requestOf(
  { spine, size, views, isUnique }: { spine: string; size: number; views: string[]; isUnique: boolean },
  file: string,
): Promise<HistoryRequest> {
  const { sha256 } = await digestFile(spine);
  const columns = [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
    { name: "is_late", type: "boolean" },
  ] as const;
  return {
    spine: {
      kind: "source",
      source: { kind: "Source", name: "spine", entity: "row", format: "parquet", location: spine, columns: [...columns], rowKey: ["id", "at"], timeColumn: "at" }, // prettier-ignore
      snapshot: { dataset: "spine", version: 1, files: [{ path: spine, sha256, bytes: (await stat(spine)).size }], rows: size, time: null }, // prettier-ignore
      columns: [...columns],
      time: "at",
      keys: [{ column: "id", type: "bigint" }],
    },
    views: views.map((path, i): HistoryView => ({
      keys: [{ name: "id", type: "bigint", spine: 0 }],
      eventTime: "at",
      files: [{ path, created: 0n, isUnique, columns: [...VALUES] }],
      columns: VALUES.map((name) => ({ name: `v${i}_${name}`, type: TYPES[name] })),
      rule: { ttl: BigInt(TTL_SECONDS) * 1_000_000n, delay: 0n, boundary: "inclusive", knowledge: "event" },
    })),
    features: views.flatMap((_, i) => VALUES.map((name) => `v${i}_${name}`)),
    output: { file, format: "parquet" },
  };
}

function plainStatement(spine: string, views: readonly string[], to: string): string {
  const values = views.flatMap(
    (_, i) =>
    VALUES.map((name) => `CASE WHEN v${i}."at" >= s."at" - INTERVAL ${TTL_SECONDS} SECOND THEN v${i}.${name} END AS v${i}_${name}`), // prettier-ignore
  );
  const joins = views.map((file, i) => `ASOF LEFT JOIN read_parquet(${quoteText(file)}) v${i} ON s.id = v${i}.id AND s."at" >= v${i}."at"`); // prettier-ignore
  return `COPY (SELECT s.id, s."at", s.is_late, ${values.join(", ")} FROM read_parquet(${quoteText(spine)}, file_row_number = true) s ${joins.join(" ")} ORDER BY s.file_row_number) TO ${quoteText(to)} (FORMAT parquet, COMPRESSION zstd)`;
}

async function assertSame(connection: DuckDBConnection, one: string, other: string): Promise<void> {
  const rows = (file: string) => `SELECT * FROM read_parquet(${quoteText(file)}, file_row_number = true)`;
  const different = await connection.runAndReadAll(
    `SELECT count(*) AS n, count(v0_total) AS found FROM ((${rows(one)} EXCEPT ALL ${rows(other)}) UNION ALL (${rows(other)} EXCEPT ALL ${rows(one)}))`,
  );
  if (different.getRowObjectsJS()[0]?.n !== 0n) throw new Error("The two statements do not give the same rows.");
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}
