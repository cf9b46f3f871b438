import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getRunOpenLineage as contract } from "@/lib/contracts/openlineage";
import { closeDatabase, prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import { cancelRun } from "@/lib/registry/runs/cancel";
import { getRunOpenLineage } from "@/lib/registry/runs/openlineage";
import { startRun } from "@/lib/registry/runs/start";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { startDeliveries } from "./deliveries";
import { claimRun, giveBack } from "@/lib/registry/execution/claims";
import { executeRun } from "./run/execute-run";
import { ProgressWriter } from "./run/progress-writer";
import { createFakeEngine } from "./test-engine.test-support";

let fixture: Fixture;
let receiver: Server;
const received: { key: string | undefined; event: { eventType: string; run: { runId: string } } }[] = [];
const data = mkdtempSync(path.join(tmpdir(), "tributary-openlineage-"));

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      received.push({ key: request.headers.authorization, event: JSON.parse(text) as (typeof received)[0]["event"] });
      response.writeHead(request.url === "/api/v1/lineage" ? 201 : 404).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  process.env.TRIBUTARY_DATA = data;
  process.env.OPENLINEAGE_URL = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  process.env.OPENLINEAGE_API_KEY = "a-key";
  process.env.OPENLINEAGE_NAMESPACE = "test";
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

async function ran(engine: Engine): Promise<string> {
  const id = await startRun(fixture.people.ada, { workspace: "flights", pipeline: "late_departures" }, engine);
  const run = await claimRun(id);
  if (!run) throw new Error("The run was taken by somebody else.");
  await executeRun(run, engine, new ProgressWriter(run));
  return id;
}

const eventsOf = async (id: string) => contract.response.parse(await getRunOpenLineage(fixture.people.ada, id));
async function messagesOf(id: string) {
  const { number } = await prisma().run.findUniqueOrThrow({ where: { id } });
  const rows = await prisma().outboxMessage.findMany({ where: { object: `run/${number}` }, orderBy: { id: "asc" } });
  return rows.map((row) => row.payload);
}

describe("a run as OpenLineage", () => {
  it("begins and completes, with what it read and wrote and how columns flow", async () => {
    const id = await ran(createFakeEngine());
    const events = await eventsOf(id);
    expect(events.map((event) => event.eventType)).toEqual(["START", "COMPLETE"]);
    const [start, complete] = events as [(typeof events)[0], (typeof events)[0]];
    expect(start.run.runId).toBe(id);
    expect(start.job).toMatchObject({ namespace: "test", name: "flights.late_departures" });
    expect(start.inputs.map((input) => input.name)).toEqual(["flights.flights"]);
    expect(complete.inputs.find((input) => input.name === "flights.flights")).toMatchObject({
      namespace: "test",
      name: "flights.flights",
      facets: {
        dataSource: { name: "flights.flights", uri: "npm:vega-datasets/data/flights-3m.parquet" },
        version: { datasetVersion: expect.any(String) as string },
      },
    });
    const flights = complete.outputs.find((output) => output.name === "flights.flight@late_departures");
    expect(flights?.outputFacets?.outputStatistics).toMatchObject({ rowCount: expect.any(Number) as number });
    const schema = flights?.facets.schema?.fields as { name: string }[];
    expect(schema.map((field) => field.name)).toContain("late_probability");
    const fields = flights?.facets.columnLineage?.fields as Record<
      string,
      { inputFields: { namespace: string; name: string; field: string; transformations: { type: string }[] }[] }
    >;
    const made = (field: string, type: string) =>
      fields[field]?.inputFields
        .filter((input) => input.transformations[0]?.type === type)
        .map((input) => `${input.name}.${input.field}`)
        .sort();
    expect(made("hour", "DIRECT")).toEqual(["flights.flights.date"]);
    expect(made("hour", "INDIRECT")).toEqual([]);
    // Minutes of delay make the rolling means that the model reads; the label is only learned from.
    expect(made("late_probability", "DIRECT")).toContain("flights.flights.delay");
    expect(made("is_late", "DIRECT")).toEqual(["flights.flights.delay"]);
    // What was written with the run is what the registry says of it later.
    expect(await messagesOf(id)).toEqual(events);
  });

  it("fails with its message, and is aborted when it is canceled", async () => {
    const failed = await ran(createFakeEngine({ failWith: new DomainError("invalid", "The column is not there.") }));
    const [, fail] = await eventsOf(failed);
    expect(fail).toMatchObject({
      eventType: "FAIL",
      outputs: [],
      run: { facets: { errorMessage: { message: "The column is not there." } } },
    });
    expect(await messagesOf(failed)).toEqual(await eventsOf(failed));

    const engine = createFakeEngine({ stageMs: 20_000 });
    const id = await startRun(fixture.people.ada, { workspace: "flights", pipeline: "late_departures" }, engine);
    const run = await claimRun(id);
    if (!run) throw new Error("The run was taken by somebody else.");
    const writer = new ProgressWriter(run);
    const running = executeRun(run, engine, writer);
    await cancelRun(fixture.people.ada, id);
    writer.abort("cancel");
    await running;
    expect((await eventsOf(id)).map((event) => event.eventType)).toEqual(["START", "ABORT"]);
    expect(await messagesOf(id)).toEqual(await eventsOf(id));
  });

  it("begins once, however many attempts it takes, and has no events before", async () => {
    const engine = createFakeEngine();
    const id = await startRun(fixture.people.ada, { workspace: "flights", pipeline: "late_departures" }, engine);
    expect(await eventsOf(id)).toEqual([]);
    const first = await claimRun(id);
    if (!first) throw new Error("The run was taken by somebody else.");
    await giveBack(first, "Another time.");
    const second = await claimRun(id);
    if (!second) throw new Error("The run was taken by somebody else.");
    await executeRun(second, engine, new ProgressWriter(second));
    expect((await messagesOf(id)).map((payload) => (payload as { eventType: string }).eventType)).toEqual([
      "START",
      "COMPLETE",
    ]);
  });

  it("is told to the receiver once and in order, with the key", async () => {
    const deliveries = startDeliveries();
    for (
      let tries = 0;
      (await prisma().outboxMessage.count({ where: { state: "pending" } })) > 0 && tries < 200;
      tries += 1
    )
      await new Promise((resolve) => setTimeout(resolve, 100));
    await deliveries.stop();
    expect(await prisma().outboxMessage.count({ where: { state: { not: "sent" } } })).toBe(0);
    expect(received.every(({ key }) => key === "Bearer a-key")).toBe(true);
    const runs = new Set(received.map(({ event }) => event.run.runId));
    expect(runs.size).toBe(4);
    for (const id of runs) {
      const told = received.filter(({ event }) => event.run.runId === id).map(({ event }) => event.eventType);
      expect(told).toEqual((await eventsOf(id)).map((event) => event.eventType));
    }
  });

  it("is nobody's business who may not see the run", async () => {
    await expect(getRunOpenLineage(fixture.stranger, fixture.runs[1] as string)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
