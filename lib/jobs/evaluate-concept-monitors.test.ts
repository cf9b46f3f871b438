import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { logOutcomes as logContract } from "@/lib/contracts/outcomes";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { OutcomeWindow, OutcomeWindowsRequest } from "@/lib/domain/outcomes/outcomes";
import { listAlerts } from "@/lib/registry/monitors/alerts";
import { getConceptDrift } from "@/lib/registry/monitors/concept-drift";
import { applyChange, reviewChange } from "@/lib/registry/changes/changes";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { pauseDeployment, resumeDeployment } from "@/lib/registry/deployments/state";
import { logOutcomes, logPredictions } from "@/lib/registry/monitors/logged-outcomes";
import { listMonitors } from "@/lib/registry/monitors/monitors";
import { applySpecs } from "@/lib/registry/specs/specs";
import { evaluateConceptMonitor } from "./evaluate-concept-monitors";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine, type FakeOptions } from "./test-engine.test-support";

const workspace = "flights";
let fixture: Fixture;
const data = mkdtempSync(path.join(tmpdir(), "tributary-concept-"));
const ada = () => fixture.people.ada;

/** Windows with these log losses, a week each, and an evaluation period of 0.5. */
function engineOf(losses: number[], options: FakeOptions = {}) {
  const asked: OutcomeWindowsRequest[] = [];
  const figures = (mean: number): Omit<OutcomeWindow, "from"> => ({
    n: 1000,
    missingPredictions: 2,
    missingLabels: 50,
    metrics: { logLoss: { mean, variance: 0.25 } },
    auc: { value: 0.7, variance: 0.0001 },
    positives: 300,
  });
  const engine = createFakeEngine({
    ...options,
    outcomes: (request) => {
      asked.push(request);
      return request.window === null
        ? [{ from: null, ...figures(0.5) }]
        : losses.map((loss, at) => ({
            from: new Date(Date.UTC(2001, 5, 4 + 7 * at)).toISOString(),
            ...figures(loss),
          }));
    },
  });
  return { engine, asked };
}

const declare = (name: string, rest: object = {}) =>
  applySpecs(ada(), {
    workspace,
    documents: [
      {
        kind: "Monitor",
        name,
        drift: "concept",
        model: "fresh_model",
        window: "week",
        reference: { window: ["2001-05-01T00:00:00Z", "2001-06-01T00:00:00Z"] },
        ...rest,
      },
    ],
  });
const idOf = async (name: string) => (await prisma().monitor.findFirstOrThrow({ where: { name } })).id;
const evaluate = async (name: string, losses: number[]) =>
  evaluateConceptMonitor({ monitorId: await idOf(name) }, engineOf(losses).engine);
const alertsOf = async (monitor: string) =>
  (await listAlerts(ada(), { workspace, monitor, state: "all", limit: 50 })).items;
const fitRuns = () => prisma().run.findMany({ where: { kind: "fit" }, orderBy: { number: "asc" } });
const said = async (monitor: string) =>
  (await alertsOf(monitor)).flatMap(({ events }) => events.map(({ action, comment }) => `${action}: ${comment}`));

/** Runs what waits, as a worker does. */
async function work(options: FakeOptions = {}) {
  const { engine } = engineOf([], options);
  for (const { id } of await prisma().run.findMany({ where: { state: "queued" }, orderBy: { number: "asc" } })) {
    const run = await claimRun(id);
    if (run) await executeRun(run, engine, new ProgressWriter(run));
  }
}

const key = (id: number | string) => ({ id });
const at = "2001-06-04T10:00:00.000Z";

beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
  await createDeployment(ada(), { workspace, name: "late", pipeline: "late_departures", model: "fresh_model" }, engineOf([]).engine); // prettier-ignore
  await startJob(ada(), { workspace, name: "late", kind: "fit" }, {}, engineOf([]).engine);
  await work();
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

