import { spawn } from "node:child_process";
import { basename } from "node:path";
import { expect, it } from "vitest";
import { isOrphan, ownScratch } from "./scratch-folder";

const asking = { host: "box", process: process.pid, thread: 3, started: 1_800_000_000 };
const dead = 2 ** 22 + 1;

it.each<[what: string, name: string, alone: boolean, orphan: boolean]>([
  ["this thread's", `box.${process.pid}.3.1800000000`, true, false],
  ["the first thread's, which serves pages", `box.${process.pid}.0.1800000001`, true, false],
  ["a thread's that died", `box.${process.pid}.2.1800000000`, true, true],
  ["a thread's that died, beside others", `box.${process.pid}.2.1800000000`, false, true],
  ["one of an earlier process with the same number", `box.${process.pid}.0.1700000000`, false, true],
  ["a living process's", `box.${process.ppid}.0.1800000000`, false, false],
  ["a living process's that cannot be using this folder", `box.${process.ppid}.0.1800000000`, true, true],
  ["a dead process's", `box.${dead}.1.1800000000`, false, true],
  ["another machine's", `other.${dead}.0.1800000000`, false, false],
  ["another machine's that cannot be using this folder", `other.${dead}.0.1800000000`, true, true],
  ["one without an owner", "scratch-Ab12", true, true],
  ["one without an owner, beside others", "work-Ab12", false, false],
])("a folder of scratch, %s", (_, name, alone, orphan) => {
  expect(isOrphan(name, { alone, asking })).toBe(orphan);
});

it("is in use as long as its process lives", async () => {
  const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  const name = `box.${other.pid}.0.1800000000`;
  expect(isOrphan(name, { alone: false, asking })).toBe(false);
  const gone = new Promise((resolve) => other.once("exit", resolve));
  other.kill("SIGKILL");
  await gone;
  expect(isOrphan(name, { alone: false, asking })).toBe(true);
});

it("is named by its thread", () => {
  expect(ownScratch("/data")).toBe(ownScratch("/data"));
  expect(isOrphan(basename(ownScratch("/data")), { alone: true })).toBe(false);
});
