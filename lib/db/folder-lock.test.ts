import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockFolder } from "./folder-lock";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "tributary-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("is free again after its owner let go", () => {
  lockFolder(directory)();
  const release = lockFolder(directory);
  release();
  expect(existsSync(path.join(directory, "registry.lock"))).toBe(false);
});

it("refuses while another process lives, and names it", async () => {
  const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  try {
    writeFileSync(path.join(directory, "registry.lock"), String(other.pid));
    expect(() => lockFolder(directory)).toThrow(new RegExp(`in use by process ${other.pid}`));
  } finally {
    const gone = new Promise((resolve) => other.once("exit", resolve));
    other.kill("SIGKILL");
    await gone;
  }
  // Killed without letting go: the next start takes over.
  lockFolder(directory)();
});

it("takes over a lock that holds no process id", () => {
  writeFileSync(path.join(directory, "registry.lock"), "");
  lockFolder(directory)();
});
