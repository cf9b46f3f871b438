import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database, prisma } from "./client";
import { enqueue, finishJob, maintainQueue, openQueue, releaseAbandonedJobs, releaseJob, takeJob } from "./queue";

beforeAll(async () => {
  await openTestDatabase();
  await openQueue();
});
afterAll(closeDatabase);
beforeEach(() => database().execute("DELETE FROM pgboss.job"));

const add = (runId: string) => prisma().$transaction((tx) => enqueue(tx, "run", { runId }));

describe("the queue", () => {
  it("gives a job to one taker only, oldest first", async () => {
    await add("first");
    await add("second");
    const taken = await Promise.all([takeJob("run"), takeJob("run"), takeJob("run")]);
    expect(
      taken
        .map((job) => job?.data.runId)
        .filter(Boolean)
        .sort(),
    ).toEqual(["first", "second"]);
  });

  it("has no job when the transaction that added it is rolled back", async () => {
    const failing = prisma().$transaction(async (tx) => {
      await enqueue(tx, "run", { runId: "never" });
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await takeJob("run")).toBeNull();
  });

  it("keeps a finished job finished and offers a released one again", async () => {
    await prisma().$transaction((tx) => enqueue(tx, "materialise", { runId: "r", viewId: "v" }));
    const job = await takeJob("materialise");
    await releaseJob("materialise", job?.id ?? "", "the store was busy");
    await database().execute("UPDATE pgboss.job SET start_after = now() - interval '1 minute'");
    const again = await takeJob("materialise");
    expect(again?.data).toEqual({ runId: "r", viewId: "v" });
    await finishJob("materialise", again?.id ?? "");
    expect(await takeJob("materialise")).toBeNull();
    await maintainQueue();
  });

  it("offers a dead process's job again", async () => {
    await add("abandoned");
    await takeJob("run");
    expect(await takeJob("run")).toBeNull();
    await releaseAbandonedJobs();
    expect((await takeJob("run"))?.data.runId).toBe("abandoned");
  });

  it("is created once by processes that start at the same time", async () => {
    await Promise.all([openQueue(), openQueue(), openQueue()]);
    const { rows } = await database().execute("SELECT name FROM pgboss.queue ORDER BY name");
    expect(rows.map(({ name }) => name)).toEqual([
      "check-rules",
      "check-skew",
      "evaluate",
      "look",
      "look-at-outcomes",
      "materialise",
      "profile-source",
      "run",
    ]);
  });
});
