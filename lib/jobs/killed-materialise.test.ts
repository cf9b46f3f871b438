import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { setEnvironment } from "@/test/channel-fixture";
import { airport, localEngine, openStore, POINTS, ROWS } from "./killed-materialise.test-support";
import { layMigratedRegistry } from "@/test/migrated-folder";
import { killInTheMiddle } from "./killed-process.test-support";
import { startWorker, type Worker } from "./worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-killed-materialise-"));
let child: ChildProcess | null = null;
let worker: Worker | null = null;

beforeAll(() => layMigratedRegistry(data));
afterAll(async () => {
  child?.kill("SIGKILL");
  await worker?.stop();
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const sets = () =>
  prisma().materialisation.findMany({ orderBy: { createdAt: "asc" }, select: { id: true, rows: true } });

/** On a server, the job of a dead worker is begun again once it is overdue. */
describe.skipIf(process.env.TEST_DATABASE_URL)("values that go online", () => {
  it.each(POINTS)("are as they were after the process was killed: %s", { timeout: 240_000 }, async (point) => {
    setEnvironment({ TRIBUTARY_DATA: data });
    const script = "lib/jobs/killed-materialise.test-support.ts";
    const said = await killInTheMiddle(script, { where: data, data, more: [point], onStart: (started) => (child = started) }); // prettier-ignore
    expect(said).toBe(point);
    await openDatabase({ directory: data });
    const store = openStore(data);
    try {
      const online = await sets();
      expect(online).toMatchObject([{ rows: 10n }]);
      const rows = store.readRows(online[0]?.id ?? "", [airport(0), airport(9), airport(10)]);
      expect(rows.map((row) => row?.values[0])).toEqual(["0", "9", undefined]);
    } finally {
      await store.close();
      await closeDatabase();
    }
  });

  it("are complete, and recorded once, after the next start", { timeout: 240_000 }, async () => {
    await openDatabase({ directory: data });
    const events = () => prisma().auditEvent.count({ where: { action: "view.materialise" } });
    const before = await events();
    const store = openStore(data);
    worker = await startWorker({ engine: localEngine(data), store });
    for (let tries = 0; tries < 600 && (await sets()).length < 2; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 200));
    const [, second] = await sets();
    expect(second?.rows).toBe(BigInt(ROWS));
    expect(await events()).toBe(before + 1);
    const keys = Array.from({ length: ROWS }, (_, at) => airport(at));
    const found = store.readRows(second?.id ?? "", [...keys, airport(ROWS)]);
    expect(found.slice(0, ROWS).every((row, at) => row?.values[0] === String(at * 2))).toBe(true);
    expect(found.at(-1)).toBeUndefined();
    await worker.stop();
    worker = null;
    await store.close();
  });
});
