import { constants, setPriority } from "node:os";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { shareForwardingFlag } from "@/lib/config/only-this-machine";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { startJobs } from "./jobs";

/** The thread of a process that serves pages and works off jobs, so that no run holds up an answer. */
const { port, forwarding } = workerData as { port: MessagePort | null; forwarding: Int32Array };
// On Linux a priority is a thread's, and what it starts inherits it: answers go before runs where both want the processor.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
shareForwardingFlag(forwarding);
await openDatabase(port ? { port } : undefined);
await openQueue();
const jobs = await startJobs();
parentPort?.on("message", () => {
  void jobs
    .stop()
    .then(closeDatabase)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
parentPort?.postMessage("started");
