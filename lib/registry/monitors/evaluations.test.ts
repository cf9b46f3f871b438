import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import { handleAlert, listAlerts } from "@/lib/registry/monitors/alerts";
import { compareMonitored } from "@/lib/registry/monitors/comparison";
import { resetBaseline } from "@/lib/registry/monitors/baseline";
import { startBacktest as askForBacktest } from "@/lib/registry/monitors/backtests";
import { saveThresholds, tryMonitor } from "@/lib/registry/monitors/trial";
import { getMonitor, listMonitors } from "@/lib/registry/monitors/monitors";
import { runMonitor } from "@/lib/registry/monitors/run-monitor";
import { applySpecs } from "@/lib/registry/specs/specs";
import { runBacktest } from "./run-backtest";
import { evaluateAfterRun, evaluateWhenDue } from "./evaluations";
import { copyOfProfiles, writeProfiles } from "@/test/profile-rows";

const workspace = "flights";
const JANUARY: [string, string] = ["2001-01-01T00:00:00.000Z", "2001-02-01T00:00:00.000Z"];
let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const ada = () => fixture.people.ada;
const declare = (monitor: Partial<MonitorDefinition> & { name: string }) =>
  applySpecs(ada(), {
    workspace,
    documents: [{ kind: "Monitor", view: "airport_stats", metric: "psi", reference: { window: JANUARY }, ...monitor }],
  });
/** Asks for a backtest and does its job. */
const startBacktest = async (_: unknown, name: string, request: { workspace: string; from?: string; to?: string }) => {
  const { id } = await askForBacktest(ada(), name, request);
  await runBacktest(id);
  return prisma().monitorBacktest.findUniqueOrThrow({ where: { id } });
};
const idOf = async (name: string) => (await prisma().monitor.findFirstOrThrow({ where: { name } })).id;
const alertsOf = (monitor: string, state: "live" | "all" | "open" | "snoozed" = "all") =>
  listAlerts(ada(), { workspace, monitor, state, limit: 50 });
const act = (
  number: number,
  request: { action: "acknowledge" | "snooze" | "resolve"; comment?: string; until?: string },
) => handleAlert(ada(), number, { workspace, comment: "", ...request });

