/**
 * A worker process for the test that kills it: fills the registry, starts a run on an engine that takes its time, and says
 * `middle RUN_ID` when half of the stages are done, and `ended STATE` when somebody ended it. Arguments: a Postgres URL, or the folder of an embedded database.
 */
import { openDatabase, prisma } from "@/lib/db/client";
import { startRun } from "@/lib/registry/runs/start";
import { fillRegistry } from "@/test/registry-fixture";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker } from "./worker";

const where = process.argv[2] ?? "";
await openDatabase(where.startsWith("postgres") ? { url: where } : { directory: where });
const { people } = await fillRegistry();
let runId = "";
const engine = createFakeEngine({
  stageMs: 300,
  onMiddle: () => {
    process.stdout.write(`middle ${runId}\n`);
    return Promise.resolve();
  },
});
runId = await startRun(people.ada, { workspace: "flights", pipeline: "late_departures" }, engine);
const unused = () => Promise.reject(new Error("nothing goes online before the end"));
await startWorker({
  engine,
  store: { writeSet: unused, readRows: () => [], dropSet: unused, close: () => Promise.resolve() },
});
for (;;) {
  const { state } = await prisma().run.findUniqueOrThrow({ where: { id: runId }, select: { state: true } });
  if (state !== "queued" && state !== "running") {
    process.stdout.write(`ended ${state}\n`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
