import { existsSync, readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { loadavg } from "node:os";
import { OwnServer } from "../e2e/support/own-server";
import type { BenchRow } from "./bench-row";

const PAUSE_MS = 20;
const P99_MS = 50;
const MOST_MS = 250;
const FILL_WITHIN_MS = 15 * 60_000;

/**
 * How long the liveness of a portal takes to answer while it fills the demo: runs, profiles, promotions, all in one process. Where the
 * system tells (Linux), what the thread that answers did meanwhile is printed: what it computed is the portal's own, what it waited for
 * the processor may be due to whatever else the machine does.
 */
export async function benchHealth(): Promise<BenchRow[]> {
  const server = new OwnServer("the-health-bench");
  const { url, stop, pid } = await server.start({ demo: true });
  try {
    const answers: Answer[] = [];
    const thread = mainThread(pid);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let isFilling = true;
    const filled = untilFilled(url, server.token).finally(() => (isFilling = false));
    while (isFilling) {
      const before = timesOf(thread);
      const ms = await answerTime(`${url}/api/health/live`, agent);
      const after = timesOf(thread);
      answers.push({ ms, computed: after.computed - before.computed, waited: after.waited - before.waited });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await filled;
    agent.destroy();
    answers.sort((one, other) => one.ms - other.ms);
    if (thread) report(answers);
    const times = answers.map(({ ms }) => ms);
    const p99 = times[Math.floor(times.length * 0.99)] ?? NaN;
    const row = (name: string, measured: number, limit: number): BenchRow => ({
      name,
      size: `${times.length.toLocaleString("en")} requests while the demo fills`,
      measured,
      against: `${limit} ms`,
      limit,
      ratio: measured / limit,
      bar: "≤ 1 ×",
      ok: measured <= limit,
    });
    return [
      row("health: live, 99th percentile", p99, P99_MS),
      row("health: live, the longest", times[times.length - 1] ?? NaN, MOST_MS),
    ];
  } finally {
    await stop();
    await server.remove();
  }
}

/** Milliseconds: until the answer, and what the thread that answers computed and waited for the processor meanwhile. */
interface Answer {
  ms: number;
  computed: number;
  waited: number;
}

/** What Linux counts of the main thread of the server, which is the child of `npm start`; null elsewhere. */
function mainThread(starter: number): string | null {
  const children = `/proc/${starter}/task/${starter}/children`;
  const server = existsSync(children) ? readFileSync(children, "utf8").trim().split(" ")[0] : undefined;
  return server ? `/proc/${server}/task/${server}/schedstat` : null;
}

function timesOf(thread: string | null): Omit<Answer, "ms"> {
  if (thread === null) return { computed: 0, waited: 0 };
  const [computed, waited] = readFileSync(thread, "utf8")
    .split(" ")
    .map((nanoseconds) => Number(nanoseconds) / 1e6);
  return { computed: computed as number, waited: waited as number };
}

function report(answers: readonly Answer[]): void {
  const figures = ({ ms, computed, waited }: Answer) =>
    `${ms.toFixed(0)} ms, of which it computed ${computed.toFixed(0)} and waited for the processor ${waited.toFixed(0)}`;
  const busiest = answers.reduce((most, one) => (one.computed > most.computed ? one : most));
  console.log(`  the longest answer: ${figures(answers.at(-1) as Answer)}`);
  console.log(`  the one most computed for: ${figures(busiest)}`);
  console.log(`  the machine's load: ${loadavg().map((load) => load.toFixed(1)).join(", ")}`); // prettier-ignore
}

/** Milliseconds until the whole answer is there. Rejects for anything but 200: a connection that is reset is no answer. */
function answerTime(url: string, agent: Agent): Promise<number> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once("end", () => {
        if (response.statusCode === 200) resolve(performance.now() - from);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).once("error", reject);
  });
}

async function untilFilled(url: string, token: string): Promise<void> {
  const until = Date.now() + FILL_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${url}/api/v1/workspaces/flights`, { headers: { authorization: `Bearer ${token}` } });
    const { seeding } = (await answer.json()) as { seeding: { state: string; message: string } | null };
    if (seeding === null || seeding.state === "ready") return;
    if (seeding.state === "failed") throw new Error(`The demo could not be filled: ${seeding.message}`);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  throw new Error("The demo was not filled in time.");
}
