import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, prisma } from "./client";

beforeAll(openTestDatabase);
afterAll(closeDatabase);

// On a Postgres server, `test/use-postgres.ts` fails a test in which the driver was given two statements at once.
describe("a transaction's statements", () => {
  it("run one after the other when they are started together", async () => {
    const before = await prisma().workspace.count();
    const counts = await prisma().$transaction((tx) =>
      Promise.all([
        tx.workspace.count(),
        tx.workspace.create({
          data: { name: "together", title: "", definition: {}, digest: "d", createdBy: "a", updatedBy: "a" },
          include: { sources: true, stages: { include: { versions: true } }, runs: { include: { logs: true } } },
        }),
        tx.workspace.count(),
      ]),
    );
    expect([counts[0], counts[2]]).toEqual([before, before + 1]);
  });

  it("that follow one that failed are refused with the transaction", async () => {
    const failing = prisma().$transaction(async (tx) => {
      await expect(tx.$queryRaw`SELECT 1 / 0`).rejects.toThrow();
      await expect(tx.workspace.count()).rejects.toThrow();
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await prisma().workspace.count({ where: { name: "together" } })).toBe(1);
  });
});
