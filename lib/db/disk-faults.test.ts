import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SYSTEM } from "@/lib/domain/principal";
import { problemResponse } from "@/lib/http/problem";
import { applySpecs, planSpecs } from "@/lib/registry/specs/specs";
import { setEnvironment } from "@/test/channel-fixture";
import { closeDatabase, openDatabase } from "./client";

const isRoot = process.getuid?.() === 0;
let folder: string;
let isMounted = false;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tributary-disk-"));
});
afterEach(async () => {
  await closeDatabase();
  if (isMounted) spawnSync("umount", ["-l", folder]);
  isMounted = false;
  rmSync(folder, { recursive: true, force: true });
});

/** A file system of its own in the folder; false where this user may not. */
function mount(options: string): boolean {
  return (isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", folder]).status === 0);
}

const features = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    kind: "Entity",
    name: `entity_${at}`,
    description: "x".repeat(2000),
    joinKeys: [{ name: "id", type: "bigint" }],
  }));

/** On a server the disk is the server's. */
describe.skipIf(process.env.TEST_DATABASE_URL)("the folder of the embedded database", () => {
  it("that cannot be written is said with what to do", async ({ skip }) => {
    // Nothing stops root but a file system.
    if (!isRoot) chmodSync(folder, 0o555);
    else if (!mount("ro")) skip("a read-only folder: this user may not mount one");
    const refusal = { code: "unavailable", message: expect.stringMatching(/cannot be written: .*Let the user .* write to it, or set TRIBUTARY_DATA/) as string }; // prettier-ignore
    await expect(openDatabase({ directory: folder })).rejects.toMatchObject(refusal);
    await expect(openDatabase({ directory: path.join(folder, "below") })).rejects.toMatchObject(refusal);
  });

  it("whose disk is full refuses a change whole, says so, and goes on once there is room", async ({ skip }) => {
    if (!isRoot || !mount("size=200m")) skip("a full disk: this user may not mount one");
    setEnvironment({ TRIBUTARY_DATA: folder });
    await openDatabase({ directory: folder });
    const apply = (count: number) =>
      applySpecs(SYSTEM, { documents: [{ kind: "Workspace", name: "disk" }, ...features(count)] });
    await apply(2);
    const filler = path.join(folder, "filler");
    fill(filler);
    const error = await apply(8000).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).not.toBeNull();
    const response = problemResponse(error, "request");
    expect(await response.json()).toMatchObject({
      status: 503,
      detail: expect.stringMatching(/disk .*is full/) as string,
    });
    rmSync(filler);
    const kept = await planSpecs(SYSTEM, { workspace: "disk", documents: [], prune: true });
    expect(kept.counts).toMatchObject({ retire: 2 });
    expect((await apply(100)).counts).toMatchObject({ create: 98 });
  });
});

/** Writes zeros until there is no room. */
function fill(file: string): void {
  const handle = openSync(file, "w");
  const zeros = Buffer.alloc(2 ** 16);
  try {
    for (;;) if (writeSync(handle, zeros) === 0) return;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
  } finally {
    closeSync(handle);
  }
}
