import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { OnlineStore } from "@/lib/online/online-store";
import { setEnvironment } from "@/test/channel-fixture";
import { airport, fill, localEngine, openStore, ROWS } from "./killed-materialise.test-support";
import { startWorker, type Worker } from "./worker";

const data = mkdtempSync(path.join(tmpdir(), "tributary-full-disk-"));
const online = path.join(data, "online");
let worker: Worker | null = null;
let store: OnlineStore | null = null;

afterAll(async () => {
  await worker?.stop();
  await store?.close();
  await closeDatabase();
  spawnSync("umount", ["-l", online]);
  rmSync(data, { recursive: true, force: true });
});

async function until<Answer>(ask: () => Promise<Answer | null | undefined>): Promise<Answer> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(100);
  }
  throw new Error("It did not come about.");
}

const mount = (...options: string[]) => spawnSync("mount", [...options, online]).status === 0;

describe.skipIf(process.env.TEST_DATABASE_URL)("a disk that is full while values go online", () => {
  it("is said in the run and to channels, leaves what is served, and is over once there is room", async ({ skip }) => {
    setEnvironment({ TRIBUTARY_DATA: data });
    mkdirSync(online);
    if (!mount("-t", "tmpfs", "-o", "size=3m", "none")) skip("a full disk: this user may not mount one");
    await openDatabase({ directory: data });
    await openQueue();
    const opened = (store = openStore(data));
    await fill(data, opened);
    worker = await startWorker({ engine: localEngine(data), store: opened });
    const said = await until(() =>
      prisma().runLog.findFirst({ where: { message: { contains: "did not go online" } } }),
    );
    expect(said.message).toMatch(/^airport_stats: the values did not go online\. The disk of the online store .*online\.lmdb is full: \d MB are free\. What it serves stays as it is\. Free space on it\. It is tried again\.$/); // prettier-ignore
    expect(await prisma().auditEvent.count({ where: { action: "view.materialise_fail" } })).toBe(1);
    const [served] = await prisma().materialisation.findMany({ select: { id: true, rows: true } });
    expect(served?.rows).toBe(10n);
    const read = (set: string, at: number) => opened.readRows(set, [airport(at)]);
    expect(await read(served?.id ?? "", 9)).toMatchObject([{ values: expect.arrayContaining(["9"]) as string[] }]);

    expect(mount("-o", "remount,size=256m")).toBe(true);
    // As after the delay.
    await database().execute(
      "UPDATE pgboss.job SET start_after = now() WHERE name = 'materialise' AND state = 'retry'",
    );
    const whole = await until(() => prisma().materialisation.findFirst({ where: { rows: BigInt(ROWS) } }));
    expect(await read(whole.id, ROWS - 1)).toMatchObject([{ values: expect.arrayContaining([String((ROWS - 1) * 2)]) as string[] }]); // prettier-ignore
    expect(await read(served?.id ?? "", 9)).toMatchObject([{ values: expect.arrayContaining(["9"]) as string[] }]);
  });
});
