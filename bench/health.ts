import { Agent, get } from "node:http";
import { OwnServer } from "../e2e/support/own-server";
import type { BenchRow } from "./bench-row";

const PAUSE_MS = 20;
const P99_MS = 50;
const MOST_MS = 250;
const FILL_WITHIN_MS = 15 * 60_000;

/** How long the liveness of a portal takes to answer while it fills the demo: runs, profiles, promotions, all in one process. */
export async function benchHealth(): Promise<BenchRow[]> {
  const server = new OwnServer("the-health-bench");
  const { url, stop } = await server.start({ demo: true });
  try {
    const times: number[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let isFilling = true;
    const filled = untilFilled(url, server.token).finally(() => (isFilling = false));
    while (isFilling) {
      times.push(await answerTime(`${url}/api/health/live`, agent));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await filled;
    agent.destroy();
    times.sort((one, other) => one - other);
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
