import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase, database, prisma } from "@/lib/db/client";
import { readMigrations } from "@/lib/db/migrate";
import { openTestDatabase } from "./open-test-database";
import { fillRegistry } from "./registry-fixture";

beforeAll(async () => {
  await openTestDatabase();
  await fillRegistry();
});
afterAll(closeDatabase);

it("marks results of before by the windows that their run profiled, as recording does", async () => {
  const windows = { part: "all", windowFrom: { not: null } };
  const { windowFrom: last } = await prisma().profile.findFirstOrThrow({ where: windows, orderBy: { windowFrom: "desc" } }); // prettier-ignore
  const one = await prisma().profile.findFirstOrThrow({ where: { ...windows, windowFrom: last, column: "airport.departures_7d" } }); // prettier-ignore
  const inner = await prisma().profile.findFirstOrThrow({ where: { ...windows, windowFrom: new Date("2001-03-01T00:00:00Z"), column: "airport.segment" } }); // prettier-ignore
  await prisma().profile.updateMany({ where: { id: { in: [one.id, inner.id] } }, data: { rows: 40n } });
  const migration = (await readMigrations()).find(({ name }) => name.endsWith("_partial_drift"));
  const update = migration?.sql.slice(migration.sql.indexOf('UPDATE "DriftResult"'));
  await database().execute(update ?? "");
  const marked = await prisma().driftResult.findMany({ where: { isPartial: true }, select: { currentId: true } });
  expect(marked.map(({ currentId }) => currentId)).toEqual([one.id]);
});
