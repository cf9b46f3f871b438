import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deliverAll, setEnvironment } from "@/test/channel-fixture";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { startReceiver } from "@/test/webhook-receiver";
import { closeDatabase, prisma } from "@/lib/db/client";
import { takeJob } from "@/lib/db/queue";
import { CHANNEL_EVENT_NAMES, type NoticePayload } from "@/lib/domain/notifications/channel-events";
import { SYSTEM } from "@/lib/domain/principal";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { handleAlert, listAlerts } from "@/lib/registry/monitors/alerts";
import { createDeployment } from "@/lib/registry/deployments/create";
import { startJob } from "@/lib/registry/deployments/jobs";
import { createChannel } from "@/lib/registry/notifications/channels";
import { requestRuleCheck } from "@/lib/registry/rules/rules";
import { runMonitor } from "@/lib/registry/monitors/run-monitor";
import { applySpecs } from "@/lib/registry/specs/specs";
import { checkRules } from "./check-rules";
import { claimRun } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine } from "./test-engine.test-support";

const workspace = "flights";
const data = mkdtempSync(path.join(tmpdir(), "tributary-announced-"));
let fixture: Fixture;

beforeAll(async () => {
  setEnvironment({ TRIBUTARY_DATA: data });
  await openTestDatabase();
  fixture = await filledRegistry();
  await createChannel(fixture.people.chiara, {
    workspace,
    name: "everything",
    kind: "webhook",
    target: "https://hooks.example.com/x",
    format: "tributary",
    events: CHANNEL_EVENT_NAMES,
  });
});
afterEach(() => prisma().outboxMessage.deleteMany());
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const told = async () =>
  (await prisma().outboxMessage.findMany({ orderBy: { id: "asc" } })).map(
    ({ payload }) => payload as unknown as NoticePayload,
  );

describe("alerts", () => {
  const look = async (from: string, to: string) => {
    const { id } = await prisma().monitor.findFirstOrThrow({ where: { name: "monthly" } });
    await runMonitor(id, { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });
  };

  it("are told once each, however many windows follow, with a link to what shows why", async () => {
    await applySpecs(fixture.people.ada, {
      workspace,
      documents: [
        {
          kind: "Monitor",
          name: "monthly",
          view: "airport_stats",
          reference: { window: ["2001-01-01T00:00:00.000Z", "2001-02-01T00:00:00.000Z"] },
          metric: "psi",
          warn: 0.0001,
        },
      ],
    });
    await look("2001-02-01", "2001-03-01");
    await look("2001-03-01", "2001-04-01");
    await look("2001-03-01", "2001-04-01");
    const { items } = await listAlerts(fixture.people.ada, { workspace, monitor: "monthly", state: "live", limit: 50 });
    const notices = (await told()).filter(({ event }) => event === "alert.opened");
    expect(items.length).toBeGreaterThan(0);
    expect(notices.map(({ object }) => object).sort()).toEqual(items.map(({ number }) => `alert/${number}`).sort());
    const one = notices.find(({ object }) => object === `alert/${items[0]?.number}`);
    expect(one?.url).toBe(
      `http://127.0.0.1:3000/drift?view=monitors&monitor=monthly&feature=${items[0]?.feature}&month=${encodeURIComponent(items[0]?.lastFrom ?? "")}&workspace=flights`,
    );
    expect(one?.summary).toContain(`${items[0]?.feature}, ${String(one?.data.level)} in monitor monthly.`);
  });

  it("are told when somebody takes them on and when they end, and not when they are snoozed", async () => {
    const { items } = await listAlerts(fixture.people.ada, { workspace, monitor: "monthly", state: "live", limit: 50 });
    const number = items[0]?.number as number;
    const act = (action: "acknowledge" | "snooze" | "resolve", more: { comment?: string; until?: string }) =>
      handleAlert(fixture.people.ada, number, { workspace, action, comment: "", ...more });
    await act("acknowledge", { comment: "Holidays." });
    await act("snooze", { until: new Date(Date.now() + 60_000).toISOString() });
    await act("resolve", { comment: "As expected." });
    expect((await told()).map(({ event, summary }) => [event, summary.split(":")[0]])).toEqual([
      ["alert.acknowledged", `Alert ${number} was acknowledged by Ada Lindqvist`],
      ["alert.resolved", `Alert ${number} was resolved by Ada Lindqvist`],
    ]);
  });
});

