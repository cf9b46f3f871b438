import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { type Fixture, fillRegistry } from "@/test/registry-fixture";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import { handleAlert, listAlerts } from "@/lib/registry/alerts";
import { getMonitor, listMonitors, lookWithMonitor, tryMonitor } from "@/lib/registry/monitors";
import { runMonitor } from "@/lib/registry/run-monitor";
import { applySpecs } from "@/lib/registry/specs";
import { lookAfterRun, lookWhenDue } from "./look-with-monitors";

const workspace = "flights";
const JANUARY: [string, string] = ["2001-01-01T00:00:00.000Z", "2001-02-01T00:00:00.000Z"];
let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await fillRegistry();
});
afterAll(closeDatabase);

const ada = () => fixture.people.ada;
const declare = (monitor: Partial<MonitorDefinition> & { name: string }) =>
  applySpecs(ada(), {
    workspace,
    documents: [{ kind: "Monitor", view: "airport_stats", reference: { window: JANUARY }, ...monitor }],
  });
const idOf = async (name: string) => (await prisma().monitor.findFirstOrThrow({ where: { name } })).id;
const alertsOf = (monitor: string, state: "live" | "all" | "open" | "snoozed" = "all") =>
  listAlerts(ada(), { workspace, monitor, state, limit: 50 });
const act = (
  number: number,
  request: { action: "acknowledge" | "snooze" | "resolve"; comment?: string; until?: string },
) => handleAlert(ada(), number, { workspace, comment: "", ...request });

describe("a monitor", () => {
  it("judges every stored window against its reference, and looking again changes nothing", async () => {
    await declare({ name: "traffic", warn: 0.0001 });
    const look = await lookWithMonitor(ada(), "traffic", { workspace });
    const { verdicts, features, dataset } = await getMonitor(ada(), workspace, "traffic");
    expect(features).toBeGreaterThan(1);
    expect(look.judged).toBe(verdicts.length);
    expect(verdicts.map(({ from }) => from.slice(0, 7))).not.toContain("2001-01");
    expect(dataset?.from.slice(0, 7)).toBe("2001-06");
    expect(look.opened).toBeGreaterThan(0);
    const before = await alertsOf("traffic");
    expect(await lookWithMonitor(ada(), "traffic", { workspace })).toEqual({
      judged: look.judged,
      opened: 0,
      resolved: 0,
    });
    expect(await alertsOf("traffic")).toEqual(before);
  });

  it("opens one alert for a feature, however many look at once", async () => {
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
      await lookWithMonitor(ada(), "monthly", { workspace, from, to: `2001-0${month + 1}-01T00:00:00.000Z` });
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
    await Promise.all([lookWhenDue(due), lookWhenDue(due)]);
    const [nightly] = (await listMonitors(ada(), workspace)).items.filter(({ name }) => name === "nightly");
    expect(nightly).toMatchObject({ nextRunAt: "2100-01-02T06:00:00.000Z", lastError: null });
    expect(nightly?.lastRunAt).not.toBeNull();
    await declare({ name: "eager" });
    await lookAfterRun(fixture.workspace.id);
    expect((await getMonitor(ada(), workspace, "eager")).verdicts.length).toBeGreaterThan(0);
  });

  it("watches what a model reads", async () => {
    const model = await prisma().model.findFirstOrThrow({ select: { name: true } });
    await applySpecs(ada(), {
      workspace,
      documents: [{ kind: "Monitor", name: "of_model", model: model.name, reference: { rolling: 2 } }],
    });
    await lookWithMonitor(ada(), "of_model", { workspace });
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

  it.each([
    ["an unknown view", { name: "wrong", view: "airport_stat" }, "airport_stat"],
    ["view and model", { name: "wrong", model: "late_model" }, "too much beside"],
    ["a reference that is no window", { name: "wrong", reference: { window: [JANUARY[1], JANUARY[0]] as [string, string] } }, "no window"],
    ["a bad schedule", { name: "wrong", schedule: "every day" }, "cannot be kept"],
    ["a critical threshold below the other", { name: "wrong", warn: 0.5, critical: 0.1 }, "below `warn`"],
  ])("is refused with %s", async (_, monitor, message) => {
    await expect(declare(monitor)).rejects.toThrow(message);
    expect(await prisma().monitor.count({ where: { name: "wrong" } })).toBe(0);
  }); // prettier-ignore
});

describe("an alert", () => {
  it("is acknowledged, snoozed, woken and resolved, each with who and why", async () => {
    await declare({ name: "life", warn: 0.0001 });
    await lookWithMonitor(ada(), "life", { workspace });
    const [alert] = (await alertsOf("life", "live")).items;
    const number = alert?.number as number;
    expect(alert).toMatchObject({ state: "open", actions: ["acknowledge", "snooze", "resolve"] });
    await expect(act(number, { action: "acknowledge" })).rejects.toThrow("Say why");
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
    await lookWithMonitor(ada(), "race", { workspace });
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
