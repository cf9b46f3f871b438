import type { Worker } from "node:worker_threads";
import { programFile } from "@/lib/config/installation";
import { log } from "@/lib/config/log";
import { forwardingFlag } from "@/lib/config/only-this-machine";
import { startThread } from "@/lib/config/start-thread";
import { database } from "@/lib/db/client";
import { recordJobsState } from "@/lib/jobs/thread-state";
import type { RunningJobs } from "./jobs";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A thread that lived longer starts again without a longer pause. */
const LONG_LIFE_MS = 60_000;
/** The thread's own limit, and a little. */
const STOP_WITHIN_MS = 6000;

/** Runs the jobs in a thread of their own. One that dies is begun again, which the log and the readiness say. */
export async function startJobsThread(program: string = programFile("jobs")): Promise<RunningJobs> {
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  let thread: Worker;

  const begin = (): Promise<void> => {
    const port = database().connect?.() ?? null;
    const startedAt = performance.now();
    thread = startThread(program, {
      workerData: { port, forwarding: forwardingFlag() },
      transferList: port ? [port] : [],
      name: "jobs",
    });
    let reason = "it ended";
    thread.on("error", (error) => (reason = error instanceof Error ? (error.stack ?? error.message) : String(error)));
    const started = new Promise<void>((resolve, reject) => {
      thread.once("message", () => {
        recordJobsState({ state: "running", reason: null });
        resolve();
      });
      thread.once("exit", () => reject(new Error(`The thread of the jobs could not start: ${reason}`)));
    });
    thread.once("exit", () => {
      if (stopping) return;
      if (performance.now() - startedAt > LONG_LIFE_MS) pause = FIRST_PAUSE_MS;
      log().error({ reason, again: `${pause} ms` }, "the thread of the jobs ended and is begun again");
      recordJobsState({ state: "restarting", reason: reason.split("\n", 1)[0] ?? reason });
      setTimeout(() => void (stopping || begin().catch(() => undefined)), pause).unref();
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
    return started;
  };

  try {
    await begin();
  } catch (error) {
    stopping = true;
    throw error;
  }
  return {
    async stop() {
      stopping = true;
      const ended = new Promise<void>((resolve) => {
        if (thread.threadId === -1) resolve();
        else thread.once("exit", () => resolve());
      });
      thread.postMessage("stop");
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
      await Promise.race([ended, late]);
      await thread.terminate();
    },
  };
}
