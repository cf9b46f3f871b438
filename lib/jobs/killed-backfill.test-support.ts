/**
 * A worker to be killed in a back-fill: deploys a variant, fits it, asks for June in four chunks, works, and says
 * `middle BACKFILL_ID` when half of the second chunk's stages are done. Argument: a Postgres URL, or the folder of an embedded database.
 */
import { openDatabase } from "@/lib/db/client";
import { createBackfill } from "@/lib/registry/deployments/backfill-create";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { fillRegistry } from "@/test/registry-fixture";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine } from "./test-engine.test-support";
import { startWorker } from "./worker";

const where = process.argv[2] ?? "";
await openDatabase(where.startsWith("postgres") ? { url: where } : { directory: where });
const { people } = await fillRegistry();
const address = { workspace: "flights", name: "late_departures" };
let backfillId = "";
let chunks = 0;
const quick = createFakeEngine();
const engine = createFakeEngine({
  onMiddle: () => {
    chunks += 1;
    if (chunks !== 2) return Promise.resolve();
    process.stdout.write(`middle ${backfillId}\n`);
    // It never gets further.
    return new Promise(() => undefined);
  },
});
await createDeployment(people.ada, { ...address, pipeline: "late_departures", model: "fresh_model" }, engine);
const fit = await claimRun(await startJob(people.ada, { ...address, kind: "fit" }, {}, engine));
if (!fit) throw new Error("The fit run was not waiting.");
await executeRun(fit, quick, new ProgressWriter(fit));
backfillId = await createBackfill(
  people.ada,
  { ...address, kind: "predict_staging" },
  { from: "2001-06-01T00:00:00.000Z", to: "2001-06-29T00:00:00.000Z", chunkDays: 7 },
  engine,
);
const unused = () => Promise.reject(new Error("nothing goes online before the end"));
await startWorker({
  engine,
  store: { writeSet: unused, readRows: () => [], dropSet: unused, close: () => Promise.resolve() },
});
