import type { Worker, WorkerOptions } from "node:worker_threads";

/**
 * Starts the program of a file in a thread. The class is not imported: a bundler that sees it would take the program, and all that
 * it loads, into the bundle.
 */
export function startThread(file: string, options: WorkerOptions): Worker {
  const threads = process.getBuiltinModule("node:worker_threads");
  // Flags of this process are not the thread's.
  return new threads.Worker(file, { execArgv: ["--enable-source-maps"], ...options });
}
