import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { exportAudit, getAuditFacets, listAuditEvents, verifyAudit } from "./audit";
import { recordEvents } from "../record-event";

let fixture: Fixture;

const list = (query: Partial<Parameters<typeof listAuditEvents>[1]> = {}) =>
  listAuditEvents(fixture.people.devi, { workspace: "flights", limit: 50, ...query });

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
  const { ada, bram } = fixture.people;
  await prisma().$transaction((tx) =>
    recordEvents(
      tx,
      {
        actor: { id: ada.id, name: ada.name, kind: "user", roles: ["author"] },
        workspace: fixture.workspace,
        requestId: "r1",
      },
      Array.from({ length: 2100 }, (_, index) => ({
        action: index % 2 === 0 ? "change.open" : "feature.promote",
        object: `feature/airport.number_${index}`,
        before: { version: index },
        after: { version: index + 1, "ünï\n": [1.5, null, true] },
      })),
    ),
  );
  await prisma().$transaction((tx) =>
    recordEvents(
      tx,
      {
        actor: { id: bram.id, name: bram.name, kind: "user", roles: ["author"] },
        workspace: { id: "x", name: "elsewhere" },
        requestId: null,
      },
      [{ action: "run.start", object: "run/1" }],
    ),
  );
});
afterAll(closeDatabase);

describe("listAuditEvents", () => {
  it("pages from the newest to the oldest without gaps, and only in the workspace", async () => {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 1000, ...(cursor && { cursor }) });
      expect(page.total).toBe(2103);
      seen.push(...page.items.map((event) => event.sequence));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 2103 }, (_, index) => 2103 - index));
  });

  it.each([
    [{ actor: "lindqvist" }, 2100],
    [{ actor: "nobody" }, 0],
    [{ action: "feature" }, 1050],
    [{ object: "number_1999" }, 1],
    [{ from: "2000-01-01", to: "2000-12-31" }, 0],
    [{ from: "2000-01-01" }, 2103],
    [{ to: new Date().toISOString().slice(0, 10) }, 2103],
  ])("filters by %j", async (filter, total) => {
    expect((await list(filter)).total).toBe(total);
  });

  it("is for auditors and admins", async () => {
    await expect(listAuditEvents(fixture.people.ada, { workspace: "flights", limit: 1 })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(listAuditEvents(fixture.stranger, { workspace: "flights", limit: 1 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("names what can be filtered by", async () => {
    const facets = await getAuditFacets(fixture.people.emil, "flights");
    expect(facets.actions).toEqual(["change.open", "feature.promote", "run.succeed", "workspace.create"]);
    expect(facets.actors).toEqual(["Ada Lindqvist", "Fixture"]);
  });
});

it("exports every event of the workspace, oldest first, one per line", async () => {
  let text = "";
  for await (const chunk of await exportAudit(fixture.people.devi, { workspace: "flights" })) text += chunk;
  const events = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { sequence: number });
  expect(events).toHaveLength(2103);
  expect(events[0]).toMatchObject({ sequence: 1, action: "workspace.create" });
  expect(events.at(-1)).toMatchObject({ sequence: 2103 });
});

describe("the log", () => {
  it.each([
    `UPDATE "AuditEvent" SET "actorName" = 'somebody' WHERE "sequence" = 3`,
    `DELETE FROM "AuditEvent" WHERE "sequence" = 3`,
    `TRUNCATE "AuditEvent"`,
  ])("refuses %s", async (statement) => {
    await expect(database().execute(statement)).rejects.toThrow(/append-only/);
  });

  it("is verified across workspaces, also by somebody who may see only one", async () => {
    expect(await verifyAudit(fixture.people.devi, "flights")).toMatchObject({ ok: true, events: 2104, brokenAt: null });
    await expect(verifyAudit(fixture.people.ada, "flights")).rejects.toMatchObject({ code: "forbidden" });
  });

  it.each([
    [
      1500,
      `UPDATE "AuditEvent" SET "after" = '{"version": 0}' WHERE "sequence" = 1500`,
      /changed after it was written/,
    ],
    [1200, `DELETE FROM "AuditEvent" WHERE "sequence" = 1200`, /removed/],
  ])("names event %i when somebody got past the trigger", async (sequence, forgery, reason) => {
    const alter = (state: string) => database().execute(`ALTER TABLE "AuditEvent" ${state} TRIGGER USER`);
    await alter("DISABLE");
    await database().execute(forgery);
    await alter("ENABLE");
    const verdict = await verifyAudit(fixture.people.devi, "flights");
    expect(verdict).toMatchObject({ ok: false, brokenAt: sequence, events: sequence - 1 });
    expect(verdict.reason).toMatch(reason);
  });
});

it("finds what an action was called before under its present name, and the other way round", async () => {
  const { ada } = fixture.people;
  await prisma().$transaction((tx) =>
    recordEvents(
      tx,
      {
        actor: { id: ada.id, name: ada.name, kind: "user", roles: ["author"] },
        workspace: fixture.workspace,
        requestId: null,
      },
      ["monitor.look", "monitor.evaluate", "monitor.backfill"].map((action) => ({ action, object: "monitor/traffic" })),
    ),
  );
  for (const action of ["monitor.evaluate", "monitor.look"])
    expect((await list({ action })).items.map((event) => event.action)).toEqual(["monitor.evaluate", "monitor.look"]);
  expect((await list({ action: "monitor.backfill" })).items.map((event) => event.action)).toEqual(["monitor.backfill"]);
});
