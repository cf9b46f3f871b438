/**
 * Profile of the demo's 3,000,000 flights: every figure, both histograms and the top values of five columns, exact,
 * against DuckDB's own `SUMMARIZE` of the same file, which estimates quantiles and distinct counts and draws nothing.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { resolveLocation } from "@/lib/engines/local/source-location";
import { makePlan, quietControl, readDefinitions, toWorld } from "@/lib/engines/local/make-plan.test-support";
import type { BenchRow } from "./bench-row";

const ROUNDS = 5;
const THREADS = 2;
const BAR = 2;
const COLUMNS = ["date", "delay", "distance", "origin", "destination"];

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export async function benchProfile(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  const instance = await DuckDBInstance.create(":memory:", { threads: String(THREADS) });
  const connection = await instance.connect();
  try {
    const world = toWorld(readDefinitions(join(import.meta.dirname, "../prisma/demo")));
    const engine = createLocalEngine({ dataDirectory: folder, threads: THREADS, memoryLimit: "2GB" });
    const file = resolveLocation(
      { name: "flights", location: "npm:vega-datasets/data/flights-3m.parquet" },
      { directories: [], anywhere: false },
    );
    const plan = await makePlan(engine, world, folder, {
      instances: [],
      profile: {
        columns: COLUMNS.map((column) => ({ column: `flight.${column}`, edges: null })),
        selections: [{ part: "all", split: null, window: null }],
        every: null,
      },
    });
    const profile = () => engine.runVariant(plan, quietControl());
    const summarize = () => connection.runAndReadAll(`SUMMARIZE SELECT * FROM read_parquet('${file}')`);
    await profile();
    await summarize();
    // Taken in turn, so that another load on the machine falls on both.
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await time(profile));
      theirs.push(await time(summarize));
    }
    const measured = median(ours);
    const limit = median(theirs);
    const ratio = measured / limit;
    const row: BenchRow = {
      name: "profile of a dataset",
      size: `3,000,000 rows × ${COLUMNS.length} columns`,
      measured,
      against: "DuckDB SUMMARIZE of the same file",
      limit,
      ratio,
      bar: `at most ${BAR} ×`,
      ok: ratio <= BAR,
    };
    return [row];
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
