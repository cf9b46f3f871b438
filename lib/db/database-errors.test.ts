import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemResponse } from "@/lib/http/problem";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, prisma, type Transaction } from "./client";
import { isOvertaken } from "./database-errors";

beforeAll(openTestDatabase);
afterAll(closeDatabase);

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const slowly = (tx: Transaction) => tx.$executeRaw`SELECT pg_sleep(0.3)`;

describe("a database that has no time", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a transaction took too long", () => prisma().$transaction(slowly, { timeout: 50 })],
    [
      "a transaction could not begin",
      async () => {
        // As many as a server has connections, which is more than the embedded database has.
        const others = Array.from({ length: 10 }, () => prisma().$transaction(slowly));
        await new Promise((resolve) => setTimeout(resolve, 50));
        try {
          await prisma().$transaction(slowly, { maxWait: 1 });
        } finally {
          await Promise.all(others);
        }
      },
    ],
  ])("is said with what to do: %s", async (_, work) => {
    const response = problemResponse(await thrownBy(work()), "request");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(await response.json()).toMatchObject({
      code: "unavailable",
      detail: expect.stringMatching(/busy.*Nothing was changed\. Try again/) as string,
    });
  });
});

describe("a transaction that another one overtook", () => {
  it("is told from one that is wrong", async () => {
    const workspace = { name: "w", title: "w", definition: {}, digest: "", createdBy: "x", updatedBy: "x" };
    await prisma().workspace.create({ data: workspace });
    expect(isOvertaken(await thrownBy(prisma().workspace.create({ data: workspace })))).toBe(true);
    expect(isOvertaken(await thrownBy(prisma().$executeRaw`INSERT INTO "Workspace" SELECT * FROM "Workspace"`))).toBe(true); // prettier-ignore
    expect(isOvertaken(await thrownBy(prisma().$executeRaw`SELECT nonsense`))).toBe(false);
  });
});