describe("a concept monitor", () => {
  it("keeps every window with its band, and evaluating again changes nothing", async () => {
    await declare("calm");
    expect(await evaluate("calm", [0.49, 0.51])).toEqual({ judged: 2, opened: 0, resolved: 0 });
    const { series } = await getConceptDrift(ada(), { workspace });
    const calm = series.find(({ monitor }) => monitor === "calm");
    expect(calm).toMatchObject({ model: "fresh_model", deployments: ["late"], metric: "log_loss", environment: "production", lastError: null });
    expect(calm?.evaluation).toMatchObject({ value: 0.5, words: "2001-05-01 to 2001-06-01" });
    expect(calm?.arrived).toBeCloseTo(1000 / 1050, 12);
    expect(calm?.points.map(({ from, state, missingLabels }) => [from.slice(0, 10), state, missingLabels])).toEqual([
      ["2001-06-04", "fine", 50],
      ["2001-06-11", "fine", 50],
    ]);
    expect(calm?.points[0]?.lower).toBeLessThan(0.49);
    expect(await evaluate("calm", [0.49, 0.51])).toEqual({ judged: 2, opened: 0, resolved: 0 });
    expect((await listMonitors(ada(), workspace)).items.map(({ name }) => name)).not.toContain("calm");
  }); // prettier-ignore

  it("opens an alert that goes on, is resolved by a fine window, and links to its picture", async () => {
    await declare("alarming");
    await evaluate("alarming", [0.5, 0.7]);
    const [alert] = await alertsOf("alarming");
    expect(alert).toMatchObject({ state: "open", level: "critical", picture: "/drift?view=concept&concept=alarming&window=2001-06-11" });
    await evaluate("alarming", [0.5, 0.7, 0.7]);
    await evaluate("alarming", [0.5, 0.7, 0.7, 0.5]);
    await evaluate("alarming", [0.5, 0.7, 0.7, 0.5]);
    const all = await alertsOf("alarming");
    expect(all.map(({ state, windows }) => [state, windows])).toEqual([["resolved", 2]]);
  }); // prettier-ignore

  it("says on its page why an evaluation failed", async () => {
    await declare("broken");
    const engine = createFakeEngine({ outcomes: () => { throw new Error("No file."); } }); // prettier-ignore
    await evaluateConceptMonitor({ monitorId: await idOf("broken") }, engine);
    const { series } = await getConceptDrift(ada(), { workspace });
    expect(series.find(({ monitor }) => monitor === "broken")?.lastError).toBe("No file.");
  });

  it.each([
    ["a metric that does not fit", { model: "late_model", metric: "squared_error" }, "does not fit the label"],
    ["an unknown metric", { metric: "psi" }, "is not a metric of concept drift"],
    ["a window of a year", { window: "year" }, "is not a window"],
    ["thresholds the wrong way round", { warn: 0.01, critical: 0.05 }, "a smaller p is worse"],
    ["an unknown field", { view: "airport_stats" }, "is not a field"],
    ["a part as reference", { reference: { part: "test" } }, "Nothing was applied"],
  ])("is refused with %s", async (_, rest, message) => {
    await expect(declare("wrong", rest)).rejects.toThrow(message);
  });
});

describe("continuous training", () => {
  it("starts one fit for two alerts, proposes its model, and moves no alias", async () => {
    const before = await prisma().modelAlias.findMany({ orderBy: { id: "asc" } });
    const runs = (await fitRuns()).length;
    // As if new data had come: otherwise every fit would be used again.
    await prisma().$executeRaw`UPDATE "Fit" SET "fingerprint" = 'older ' || "id"`;
    await declare("trains", { onAlert: { fit: "late" } });
    await declare("trains_too", { metric: "log_loss", onAlert: { fit: "late" } });
    await evaluate("trains", [0.7]);
    await evaluate("trains_too", [0.7]);
    await Promise.all([evaluate("trains", [0.7]), evaluate("trains", [0.7])]);
    expect((await fitRuns()).length).toBe(runs + 1);
    expect(await said("trains_too")).toContainEqual(expect.stringMatching(/^fit_skipped: .*still queued/));
    const [alert] = await prisma().alert.findMany({ where: { monitor: { name: "trains" } } });
    expect(alert?.fitRunId).toBe((await fitRuns()).at(-1)?.id);
    await work();
    expect((await fitRuns()).at(-1)?.state).toBe("succeeded");
    expect(await said("trains")).toContainEqual(expect.stringMatching(/^fit_proposed: .*change request \d+ asks for staging/));
    const [change] = await prisma().changeRequest.findMany({ where: { items: { some: { modelId: { not: null } } } } });
    expect(change).toMatchObject({ state: "in_review", environment: "staging", authorName: "Tributary" });
    expect(change?.description).toContain(`Alert ${alert?.number} of monitor trains`);
    expect(await prisma().modelAlias.findMany({ orderBy: { id: "asc" } })).toEqual(before);
  }); // prettier-ignore

  it("goes on to production by a request of its own once staging has the version", async () => {
    const change = await prisma().changeRequest.findFirstOrThrow({ where: { items: { some: { modelId: { not: null } } } }, include: { revisions: true, items: true } }); // prettier-ignore
    const { digest } = change.revisions[0]!;
    await reviewChange(fixture.people.chiara, change.id, { decision: "approve", comment: "", digest } as never);
    await applyChange(fixture.people.chiara, change.id);
    const next = await prisma().changeRequest.findFirstOrThrow({ where: { items: { some: { modelId: change.items[0]!.modelId } }, environment: "production" } }); // prettier-ignore
    expect(next.state).toBe("in_review");
    expect(await prisma().modelAlias.count({ where: { modelId: change.items[0]!.modelId as string, alias: "production" } })).toBe(0); // prettier-ignore
  });

  it("says when the fit failed, when it changed nothing, and when the deployment does not take it", async () => {
    await declare("failing", { onAlert: { fit: "late" } });
    await evaluate("failing", [0.7]);
    await work({ failWith: new Error("The disk is full.") });
    expect(await said("failing")).toContainEqual(expect.stringMatching(/^fit_failed: .*The disk is full/));
    await declare("same", { onAlert: { fit: "late" } });
    await evaluate("same", [0.7]);
    await work();
    expect(await said("same")).toContainEqual(expect.stringMatching(/^fit_unchanged: /));
    await pauseDeployment(ada(), { workspace, name: "late" });
    await declare("paused", { onAlert: { fit: "late" } });
    await evaluate("paused", [0.7]);
    await evaluate("paused", [0.7]);
    expect((await said("paused")).filter((text) => text.startsWith("fit_"))).toEqual([expect.stringContaining("is paused")]);
    await resumeDeployment(ada(), { workspace, name: "late" });
    await declare("nowhere", { onAlert: { fit: "unknown" } });
    await evaluate("nowhere", [0.7]);
    expect(await said("nowhere")).toContainEqual(expect.stringContaining("there is no deployment `unknown`"));
  }); // prettier-ignore
});

