import { execFileSync } from "node:child_process";
import { OwnServer } from "../e2e/support/own-server";
import type { BenchRow } from "./bench-row";

/** Requests on their way at a time. */
const READERS = 6;
const PAUSE_MS = 50;
const SAMPLE_MS = 5000;
const RUN_EVERY_MS = 60_000;
const FILL_WITHIN_MS = 30 * 60_000;
/** Of the median of the last quarter to that of the second: the first warms up. */
const MOST_GROWTH = 1.15;
const WORKSPACE = "flights";

interface Ask {
  name: string;
  method?: "GET" | "POST";
  address: string;
  body?: unknown;
}

/** What people and services ask of a portal all day, each as often as it stands here. */
const ASKS: readonly ((at: number) => Ask)[] = [
  online,
  online,
  online,
  (at) => ({ name: "search", address: `/api/v1/features?workspace=${WORKSPACE}&q=${["deley", "segment", "late", "traffic"][at % 4]}` }),
  () => ({ name: "feature", address: `/api/v1/features/airport.segment?workspace=${WORKSPACE}` }),
  () => ({ name: "profiles", address: `/api/v1/features/airport.delay_mean_7d/profiles?workspace=${WORKSPACE}` }),
  () => ({ name: "overview", address: `/api/v1/datasets/flights/overview?workspace=${WORKSPACE}` }),
  () => ({ name: "drift", address: `/api/v1/drift?workspace=${WORKSPACE}` }),
  () => ({ name: "lineage", address: `/api/v1/lineage?workspace=${WORKSPACE}&focus=feature:airport.segment` }),
  () => ({ name: "runs", address: `/api/v1/runs?workspace=${WORKSPACE}` }),
  () => ({ name: "home", address: `/api/v1/home?workspace=${WORKSPACE}` }),
  () => ({ name: "audit", address: `/api/v1/audit?workspace=${WORKSPACE}&limit=50` }),
  () => ({ name: "sample", address: `/api/v1/datasets/flights/sample?workspace=${WORKSPACE}&rows=1000` }),
  () => ({ name: "plan", method: "POST", address: "/api/v1/plans/preview", body: { workspace: WORKSPACE, outputs: ["flight.late_probability"] } }),
  (at) => ({ name: "apply", method: "POST", address: "/api/v1/specs/apply", body: { workspace: WORKSPACE, documents: `kind: SplitPolicy\nname: load_split\ntype: hash\nalgo: md5-32\nkey: id\nsalt: load\nbuckets: 100\nparts: { train: [[0, 50]], test: [[50, 100]] }\ndescription: Changed for the ${at}th time.\n` } }),
]; // prettier-ignore

function online(at: number): Ask {
  const iata = ["ATL", "ORD", "SFO", "DFW", "LAX", "ZZZZ"].map((_, i, all) => all[(i + at) % all.length]);
  return {
    name: "online",
    method: "POST",
    address: "/api/serving/get-online-features",
    body: { features: ["airport_stats:departures_7d", "airport_stats:segment"], entities: { iata } },
  };
}

/**
 * Steady mixed load on a portal with the demo: reads, online features, plans, small applies, and a run each minute. Memory is that of
 * all processes of the portal; an error is a 5xx or a connection that breaks. `429` is an answer, and is counted.
 */
export async function benchLoad(minutes: number): Promise<BenchRow[]> {
  const server = new OwnServer("the-load-bench");
  const { url, stop, pid } = await server.start({ demo: true });
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  try {
    await untilFilled(url, headers);
    const until = Date.now() + minutes * 60_000;
    const times = new Map<string, number[]>();
    const errors: string[] = [];
    let refused = 0;
    let asked = 0;
    const ask = async ({ name, method = "GET", address, body }: Ask) => {
      const from = performance.now();
      try {
        const answer = await fetch(`${url}${address}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }); // prettier-ignore
        const text = await answer.text();
        if (answer.status === 429) refused += 1;
        else if (!answer.ok) errors.push(`${method} ${address} answered ${answer.status}: ${text.slice(0, 200)}`);
        times.set(name, [...(times.get(name) ?? []), performance.now() - from]);
      } catch (error) {
        errors.push(`${method} ${address}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const reader = async (): Promise<void> => {
      while (Date.now() < until) {
        const at = (asked += 1);
        await ask((ASKS[at % ASKS.length] as (typeof ASKS)[number])(at));
        await sleep(PAUSE_MS);
      }
    };
    const memory: number[] = [];
    const watch = async (): Promise<void> => {
      for (; Date.now() < until; await sleep(SAMPLE_MS)) memory.push(memoryOf(pid));
    };
    const runs = async (): Promise<void> => {
      for (; Date.now() < until; await sleep(Math.min(RUN_EVERY_MS, Math.max(0, until - Date.now()))))
        await ask({ name: "run", method: "POST", address: "/api/v1/runs", body: { workspace: WORKSPACE, pipeline: "network_reach" } }); // prettier-ignore
    };
    await Promise.all([...Array.from({ length: READERS }, reader), watch(), runs()]);
    for (const [name, all] of [...times].sort())
      console.log(`  ${name}: ${all.length} answers, median ${median(all).toFixed(0)} ms, 99th percentile ${quantile(all, 0.99).toFixed(0)} ms`); // prettier-ignore
    console.log(
      `  memory, MB every ${SAMPLE_MS / 1000} s: ${memory.map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(" ")}`,
    );
    console.log(`  ${refused} answers were 429`);
    errors.slice(0, 20).forEach((error) => console.error(`  ${error}`));
    const quarter = Math.floor(memory.length / 4);
    const before = median(memory.slice(quarter, 2 * quarter)) / 2 ** 20;
    const after = median(memory.slice(-Math.max(1, quarter))) / 2 ** 20;
    const size = `${asked.toLocaleString("en")} requests in ${minutes} minutes`;
    return [
      { name: "load: memory of the last quarter, MB", size, measured: after, against: "the second quarter", limit: before, ratio: after / before, bar: `≤ ${MOST_GROWTH} ×`, ok: after <= before * MOST_GROWTH },
      { name: "load: errors", size, measured: errors.length, against: "none", limit: 0, ratio: errors.length, bar: "0", ok: errors.length === 0 },
    ]; // prettier-ignore
  } finally {
    await stop();
    server.remove();
  }
}

/** Resident bytes of a process and all below it. */
function memoryOf(root: number): number {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number, kilobytes: number]);
  const own = new Set([root]);
  // Parents need not be listed before their children.
  for (let before = 0; before !== own.size;) {
    before = own.size;
    for (const [pid, parent] of processes) if (own.has(parent)) own.add(pid);
  }
  return processes.reduce((sum, [pid, , kilobytes]) => sum + (own.has(pid) ? kilobytes * 1024 : 0), 0);
}

async function untilFilled(url: string, headers: Record<string, string>): Promise<void> {
  for (const until = Date.now() + FILL_WITHIN_MS; Date.now() < until; await sleep(2000)) {
    const answer = await fetch(`${url}/api/v1/workspaces/${WORKSPACE}`, { headers });
    const { seeding } = (await answer.json()) as { seeding: { state: string; message: string } | null };
    if (seeding === null || seeding.state === "ready") return;
    if (seeding.state === "failed") throw new Error(`The demo could not be filled: ${seeding.message}`);
  }
  throw new Error("The demo was not filled in time.");
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const quantile = (values: readonly number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
const median = (values: readonly number[]) => quantile(values, 0.5);