describe("a run", () => {
  it("is told of when it fails, once, and not when it succeeds", async () => {
    const engine = createFakeEngine();
    await createDeployment(fixture.people.ada, { workspace, pipeline: "late_departures", model: "told_model" }, engine);
    const run = async (on = engine) => {
      const id = await startJob(fixture.people.bram, { workspace, name: "late_departures", kind: "fit" }, {}, on);
      const claimed = await claimRun(id);
      if (!claimed) throw new Error("The run was not waiting.");
      await executeRun(claimed, on, new ProgressWriter(claimed));
      return claimed;
    };
    await run();
    expect((await told()).filter(({ event }) => event === "run.failed")).toEqual([]);
    const failed = await run(createFakeEngine({ failWith: new Error("the disk is gone") }));
    const notices = (await told()).filter(({ event }) => event === "run.failed");
    expect(notices).toMatchObject([
      {
        object: `run/${failed.number}`,
        url: `http://127.0.0.1:3000/runs/${failed.id}?workspace=flights`,
        data: { kind: "fit", number: failed.number },
      },
    ]);
  });
});

describe("a dataset", () => {
  it("is told of when it goes into quarantine and when it is released, and not when nothing changed", async () => {
    const file = path.join(data, "orders.csv");
    await mkdir(path.join(data, "engine"), { recursive: true });
    await writeFile(file, "id,amount\n1,5\n1,7\n");
    const unique = { type: "expect_column_values_to_be_unique", kwargs: { column: "id" } };
    const source = {
      kind: "Source",
      name: "orders",
      entity: "order",
      format: "csv",
      location: file,
      columns: [
        { name: "id", type: "bigint" },
        { name: "amount", type: "double" },
      ],
      rowKey: ["id"],
    };
    const declare = (rules: object[]) => applySpecs(SYSTEM, { workspace, documents: [{ ...source, rules }] });
    const engine = createLocalEngine({ dataDirectory: path.join(data, "engine"), threads: 1, memoryLimit: "500MB" });
    const check = async () => {
      await requestRuleCheck(SYSTEM, workspace, "orders");
      const job = await takeJob("check-rules");
      await checkRules(job?.data as NonNullable<typeof job>["data"], engine);
    };
    await applySpecs(SYSTEM, {
      workspace,
      documents: [{ kind: "Entity", name: "order", joinKeys: [{ name: "id", type: "bigint" }] }],
    });
    await declare([{ ...unique, severity: "critical" }]);
    await check();
    await check();
    await declare([{ ...unique, severity: "warning" }]);
    await check();
    const notices = (await told()).filter(({ object }) => object.startsWith("dataset/"));
    expect(notices.map(({ event }) => event)).toEqual(["dataset.quarantined", "dataset.released"]);
    expect(notices[0]).toMatchObject({
      summary: expect.stringMatching(/^Version \d+ of orders is in quarantine: id: values are unique\.$/),
      url: "http://127.0.0.1:3000/datasets/orders?tab=rules&workspace=flights",
    });
  });
});

it("what waits is delivered in the order in which it happened", async () => {
  const receiver = await startReceiver();
  await createChannel(fixture.people.chiara, {
    workspace,
    name: "alerts",
    kind: "webhook",
    target: receiver.url,
    format: "tributary",
    events: ["alert.opened", "alert.acknowledged", "alert.resolved"],
  });
  const { items } = await listAlerts(fixture.people.ada, { workspace, state: "live", limit: 50 });
  const number = items[0]?.number as number;
  for (const action of ["acknowledge", "resolve"] as const)
    await handleAlert(fixture.people.ada, number, { workspace, action, comment: "Seen." });
  await prisma().outboxMessage.deleteMany({ where: { target: { startsWith: "https:" } } });
  await deliverAll();
  expect(receiver.requests.map(({ headers }) => headers["tributary-event"])).toEqual([
    "alert.acknowledged",
    "alert.resolved",
  ]);
  await receiver.close();
});
