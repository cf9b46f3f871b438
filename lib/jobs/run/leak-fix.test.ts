import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { getModel } from "@/lib/registry/models/models";
import { planLeakageFixes } from "@/lib/registry/plans/fixes";
import { startRun } from "@/lib/registry/runs/start";
import { createPipeline } from "@/lib/registry/specs/create-pipeline";
import { applySpecs } from "@/lib/registry/specs/specs";
import type { Principal } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { startWorker, type Worker } from "../worker";
import { ADMIN, EMPTY_STORE, succeeded } from "./run-to-end.test-support";

const data = mkdtempSync(path.join(tmpdir(), "tributary-leak-fix-"));
const engine = createLocalEngine({ dataDirectory: path.join(data, "scratch"), threads: 2, memoryLimit: "512MB" });

interface Row {
  id: number;
  day: number;
  desk: number;
  x: number;
  y: 0 | 1;
}

/** Desks are open for one day and see four calls: what is learned of a desk is the labels of its calls. `x` says a little. */
function makeRows(): Row[] {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: 2400 }, (_, id) => {
    const x = Math.round(random() * 100) / 100;
    return { id, day: Math.floor(id / 40), desk: Math.floor(id / 4), x, y: random() < 0.35 + 0.3 * x ? 1 : 0 };
  });
}
const rows = makeRows();
const TEST_FROM = 40;

/** Share of pairs of a yes and a no that are in order, counted pair by pair. */
function aucOf(scored: { score: number; y: number }[]): number {
  const yes = scored.filter(({ y }) => y === 1);
  const no = scored.filter(({ y }) => y === 0);
  let inOrder = 0;
  for (const one of yes)
    for (const other of no) inOrder += one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0;
  return inOrder / (yes.length * no.length);
}

const dateOf = (day: number) => new Date(Date.UTC(2001, 0, 1 + day)).toISOString().slice(0, 10);

const SPECS = `
kind: Workspace
name: desks
---
kind: Entity
name: call
joinKeys: [{ name: id, type: bigint }]
eventTime: at
---
kind: Source
name: calls
entity: call
format: csv
location: ${path.join(data, "sources", "calls.csv")}
columns:
  - { name: id, type: bigint }
  - { name: at, type: date }
  - { name: desk, type: bigint }
  - { name: x, type: double }
  - { name: y, type: bigint }
rowKey: [id]
timeColumn: at
appendOnly: true
---
kind: SplitPolicy
name: by_day
type: time
column: at
parts: { train: [null, "${dateOf(TEST_FROM)}"], test: ["${dateOf(TEST_FROM)}", null] }
---
kind: Stage
name: desk_rate
entity: call
estimator: TargetEncoder
class: supervised
inputs: [call.desk]
fitInputs: [call.y]
outputs: [{ column: call.rate, type: double }]
params: { handleInvalid: keep }
fit: { rows: all }
---
kind: Stage
name: inputs
entity: call
transformer: VectorAssembler
inputs: [call.x, call.rate]
outputs: [{ column: call.inputs, type: vector }]
---
kind: Stage
name: lr
entity: call
estimator: LogisticRegression
class: supervised
inputs: [call.inputs]
fitInputs: [call.y]
outputs: [{ column: call.p, type: double }]
---
kind: Pipeline
name: calls_lost
outputs: [call.p]
fit: { split: by_day, parts: [train] }
evaluate: { split: by_day, test: [test], label: call.y, model: lost, unit: [id, at] }
`;

let worker: Worker;

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  mkdirSync(path.join(data, "sources"));
  const lines = rows.map(({ id, day, desk, x, y }) => [id, dateOf(day), desk, x, y].join());
  writeFileSync(path.join(data, "sources", "calls.csv"), `id,at,desk,x,y\n${lines.join("\n")}\n`);
  await openTestDatabase();
  await applySpecs(ADMIN, { documents: SPECS });
  worker = await startWorker({ engine, store: EMPTY_STORE });
});
afterAll(async () => {
  await worker.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function run(pipeline: string) {
  const id = await startRun(ADMIN, { workspace: "desks", pipeline }, engine);
  return succeeded(id);
}

const versions = async () => (await getModel(ADMIN, "desks", "lost")).versions;

it("a leak is fixed by its own plan, and the two scores stand side by side with what leakage made", async () => {
  await run("calls_lost");
  const [leaking] = await versions();
  expect(leaking).toMatchObject({ version: 1, verdict: "leak", severity: "critical" });

  const { fixes } = await planLeakageFixes(ADMIN, { modelVersionId: leaking!.id });
  expect(fixes.map(({ action, verdict }) => [action, verdict.verdict])).toEqual([
    ["refit_on_train", "safe"],
    ["cut_fit_window", "safe"],
  ]);
  const [fork, cut] = fixes;
  // Both estimators are fitted anew, since the model reads another encoding; what was written before either is there.
  expect(fork).toMatchObject({ fitted: 0, existing: null, pipeline: { name: "calls_lost_refit" } });
  await createPipeline(ADMIN, { workspace: "desks", ...fork!.pipeline });
  const done = await run("calls_lost_refit");
  expect(done.modelVersions[0]).toMatchObject({ version: 2, verdict: "safe", sentence: fork!.verdict.sentence });

  // No desk of the test days is known to the honest encoder: only x is left, whose order is that of the scores.
  const test = rows.filter(({ day }) => day >= TEST_FROM);
  const honest = aucOf(test.map(({ x, y }) => ({ score: x, y })));
  const { differences } = await getModel(ADMIN, "desks", "lost");
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatchObject({ leaking: 1, honest: 2, metric: "auc" });
  expect(differences[0]?.honestScore).toBeCloseTo(honest, 9);
  expect(differences[0]?.leakingScore).toBeGreaterThan(honest + 0.1);
  expect(differences[0]?.difference).toBeCloseTo((leaking!.metrics.test?.auc ?? NaN) - honest, 9);

  // The other fix is its owner's to apply, for everybody; the pipeline itself is safe from then on.
  await applySpecs(ADMIN, { workspace: "desks", documents: cut!.plan.specs! });
  const after = await run("calls_lost");
  expect(after.modelVersions[0]).toMatchObject({ version: 3, verdict: "safe" });
  expect(await planLeakageFixes(ADMIN, { modelVersionId: leaking!.id })).toMatchObject({
    verdict: { verdict: "safe" },
    fixes: [],
  });
});

it("whoever cannot see the workspace does not learn of the version", async () => {
  const { id } = await prisma().modelVersion.findFirstOrThrow();
  const stranger: Principal = { ...ADMIN, id: "eve", name: "Eve", bindings: [] };
  await expect(planLeakageFixes(stranger, { modelVersionId: id })).rejects.toMatchObject({ code: "not_found" });
});
