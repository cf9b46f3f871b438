import path from "node:path";
import type { Worker, WorkerOptions } from "node:worker_threads";

/**
 * Starts a program of this folder in a thread. `program` is relative to the folder that the process was started in. The class is
 * not imported: a bundler that sees it would take the program, and all that it loads, into the bundle.
 */
export function startThread(program: string, options: WorkerOptions): Worker {
  const threads = process.getBuiltinModule("node:worker_threads");
  // Loaders and flags of this process are not the thread's.
  return new threads.Worker([process.cwd(), program].join(path.sep), { execArgv: [], ...options });
}
