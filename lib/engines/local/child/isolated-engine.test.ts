import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { obsEntity, obsSource, openSmallWorld, type SmallWorld, stage } from "../small-world.test-support";
import { createIsolatedEngine, type IsolatedEngine } from "./isolated-engine";

let world: SmallWorld;
let engine: IsolatedEngine;
let location: string;

beforeAll(async () => {
  const limits = { threads: 2, memoryLimit: "256MB", runLimit: 60_000 };
  world = await openSmallWorld((dataDirectory) => (engine = createIsolatedEngine({ dataDirectory, ...limits })));
  location = await world.write("rows.parquet", "SELECT range AS id, range * 10 AS a FROM range(5)");
});
afterAll(async () => {
  engine.close();
  await world.close();
});

const added = (statement: string): StageDefinition =>
  stage("added", {
    transformer: "sql",
    inputs: ["obs.a"],
    outputs: [{ column: "obs.b", type: "bigint" }],
    params: { statement },
  });

const run = (statement: string, signal?: AbortSignal, at = world) =>
  at.run({
    entities: [obsEntity()],
    sources: [obsSource(location, [{ name: "a", type: "bigint" }])],
    stages: [added(statement)],
    ...(signal && { signal }),
  });
const ENDLESS = "SELECT *, (SELECT count(*) FROM range(10000000000) r(x) WHERE x % 7 = a) AS b FROM __THIS__";

describe("a run in a process of its own", () => {
  it("gives what the engine gives, with progress and log", async () => {
    const ran = await run("SELECT *, a + 1 AS b FROM __THIS__");
    expect(await ran.column("obs.b")).toEqual([1, 11, 21, 31, 41]);
    expect(ran.messages).toContainEqual(expect.stringMatching(/Stage added took/));
  });

  it("passes the engine's own refusals on", async () => {
    const refused = await run("SELECT *, random() AS b FROM __THIS__").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ code: "invalid", context: { issues: [{ found: "random" }] } });
  });

  it.each([
    ["a long list", "SELECT *, len(range(500000000)) AS b FROM __THIS__"],
    ["a long text", "SELECT *, length(repeat('x', 3000000000)) AS b FROM __THIS__"],
  ])("ends with a message, and this process holds no more: %s", async (_, statement) => {
    const before = process.memoryUsage.rss();
    await expect(run(statement)).rejects.toThrow(/memory/i);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
    // The next one finds a process that works.
    await expect(run("SELECT *, a AS b FROM __THIS__")).resolves.toMatchObject({ result: { metrics: {} } });
  });

  it("stops when it is told to, whatever the statement does", async () => {
    const stop = new AbortController();
    const going = run(ENDLESS, stop.signal);
    setTimeout(() => stop.abort("user"), 300);
    const started = performance.now();
    await expect(going).rejects.toMatchObject({ code: "canceled" });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("stops by itself after its time", async () => {
    let hasty: IsolatedEngine | undefined;
    const other = await openSmallWorld((dataDirectory) => (hasty = createIsolatedEngine({ dataDirectory, threads: 1, memoryLimit: "256MB", runLimit: 2000 }))); // prettier-ignore
    await expect(run(ENDLESS, undefined, other)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/took longer than 2 seconds/) as string,
    });
    hasty?.close();
    await other.close();
  });

  it("leaves nothing behind", () => {
    expect(readdirSync(world.dataDirectory).filter((name) => name.startsWith("work-"))).toEqual([]);
  });
});

describe("statements that are bound in a process of its own", () => {
  const check = (statement: string, more: Partial<StageDefinition> = {}) =>
    engine.checkStatements([
      { stage: { ...added(statement), ...more }, columns: [{ name: "id", type: "bigint" }, { name: "a", type: "bigint" }], keys: [] }, // prettier-ignore
    ]);

  it("says nothing of one that can run", async () => {
    expect(await check("SELECT *, a + 1 AS b FROM __THIS__ -- a comment")).toEqual([[]]);
  });
  it.each<[string, string, RegExp]>([
    ["a column that nobody declares", "SELECT *, nosuch AS b FROM __THIS__", /nosuch/],
    ["types that do not go together", "SELECT *, a || ['x'] AS b FROM __THIS__", /No function matches|Cannot/i],
    ["an output that is not returned", "SELECT *, a AS c FROM __THIS__", /does not return `b`/],
    ["an output of another type", "SELECT *, 'x' AS b FROM __THIS__", /declared as bigint, and the statement returns VARCHAR/], // prettier-ignore
    ["what is not SQL", "SELECT a + + AS b FROM __THIS__", /syntax error at or near "AS"/],
  ])("says what is wrong: %s", async (_, statement, message) => {
    const [[finding] = []] = await check(statement);
    expect(finding?.message).toMatch(message);
  });
  it("is ended when binding takes the memory, and the others are still judged", async () => {
    const endless = "SELECT *, a AS b FROM __THIS__ LIMIT len(range(500000000))";
    const before = process.memoryUsage.rss();
    const columns = [{ name: "id", type: "bigint" as const }, { name: "a", type: "bigint" as const }]; // prettier-ignore
    const findings = await engine.checkStatements([added("SELECT *, a AS b FROM __THIS__"), added(endless), added("SELECT *, 'x' AS b FROM __THIS__")].map((one) => ({ stage: one, columns, keys: [] }))); // prettier-ignore
    expect(findings.map(([finding]) => finding?.message)).toEqual([
      undefined,
      expect.stringMatching(/memory/i),
      expect.stringMatching(/returns VARCHAR/),
    ]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
  });

  it("that is not bound in time is no mistake of whoever wrote it: the answer is to try again", async () => {
    const hasty = createIsolatedEngine({ dataDirectory: world.dataDirectory, threads: 1, memoryLimit: "256MB", runLimit: 1000, bindLimit: 1 }); // prettier-ignore
    const columns = [{ name: "id", type: "bigint" as const }, { name: "a", type: "bigint" as const }]; // prettier-ignore
    const late = await hasty
      .checkStatements([{ stage: added("SELECT *, a AS b FROM __THIS__"), columns, keys: [] }])
      .catch((error: unknown) => error);
    hasty.close();
    expect(late).toMatchObject({ code: "unavailable", context: { stage: "added" } });
  });
});
