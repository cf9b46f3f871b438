/**
 * A process for the test that kills it while it materialises. Arguments: the folder of an embedded database, and where it is to be killed.
 * The first of them fills the registry, puts a small set online and queues a large one; each says `middle POINT` when it is there.
 */
import path from "node:path";
import { mkdirSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { openDatabase, prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { Engine } from "@/lib/engines/engine";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { LmdbStore } from "@/lib/online/lmdb-store";
import type { OnlineRow, OnlineStore } from "@/lib/online/online-store";
import { openWorkQueue, workOffOldest } from "@/lib/registry/execution/work-queue";
import { fillRegistry } from "@/test/registry-fixture";
import { countStatements, stoppingAt } from "@/test/statement-faults";
import { materialise } from "./materialise";

/** Where a process is killed: between batches, while LMDB commits, with all values written, and before the registry's commit. */
export const POINTS = ["batch", "commit", "written", "record"] as const;
type Point = (typeof POINTS)[number];
export const ROWS = 20_000;

export const localEngine = (data: string): Engine =>
  createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 1, memoryLimit: "512MB" });
export const openStore = (data: string) => LmdbStore.open(path.join(data, "online"));
export const airport = (at: number) => `A${String(at).padStart(5, "0")}`;

const say = (point: Point) => void process.stdout.write(`middle ${point}\n`);
const never = () => new Promise<never>(() => undefined);

/** The view, with its first set online and the second one queued. */
export async function fill(data: string, store = openStore(data)): Promise<void> {
  const { workspace, runs } = await fillRegistry();
  const { id: viewId } = await prisma().featureView.findFirstOrThrow({ where: { workspaceId: workspace.id, name: "airport_stats" } }); // prettier-ignore
  await prisma().materialisation.deleteMany({ where: { workspaceId: workspace.id } });
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  mkdirSync(path.join(data, "offline"), { recursive: true });
  for (const [run, rows] of [
    [1, 10],
    [2, ROWS],
  ] as const) {
    const runId = runs[run] as string;
    const file = `offline/${run}.parquet`;
    await connection.run(
      `COPY (SELECT 'A' || lpad(i::VARCHAR, 5, '0') AS iata, TIMESTAMP '2001-0${run}-01' AS "date", (i * ${run})::BIGINT AS departures_7d, 1e0 AS delay_mean_7d, repeat('s', 200) AS segment FROM range(${rows}) r(i)) TO '${path.join(data, file)}' (FORMAT parquet)`,
    );
    const version = await prisma().datasetVersion.findFirstOrThrow({ where: { runId, dataset: { startsWith: "airport@" } } }); // prettier-ignore
    await prisma().datasetVersion.update({ where: { id: version.id }, data: { files: [{ path: file, sha256: "", bytes: 1 }], rows: BigInt(rows) } }); // prettier-ignore
    if (run === 1) await materialise({ runId, viewId }, localEngine(data), store);
    else await prisma().$transaction((tx) => enqueue(tx, "materialise", { runId, viewId }));
  }
}

function stopAfterBatches(engine: Engine, batches: number): Engine {
  return {
    ...engine,
    async *readRows(file, options) {
      let read = 0;
      for await (const rows of engine.readRows(file, options)) {
        yield rows;
        if ((read += 1) === batches) {
          say("batch");
          await never();
        }
      }
    },
  };
}

function writingBy(store: OnlineStore, writeSet: OnlineStore["writeSet"]): OnlineStore {
  return {
    writeSet,
    readRows: (...args) => store.readRows(...args),
    dropSet: (...args) => store.dropSet(...args),
    close: () => store.close(),
  };
}

/** Goes on to write for as long as it lives, so that the process ends within some transaction. */
const writeForEver = (store: OnlineStore) =>
  writingBy(store, async (setId, types, batches) => {
    const read: OnlineRow[][] = [];
    for await (const rows of batches) read.push(rows);
    const again = async function* () {
      yield* read;
    };
    say("commit");
    for (;;) await store.writeSet(setId, types, again());
  });

const stopWhenWritten = (store: OnlineStore) =>
  writingBy(store, async (...args) => {
    await store.writeSet(...args);
    say("written");
    return never();
  });

async function workUntilKilled(data: string, point: Point): Promise<void> {
  process.env.TRIBUTARY_DATA = data;
  await openDatabase({ directory: data });
  await openQueue();
  if (point === "batch") await fill(data);
  await openWorkQueue();
  const [engine, store] = [localEngine(data), openStore(data)];
  const work = (how: { engine?: Engine; store?: OnlineStore } = {}) =>
    workOffOldest(
      "materialise",
      (job) => materialise(job, how.engine ?? engine, how.store ?? store),
      (_, error) => Promise.reject(error instanceof Error ? error : new Error(String(error))),
    );
  if (point === "batch") await work({ engine: stopAfterBatches(engine, 3) });
  else if (point === "commit") await work({ store: writeForEver(store) });
  else if (point === "written") await work({ store: stopWhenWritten(store) });
  else {
    const twin = await prisma().materialisation.findFirstOrThrow({ select: { id: true, runId: true, viewId: true } });
    // The same work on the set that is online, so that its statements are counted.
    await prisma().materialisation.delete({ where: { id: twin.id } });
    const statements = await countStatements(() => materialise(twin, engine, store));
    await workOffOldest(
      "materialise",
      // The last one is the commit.
      (job) => stoppingAt(statements, () => say("record"), () => materialise(job, engine, store)), // prettier-ignore
      () => Promise.resolve(),
    );
  }
}

if (process.argv[1]?.endsWith("killed-materialise.test-support.mjs")) {
  // It may wait for an answer that never comes.
  setInterval(() => undefined, 1000);
  await workUntilKilled(process.argv[2] ?? "", process.argv[3] as Point);
}
