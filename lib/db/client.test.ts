import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database, prisma } from "./client";

beforeAll(openTestDatabase);
afterAll(closeDatabase);

describe("the registry's database", () => {
  it("is a server exactly when one is asked for", () => {
    expect(database().kind).toBe(process.env.TEST_DATABASE_URL ? "server" : "embedded");
  });

  it("is migrated when it opens", async () => {
    expect(await prisma().workspace.count()).toBe(0);
    const { rows } = await database().execute(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it("loses no update among concurrent read-modify-write transactions", async () => {
    await database().execute("CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL)");
    await database().execute("INSERT INTO counter VALUES ($1, $2)", [1, 0]);
    const increment = () =>
      prisma().$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<{ n: number }[]>`SELECT n FROM counter WHERE id = 1 FOR UPDATE`;
        await tx.$executeRaw`UPDATE counter SET n = ${(row?.n ?? 0) + 1} WHERE id = 1`;
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const { rows } = await database().execute("SELECT n FROM counter");
    expect(rows[0]?.n).toBe(20);
  });
});