describe("a monitor", () => {
  it("judges every stored window against its reference, and evaluating again changes nothing", async () => {
    await declare({ name: "traffic", warn: 0.0001 });
    const backtest = await startBacktest(ada(), "traffic", { workspace });
    const { verdicts, features, dataset } = await getMonitor(ada(), workspace, "traffic");
    expect(features).toBeGreaterThan(1);
    expect(backtest.judged).toBe(verdicts.length);
    expect(verdicts.map(({ from }) => from.slice(0, 7))).not.toContain("2001-01");
    expect(dataset?.from.slice(0, 7)).toBe("2001-06");
    expect(backtest.opened).toBeGreaterThan(0);
    const before = await alertsOf("traffic");
    expect(backtest).toMatchObject({ state: "done", done: backtest.total, total: 6 });
    expect(await startBacktest(ada(), "traffic", { workspace })).toMatchObject({
      judged: backtest.judged,
      opened: 0,
      resolved: 0,
    });
    expect(await alertsOf("traffic")).toEqual(before);
  });

  it("opens one alert for a feature, however many evaluate at once", async () => {
    await declare({ name: "crowd", warn: 0.0001 });
    const id = await idOf("crowd");
    await Promise.all([runMonitor(id), runMonitor(id), runMonitor(id)]);
    const { items } = await alertsOf("crowd", "live");
    expect(new Set(items.map(({ feature }) => feature)).size).toBe(items.length);
    expect(items.length).toBeGreaterThan(0);
    const numbers = await prisma().alert.findMany({ select: { number: true } });
    expect(new Set(numbers.map(({ number }) => number)).size).toBe(numbers.length);
  });

  it("follows the months as they come: opens, goes on, and is found as one alert", async () => {
    await declare({ name: "monthly", warn: 0.0001 });
    for (const month of [2, 3, 4]) {
      const from = `2001-0${month}-01T00:00:00.000Z`;
      await startBacktest(ada(), "monthly", { workspace, from, to: `2001-0${month + 1}-01T00:00:00.000Z` });
    }
    const drifting = (await alertsOf("monthly", "live")).items.find(({ windows }) => windows === 3);
    expect(drifting).toMatchObject({
      state: "open",
      firstFrom: "2001-02-01T00:00:00.000Z",
      lastFrom: "2001-04-01T00:00:00.000Z",
    });
    expect(drifting?.events.map(({ action }) => action)).toEqual(["opened", "updated", "updated"]);
  });

  it("looks when its time has come, once for all workers, and after runs without a schedule", async () => {
    await declare({ name: "nightly", schedule: "0 6 * * *" });
    const due = new Date("2100-01-01T06:00:00Z");
    await Promise.all([evaluateWhenDue(due), evaluateWhenDue(due)]);
    const [nightly] = (await listMonitors(ada(), workspace)).items.filter(({ name }) => name === "nightly");
    expect(nightly).toMatchObject({ nextRunAt: "2100-01-02T06:00:00.000Z", lastError: null });
    expect(nightly?.lastRunAt).not.toBeNull();
    await declare({ name: "eager" });
    await evaluateAfterRun(fixture.workspace.id);
    expect((await getMonitor(ada(), workspace, "eager")).verdicts.length).toBeGreaterThan(0);
  });

  it("watches what a model reads", async () => {
    const model = await prisma().model.findFirstOrThrow({ select: { name: true } });
    await applySpecs(ada(), {
      workspace,
      documents: [{ kind: "Monitor", name: "of_model", model: model.name, reference: { rolling: 2 } }],
    });
    await startBacktest(ada(), "of_model", { workspace });
    const { verdicts } = await getMonitor(ada(), workspace, "of_model");
    expect(verdicts.some(({ reference }) => reference === "the 2 windows before")).toBe(true);
  });

  it("can be tried on history without leaving a trace", async () => {
    const before = await prisma().alert.count();
    const trial = (warn: number) =>
      tryMonitor(ada(), {
        workspace,
        view: "airport_stats",
        environment: "dev",
        reference: { window: JANUARY },
        metric: "psi",
        warn,
      });
    const [strict, lenient] = [await trial(0.0001), await trial(1e6).catch((error: unknown) => error)];
    expect(strict).toMatchObject({ alerts: expect.any(Number) as number });
    expect((strict as { alerts: number }).alerts).toBeGreaterThan(0);
    expect(lenient).toMatchObject({ alerts: 0, alerting: [] });
    expect(await prisma().alert.count()).toBe(before);
  });

  it("answers a backtest at once, takes no second one beside it, and goes on where a job was interrupted", async () => {
    await declare({ name: "queued", warn: 0.0001 });
    const backtest = await askForBacktest(ada(), "queued", { workspace });
    expect(backtest).toMatchObject({ state: "queued", done: 0, requestedBy: "Ada Lindqvist" });
    await expect(askForBacktest(ada(), "queued", { workspace })).rejects.toMatchObject({ code: "conflict" });
    await runBacktest(backtest.id);
    const { verdicts } = await getMonitor(ada(), workspace, "queued");
    await runBacktest(backtest.id);
    expect((await getMonitor(ada(), workspace, "queued")).verdicts).toHaveLength(verdicts.length);
    expect(verdicts.every(({ missing, metric }) => missing !== null && metric === "psi")).toBe(true);
  });

  it("does not open again what a person resolved, and counts windows in a row over several evaluations", async () => {
    await declare({ name: "patient", warn: 0.0001, after: 2 });
    const month = (at: number) => `2001-0${at}-01T00:00:00.000Z`;
    await startBacktest(ada(), "patient", { workspace, from: month(2), to: month(3) });
    expect((await alertsOf("patient")).items).toEqual([]);
    await startBacktest(ada(), "patient", { workspace, from: month(3), to: month(4) });
    const opened = (await alertsOf("patient", "live")).items;
    expect(opened.length).toBeGreaterThan(0);
    for (const { number } of opened) await act(number, { action: "resolve", comment: "Expected." });
    await startBacktest(ada(), "patient", { workspace, to: month(4) });
    expect((await alertsOf("patient", "live")).items).toEqual([]);
  });

  it("compares with a baseline that was reset, with the reason in the audit log, until that is undone", async () => {
    await declare({ name: "rebased", warn: 0.0001 });
    await startBacktest(ada(), "rebased", { workspace });
    const april: [string, string] = ["2001-04-01T00:00:00.000Z", "2001-05-01T00:00:00.000Z"];
    const request = { workspace, reference: { window: april }, reason: "The spring timetable is the new normal." };
    const reset = await resetBaseline(ada(), "rebased", request);
    expect(reset).toMatchObject({
      baseline: { reference: { window: april }, by: "Ada Lindqvist" },
      backtest: { state: "queued" },
    });
    expect((await alertsOf("rebased", "live")).items).toEqual([]);
    await runBacktest(reset.backtest?.id ?? "");
    const { verdicts } = await getMonitor(ada(), workspace, "rebased");
    expect(new Set(verdicts.map(({ reference }) => reference))).toEqual(new Set(["2001-04-01 to 2001-05-01"]));
    expect(verdicts.map(({ from }) => from)).not.toContain(april[0]);
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: "monitor.baseline" } });
    expect(event.after).toMatchObject({ reason: request.reason });
    const undone = await resetBaseline(ada(), "rebased", { workspace, reference: null, reason: "Not after all." });
    expect(undone.baseline).toBeNull();
    await expect(resetBaseline(ada(), "rebased", { workspace, reference: null, reason: "x" })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(resetBaseline(fixture.people.devi, "rebased", request)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("takes thresholds that were tried into its definition, through the path of every document", async () => {
    await declare({ name: "tuned" });
    const tuned = await saveThresholds(ada(), "tuned", {
      workspace,
      metric: "js_distance",
      warn: 0.3,
      calibrated: true,
      after: 2,
    });
    expect(tuned).toMatchObject({ metric: "js_distance", warn: 0.3, critical: 0.3, calibrated: true, after: 2 });
    expect(tuned.yaml).toContain("calibrated: true");
    const wrong = { workspace, metric: "natural" as const, warn: 0.1, calibrated: false, after: 1 };
    await expect(saveThresholds(ada(), "tuned", wrong)).rejects.toThrow("accepts no others");
    await expect(saveThresholds(fixture.people.devi, "tuned", { ...wrong, metric: "psi" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("watches columns of a source", async () => {
    await applySpecs(ada(), {
      workspace,
      documents: [{ kind: "Monitor", name: "raw", source: "flights", reference: { window: JANUARY } }],
    });
    await startBacktest(ada(), "raw", { workspace });
    const { verdicts, metric, warn } = await getMonitor(ada(), workspace, "raw");
    expect({ metric, warn }).toEqual({ metric: "natural", warn: null });
    expect(verdicts.map(({ feature }) => feature)).toContain("flight.delay");
    expect(new Set(verdicts.map((verdict) => verdict.metric))).toEqual(new Set(["psi", "js_distance"]));
  });

  it("looks at what predict runs served, once there is any, against the training rows", async () => {
    const model = await prisma().model.findFirstOrThrow({ select: { name: true } });
    const document = {
      kind: "Monitor",
      name: "served",
      model: model.name,
      reference: { part: "train" },
      metric: "psi",
    };
    await applySpecs(ada(), { workspace, documents: [document] });
    const of = await copyOfProfiles({
      part: "all",
      windowFrom: new Date("2001-06-01"),
      column: "airport.departures_7d",
    });
    await writeProfiles(of.map((profile) => ({ ...profile, part: "serving" })));
    await startBacktest(ada(), "served", { workspace });
    const { verdicts } = await getMonitor(ada(), workspace, "served");
    const served = verdicts.filter(({ feature }) => feature === "airport.departures_7d");
    if (served.length > 0) expect(served.map(({ from }) => from.slice(0, 7))).toEqual(["2001-06"]);
    expect(verdicts.every(({ reference }) => reference === "the train part")).toBe(true);
    await prisma().profile.deleteMany({ where: { part: "serving" } });
  });

  it("forgets windows that are no longer watched, and what it alerted about them", async () => {
    const model = await prisma().model.findFirstOrThrow({ select: { name: true } });
    await applySpecs(ada(), {
      workspace,
      documents: [
        { kind: "Monitor", name: "moved", model: model.name, reference: { part: "train" }, metric: "psi", warn: 1e-6 },
      ],
    });
    await startBacktest(ada(), "moved", { workspace });
    const before = await getMonitor(ada(), workspace, "moved");
    const alerted = (await alertsOf("moved", "live")).items.map(({ feature }) => feature);
    const [feature] = alerted;
    if (feature === undefined) throw new Error("Nothing alarmed.");
    const months = (verdicts: typeof before.verdicts) =>
      verdicts.filter((verdict) => verdict.feature === feature).map(({ from }) => from.slice(0, 7));
    expect(months(before.verdicts).length).toBeGreaterThan(1);
    // What is served looks as the training rows do, in one month.
    const train = (await copyOfProfiles({ column: feature, part: "train", windowFrom: null })).at(-1);
    if (!train) throw new Error(`${feature} has no profile of the train part.`);
    await writeProfiles([
      { ...train, part: "serving", windowFrom: new Date("2001-03-01"), windowTo: new Date("2001-04-01") },
    ]);
    try {
      await runMonitor(await idOf("moved"));
      const { verdicts } = await getMonitor(ada(), workspace, "moved");
      expect(months(verdicts)).toEqual(["2001-03"]);
      expect((await alertsOf("moved", "live")).items.map((alert) => alert.feature)).not.toContain(feature);
      const trial = await tryMonitor(ada(), {
        workspace,
        model: model.name,
        environment: "dev",
        reference: { part: "train" },
        metric: "psi",
        warn: 1e-6,
      });
      expect(trial.verdicts).toEqual(verdicts);
    } finally {
      await prisma().profile.deleteMany({ where: { part: "serving" } });
    }
  });

  it("adds up what runs served of a window, and counts no row twice", async () => {
    const model = await prisma().model.findFirstOrThrow({ select: { name: true } });
    await applySpecs(ada(), {
      workspace,
      documents: [{ kind: "Monitor", name: "pieces", model: model.name, reference: { part: "train" }, metric: "psi" }],
    });
    await runMonitor(await idOf("pieces"));
    const { feature, featureVersionId } = await prisma().monitorVerdict.findFirstOrThrow({
      where: { monitorId: await idOf("pieces"), score: { not: null } },
    });
    const train = await prisma().profile.findFirstOrThrow({
      where: { featureVersionId, part: "train", windowFrom: null },
    });
    const by = { workspaceId: fixture.workspace.id, title: "predict", state: "succeeded", createdBy: "test" };
    const rowsOf = async () => {
      await runMonitor(await idOf("pieces"));
      const { verdicts } = await getMonitor(ada(), workspace, "pieces");
      return verdicts
        .filter((verdict) => verdict.feature === feature)
        .map(({ from, rows }) => [from.slice(0, 7), rows]);
    };
    const histogram = train.histogram as unknown as { counts: number[] };
    const empty = { underflow: 0, overflow: 0, missing: 0, nan: 0, other: 0 };
    let number = 900;
    const serve = async (from: string, to: string, count: number) => {
      const { id: runId } = await prisma().run.create({
        data: { ...by, kind: "predict", number: number++, params: { window: [from, to] } },
      });
      await writeProfiles([
        {
          workspaceId: by.workspaceId,
          column: feature,
          featureVersionId,
          datasetVersionId: train.datasetVersionId,
          runId,
          part: "serving",
          windowFrom: new Date("2001-06-01"),
          windowTo: new Date("2001-07-01"),
          rows: BigInt(count),
          stats: {},
          histogram: { ...histogram, ...empty, counts: histogram.counts.map((_, at) => (at === 0 ? count : 0)) },
        },
      ]);
    };
    try {
      await serve("2001-06-01", "2001-06-02", 100);
      await serve("2001-06-02", "2001-06-03", 200);
      expect(await rowsOf()).toEqual([["2001-06", 300]]);
      await serve("2001-06-02", "2001-06-03", 250);
      expect(await rowsOf()).toEqual([["2001-06", 350]]);
      await serve("2001-06-01", "2001-07-01", 5000);
      expect(await rowsOf()).toEqual([["2001-06", 5000]]);
      const comparison = await compareMonitored(ada(), "pieces", { workspace, feature, window: "2001-06" });
      expect(comparison.current.rows).toBe(5000);
      await serve("2001-06-05", "2001-06-06", 77);
      expect(await rowsOf()).toEqual([["2001-06", 5000]]);
    } finally {
      await prisma().profile.deleteMany({ where: { part: "serving" } });
    }
  });

  it("compares versions of a source that has no event time, in the order in which they were seen", async () => {
    const column = "airport.latitude";
    const featureVersion = await prisma().featureVersion.findFirstOrThrow({
      where: { signature: "source:airports", feature: { name: column } },
    });
    const first = await prisma().datasetVersion.findFirstOrThrow({ where: { dataset: "airports" } });
    const counted = (high: number) => ({
      kind: "numeric",
      edges: [0, 30, 60],
      counts: [1000 - high, high],
      underflow: 0,
      overflow: 0,
      missing: 0,
      nan: 0,
    });
    await prisma().profile.deleteMany({ where: { column } });
    for (const [version, high] of [500, 510, 900].entries()) {
      const { id: _id, files, ...same } = first;
      const data = { ...same, files: files as object[], digest: `v${version}`, version: version + 10 };
      const seen = await prisma().datasetVersion.create({
        data: { ...data, createdAt: new Date(Date.UTC(2026, 0, 5, version)) },
      });
      await writeProfiles([
        {
          workspaceId: fixture.workspace.id,
          column,
          featureVersionId: featureVersion.id,
          datasetVersionId: seen.id,
          part: "all",
          rows: 1000n,
          stats: {},
          histogram: counted(high),
        },
      ]);
    }
    const document = {
      kind: "Monitor",
      name: "versions",
      source: "airports",
      metric: "psi",
      reference: { rolling: 1 },
    };
    await applySpecs(ada(), { workspace, documents: [document] });
    await evaluateAfterRun(fixture.workspace.id);
    const { verdicts } = await getMonitor(ada(), workspace, "versions");
    const own = verdicts.filter(({ feature }) => feature === column);
    expect(own.map(({ from, state }) => [from, state])).toEqual([
      ["2026-01-05T00:00:00.000Z", "insufficient_data"],
      ["2026-01-05T01:00:00.000Z", "fine"],
      ["2026-01-05T02:00:00.000Z", "critical"],
    ]);
    expect((await alertsOf("versions", "live")).items).toMatchObject([{ feature: column, level: "critical" }]);
    const window = "2026-01-05T02:00:00.000Z";
    const comparison = await compareMonitored(ada(), "versions", { workspace, feature: column, window });
    expect(comparison).toMatchObject({ state: "critical", score: own.at(-1)?.score, current: { rows: 1000 } });
  });

  it("draws any of its verdicts by its own terms", async () => {
    const { verdicts } = await getMonitor(ada(), workspace, "traffic");
    const scored = verdicts.filter(({ score }) => score !== null);
    expect(scored.length).toBeGreaterThan(0);
    for (const verdict of scored) {
      const { feature, from } = verdict;
      const comparison = await compareMonitored(ada(), "traffic", { workspace, feature, window: from });
      const { state, score, severity, metric, warn, critical, because, test, missing, explanation } = verdict;
      expect(comparison).toMatchObject({
        state, score, severity, metric, warn, critical, because, test, missing, explanation,
        reference: { label: verdict.reference, rows: verdict.referenceRows },
        current: { label: from.slice(0, 7), rows: verdict.rows },
      }); // prettier-ignore
    }
    const { feature } = scored[0] as (typeof scored)[0];
    const ask = (name: string, more: object) =>
      compareMonitored(fixture.people.devi, name, { workspace, feature, window: "2001-06", ...more });
    expect(await ask("traffic", {})).toMatchObject({ current: { label: "2001-06" } });
    await expect(ask("traffic", { window: "1999-01" })).rejects.toThrow("watches no window 1999-01");
    await expect(ask("traffic", { feature: "flight.delay" })).rejects.toThrow("does not watch `flight.delay`");
    await expect(ask("nobody", {})).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    ["an unknown view", { name: "wrong", view: "airport_stat" }, "airport_stat"],
    ["view and model", { name: "wrong", model: "late_model" }, "too much beside"],
    ["a reference that is no window", { name: "wrong", reference: { window: [JANUARY[1], JANUARY[0]] as [string, string] } }, "no window"],
    ["a bad schedule", { name: "wrong", schedule: "every day" }, "cannot be kept"],
    ["thresholds for the natural metric", { name: "wrong", metric: "natural" as const, warn: 0.5 }, "no meaning"],
    ["an unknown source", { name: "wrong", view: undefined as unknown as string, source: "flight" }, "flight"],
    ["a critical threshold below the other", { name: "wrong", warn: 0.5, critical: 0.1 }, "below `warn`"],
  ])("is refused with %s", async (_, monitor, message) => {
    await expect(declare(monitor)).rejects.toThrow(message);
    expect(await prisma().monitor.count({ where: { name: "wrong" } })).toBe(0);
  }); // prettier-ignore
});

describe("an alert", () => {
  it("is acknowledged, snoozed, woken and resolved, each with who and why", async () => {
    await declare({ name: "life", warn: 0.0001 });
    await startBacktest(ada(), "life", { workspace });
    const [alert] = (await alertsOf("life", "live")).items;
    const number = alert?.number as number;
    expect(alert).toMatchObject({ state: "open", actions: ["acknowledge", "snooze", "resolve"] });
    await expect(act(number, { action: "acknowledge" })).rejects.toThrow("Give a reason");
    expect(await act(number, { action: "acknowledge", comment: "New airport." })).toMatchObject({
      state: "acknowledged",
      actions: ["snooze", "resolve"],
    });
    await expect(act(number, { action: "snooze", until: "2001-01-01T00:00:00.000Z" })).rejects.toThrow("over already");
    expect(await act(number, { action: "snooze", until: "2100-01-01T00:00:00.000Z" })).toMatchObject({
      state: "snoozed",
    });
    await prisma().alert.updateMany({ where: { number }, data: { snoozedUntil: new Date("2001-01-01") } });
    expect((await alertsOf("life", "open")).items.map((item) => item.number)).toContain(number);
    const resolved = await act(number, { action: "resolve", comment: "Expected." });
    expect(resolved).toMatchObject({ state: "resolved", actions: [] });
    expect(resolved.events.map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
      expect.stringMatching(/^opened by/),
      "acknowledged by Ada Lindqvist",
      "snoozed by Ada Lindqvist",
      "resolved by Ada Lindqvist",
    ]);
    expect(await prisma().auditEvent.count({ where: { object: `flights/alert/${number}` } })).toBe(3);
  });

  it("is handled by one of two who try at once, and by nobody who may only look", async () => {
    await declare({ name: "race", warn: 0.0001 });
    await startBacktest(ada(), "race", { workspace });
    const number = (await alertsOf("race", "live")).items[0]?.number as number;
    const both = await Promise.allSettled([
      act(number, { action: "resolve", comment: "one" }),
      act(number, { action: "resolve", comment: "two" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const devi = fixture.people.devi;
    await expect(handleAlert(devi, number, { workspace, action: "resolve", comment: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(act(99_999, { action: "resolve", comment: "x" })).rejects.toMatchObject({ code: "not_found" });
  });
});