describe("logged predictions and outcomes", () => {
  it("are kept once, replaced by newer values, and joined whatever comes first", async () => {
    const outcomes = [{ key: key(1), at, outcome: 1 }];
    expect(await logOutcomes(ada(), "fresh_model", { workspace, outcomes })).toMatchObject({ added: 1 });
    const predictions = [1, 2].map((id) => ({ key: key(id), at, prediction: id / 10 }));
    const log = (list: typeof predictions) => logPredictions(ada(), "fresh_model", { workspace, predictions: list });
    expect(await log(predictions)).toEqual({ received: 2, added: 2, replaced: 0, unchanged: 0 });
    expect(await log(predictions)).toEqual({ received: 2, added: 0, replaced: 0, unchanged: 2 });
    expect(await log([{ key: key("1"), at, prediction: 0.9 }])).toMatchObject({ replaced: 1 });
    expect(await prisma().loggedPrediction.count()).toBe(2);
    const { engine, asked } = engineOf([0.5]);
    await evaluateConceptMonitor({ monitorId: await idOf("calm") }, engine);
    expect(asked[0]?.predictions.at(-1)?.source?.name).toBe("logged_predictions");
    expect(asked[0]?.labels.at(-1)?.source?.columns.map(({ name }) => name)).toContain("_value");
  });

  it("evaluate the monitors of the model, once for many batches", async () => {
    const id = await idOf("calm");
    for (const outcome of [0, 1]) await logOutcomes(ada(), "fresh_model", { workspace, outcomes: [{ key: key(7), at, outcome }] }); // prettier-ignore
    const [found] = await prisma().$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n FROM pgboss.job WHERE name = 'evaluate-outcomes' AND state = 'created' AND data->>'monitorId' = ${id}`; // prettier-ignore
    expect(Number(found?.n)).toBe(1);
  });

  it("take ten thousand at once, and refuse what does not fit naming the item", async () => {
    const many = Array.from({ length: 10_000 }, (_, id) => ({ key: key(id + 1000), at, prediction: 0.5 }));
    expect(await logPredictions(ada(), "fresh_model", { workspace, predictions: many })).toMatchObject({ added: 10_000 });
    const wrong = (item: object) => logPredictions(ada(), "fresh_model", { workspace, predictions: [{ key: key(1), at, prediction: 0.9 }, { at, prediction: 1, ...item }] as never }); // prettier-ignore
    const issues = (item: object) => wrong(item).then(() => [], (error: { context: { issues: { path: unknown[] }[] } }) => error.context.issues.map(({ path }) => path.join("."))); // prettier-ignore
    expect(await issues({ key: {} })).toEqual(["predictions.1.key.id"]);
    expect(await issues({ key: key(1.5) })).toEqual(["predictions.1.key.id"]);
    expect(await issues({ key: { ...key(2), gate: "A" } })).toEqual(["predictions.1.key.gate"]);
    expect(await issues({ key: key(1), prediction: 0.8 })).toEqual(["predictions.1"]);
    await expect(logPredictions(ada(), "no_model", { workspace, predictions: [] })).rejects.toMatchObject({ code: "not_found" });
    await expect(logPredictions(fixture.people.devi, "fresh_model", { workspace, predictions: [] })).rejects.toMatchObject({ code: "forbidden" });
  }); // prettier-ignore

  it.each([["NaN"], [Number.POSITIVE_INFINITY], [null]])("are no %s", async (value) => {
    const parsed = logContract.body.safeParse({ workspace, outcomes: [{ key: key(1), at, outcome: 1 }, { key: key(1), at, outcome: value }] }); // prettier-ignore
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(["outcomes.1.outcome"]);
  });
});
