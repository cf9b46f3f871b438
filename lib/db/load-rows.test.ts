import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database, prisma } from "./client";
import { RowLoader } from "./load-rows";
import { insertRows, type NewRow } from "./write-rows";

const people = (from: number, count: number): NewRow<"User">[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `user-${from + at}`,
    email: `user-${from + at}@example.com`,
    name: `User, "${from + at}"`,
    updatedAt: "2026-03-29T01:30:00.123Z",
  }));

const loaded = async () =>
  (await database().execute(`SELECT "relname" FROM pg_class WHERE "relname" LIKE 'loaded\\_%'`)).rows.length;

beforeAll(openTestDatabase);
afterAll(closeDatabase);

describe("rows that are loaded before a transaction", () => {
  it.each([
    [99, 0],
    [100, 1],
    [251, 1],
  ])("of %i are written as they are", async (count, tables) => {
    const loader = new RowLoader();
    const written = people(count * 1000, count);
    const rows = await loader.load("User", written);
    if (database().kind === "embedded") expect(await loaded()).toBe(tables);
    await prisma().$transaction((tx) => insertRows(tx, rows));
    await loader.drop();
    expect(await loaded()).toBe(0);
    const found = await prisma().user.findMany({ where: { id: { in: written.map(({ id }) => id as string) } } });
    expect(new Map(found.map(({ id, name }) => [id, name]))).toEqual(
      new Map(written.map(({ id, name }) => [id, name])),
    );
    expect(found[0]?.updatedAt.toISOString()).toBe("2026-03-29T01:30:00.123Z");
  });

  it.runIf(!process.env.TEST_DATABASE_URL)("are known to be lost with their session, and nothing else is", async () => {
    const loader = new RowLoader();
    const rows = await loader.load("User", people(1, 100));
    await loader.drop();
    const error = await prisma()
      .$transaction((tx) => insertRows(tx, rows))
      .catch((thrown: unknown) => thrown);
    expect(loader.isLost(error)).toBe(true);
    expect(loader.isLost(new Error("another"))).toBe(false);
    expect(new RowLoader().isLost(error)).toBe(false);
  });
});
