import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database, prisma } from "./client";
import {
  enqueue,
  enqueueAll,
  finishJob,
  maintainQueue,
  openQueue,
  releaseAbandonedJobs,
  releaseJob,
  takeJob,
} from "./queue";

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

  it("offers what was queued before a clock was set back a day", async () => {
    await add("before");
    await database().execute("UPDATE pgboss.job SET created_on = now() + interval '1 day', start_after = now() + interval '1 day' WHERE name = 'run'"); // prettier-ignore
    expect(await takeJob("run")).toBeNull();
    await maintainQueue();
    const job = await takeJob("run");
    expect(job?.data.runId).toBe("before");
    await finishJob("run", job?.id ?? "");
  });

  it("offers a dead process's job again", async () => {
    await add("abandoned");
    await takeJob("run");
    expect(await takeJob("run")).toBeNull();
    await releaseAbandonedJobs();
    expect((await takeJob("run"))?.data.runId).toBe("abandoned");
  });

  it("keeps one waiting job of a key, and another while that one runs", async () => {
    const due = { workspaceId: "w", source: "orders" };
    const queue = (data: typeof due) => prisma().$transaction((tx) => enqueue(tx, "profile-source", data));
    expect(await queue(due)).toBe(true);
    expect(await queue(due)).toBe(false);
    expect(await queue({ ...due, source: "flights" })).toBe(true);
    expect((await takeJob("profile-source"))?.data).toEqual(due);
    expect(await queue(due)).toBe(true);
    expect((await takeJob("profile-source"))?.data.source).toBe("flights");
    expect((await takeJob("profile-source"))?.data).toEqual(due);
    expect(await takeJob("profile-source")).toBeNull();
  });

  it("keeps every job of a queue without keys", async () => {
    const queue = () => prisma().$transaction((tx) => enqueue(tx, "evaluate-monitors", { workspaceId: "w" }));
    expect([await queue(), await queue()]).toEqual([true, true]);
  });

  it("gives back two abandoned jobs of one key", async () => {
    await add("same");
    await takeJob("run");
    await add("same");
    await releaseAbandonedJobs();
    expect([(await takeJob("run"))?.data.runId, (await takeJob("run"))?.data.runId]).toEqual(["same", "same"]);
  });

  it("adds many jobs at once, those that wait already left out", async () => {
    await add("second");
    await prisma().$transaction((tx) =>
      enqueueAll(tx, "run", [{ runId: "first" }, { runId: "second" }, { runId: "first" }]),
    );
    const taken = [await takeJob("run"), await takeJob("run"), await takeJob("run")];
    expect(taken.map((job) => job?.data.runId ?? null)).toEqual(["second", "first", null]);
  });

  it("hands a waiting job out only after the transaction that relies on it", async () => {
    await add("waits");
    let taken: Promise<unknown> = Promise.resolve();
    let isTaken = false;
    await prisma().$transaction(async (tx) => {
      expect(await enqueue(tx, "run", { runId: "waits" })).toBe(false);
      taken = takeJob("run").then(() => (isTaken = true));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(isTaken).toBe(false);
    });
    await taken;
    expect(isTaken).toBe(true);
  });

  it("gives queues of before jobs had keys their policy", async () => {
    await database().execute("UPDATE pgboss.queue SET policy = 'standard'");
    const shared = globalThis as typeof globalThis & { tributaryQueues?: unknown };
    shared.tributaryQueues = undefined;
    await openQueue();
    const { rows } = await database().execute("SELECT name FROM pgboss.queue WHERE policy = 'short' ORDER BY name");
    expect(rows.map(({ name }) => name)).toEqual([
      "check-skew",
      "evaluate-outcomes",
      "evaluate-version",
      "measure-leakage",
      "profile-source",
      "reproduce",
      "run",
      "sketch-units",
    ]);
  });

  it("moves what waits in queues of before they were renamed, when it opens and in its maintenance", async () => {
    const shared = globalThis as typeof globalThis & { tributaryQueues?: unknown };
    const old = (name: string, data: object, state = "created") =>
      database().execute("INSERT INTO pgboss.job (name, data, state, singleton_key) VALUES ($1, $2, $3, 'key')", [
        name,
        JSON.stringify(data),
        state,
      ]);
    for (const name of ["look", "look-at-outcomes"])
      await database().execute(`SELECT pgboss.create_queue('${name}', '{"policy":"standard"}'::json)`);
    try {
      await old("look", { workspaceId: "flights" });
      await old("look", { workspaceId: "flights", lookId: "backtest-1" }, "retry");
      await old("look-at-outcomes", { monitorId: "outcomes" });
      // One whose key waits already is not lost either.
      await prisma().$transaction((tx) => enqueue(tx, "evaluate-outcomes", { monitorId: "outcomes" }));
      shared.tributaryQueues = undefined;
      await openQueue();
      expect((await takeJob("evaluate-monitors"))?.data).toEqual({ workspaceId: "flights" });
      expect((await takeJob("backtest"))?.data).toEqual({ backtestId: "backtest-1" });
      const taken = [await takeJob("evaluate-outcomes"), await takeJob("evaluate-outcomes")];
      expect(taken.map((job) => job?.data)).toEqual([{ monitorId: "outcomes" }, { monitorId: "outcomes" }]);
      // A process of the version before writes to the old queue while this one runs.
      await old("look", { workspaceId: "later" });
      await maintainQueue();
      expect((await takeJob("evaluate-monitors"))?.data).toEqual({ workspaceId: "later" });
    } finally {
      await database().execute("SELECT pgboss.delete_queue('look'), pgboss.delete_queue('look-at-outcomes')");
    }
  });

  it("is created once by processes that start at the same time", async () => {
    await Promise.all([openQueue(), openQueue(), openQueue()]);
    const { rows } = await database().execute("SELECT name FROM pgboss.queue ORDER BY name");
    expect(rows.map(({ name }) => name)).toEqual([
      "backtest",
      "check-rules",
      "check-skew",
      "evaluate",
      "evaluate-monitors",
      "evaluate-outcomes",
      "evaluate-version",
      "materialise",
      "measure-leakage",
      "profile-source",
      "reproduce",
      "run",
      "sketch-units",
    ]);
  });
});
