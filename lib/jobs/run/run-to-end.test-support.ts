/** For tests that run pipelines by a worker: who asks, a store that keeps nothing, and waits for the ends of runs and of their reproductions. */
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import type { OnlineStore } from "@/lib/online/online-store";
import type { Reproduction } from "@/lib/contracts/reproductions";
import { getReproduction, reproduceRun } from "@/lib/registry/reproductions/reproductions";
import { getRun } from "@/lib/registry/runs/runs";

export const ADMIN: Principal = {
  id: "ada",
  name: "Ada",
  kind: "user",
  bindings: [{ workspaceId: null, role: "admin" }],
  requestId: "test",
};

export const EMPTY_STORE: OnlineStore = {
  writeSet: () => Promise.resolve({ rows: 0, longKeys: [] }),
  readRows: () => [],
  dropSet: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/**
 * The state of the run once it is one of `states`. Reads nothing but the state: composing a whole run asks dozens of questions of the
 * database that the worker of the test is busy with. Throws when it takes longer than a minute.
 */
export async function untilState(id: string, states: readonly string[]): Promise<string> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const { state } = await prisma().run.findUniqueOrThrow({ where: { id }, select: { state: true } });
    if (states.includes(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The run does not get ${states.join(" or ")}.`);
}

/** The run once it has succeeded. Throws what it failed with, and when it takes longer than a minute. */
export async function succeeded(id: string) {
  const state = await untilState(id, ["succeeded", "failed"]);
  const found = await getRun(ADMIN, id);
  if (state === "failed") throw new Error(JSON.stringify(found.error));
  return found;
}

/** What doing the run again found. Throws what it failed with, and when it takes longer than a minute. */
export async function reproduced(runId: string): Promise<NonNullable<Reproduction["report"]>> {
  const { id } = await reproduceRun(ADMIN, runId);
  for (let tries = 0; tries < 1200; tries += 1) {
    const found = await getReproduction(ADMIN, id);
    if (found.report) return found.report;
    if (found.state === "failed") throw new Error(found.error ?? "");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It does not end.");
}
