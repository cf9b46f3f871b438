import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";

const data = mkdtempSync(path.join(tmpdir(), "tributary-start-"));
let child: ChildProcess | null = null;

afterAll(async () => {
  child?.kill("SIGKILL");
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

function start(variables: Record<string, string>, program = ["dist/worker.mjs"]) {
  const started = spawn(process.execPath, program, {
    env: { ...process.env, DATABASE_URL: "", TRIBUTARY_DATA: data, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  const said = { out: "", error: "" };
  started.stdout.on("data", (chunk) => (said.out += String(chunk)));
  started.stderr.on("data", (chunk) => (said.error += String(chunk)));
  const ended = new Promise<number | null>((resolve) => started.once("exit", (code) => resolve(code)));
  return { process: started, said, ended };
}

async function until(holds: () => boolean, said: { out: string; error: string }): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It does not run: ${said.out}${said.error}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it("ends with 1 and a sentence for every wrong variable", async () => {
  const { said, ended } = start({ TRIBUTARY_ENGINE_MEMORY: "lots", PORT: "http" });
  expect(await ended).toBe(1);
  expect(said.error).toMatch(/Tributary cannot start:\n {2}PORT must be a port number/);
  expect(said.error).toMatch(/TRIBUTARY_ENGINE_MEMORY must be a size/);
  expect(said.error).not.toMatch(/\n\s+at /);
});

it("ends with 1 and a sentence while another process has the registry open", async () => {
  writeFileSync(path.join(data, "registry.lock"), String(process.ppid));
  try {
    const { said, ended } = start({});
    expect(await ended).toBe(1);
    expect(said.error).toMatch(
      new RegExp(`Tributary cannot start:\\n {2}The registry in .* is in use by process ${process.ppid}`),
    );
    expect(said.error).not.toMatch(/\n\s+at /);
  } finally {
    rmSync(path.join(data, "registry.lock"));
  }
});

it("stops in order when the process that started it is killed", async () => {
  // What scripts/start.mjs does, without what a fresh clone needs.
  const starter = `
    import { spawn } from "node:child_process";
    spawn(process.execPath, ["dist/worker.mjs"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });`;
  const { process: started, said } = start({ TRIBUTARY_DEMO: "0" }, ["--input-type=module", "--eval", starter]);
  const closed = new Promise<void>((resolve) => started.once("close", () => resolve()));
  const lock = path.join(data, "registry.lock");
  await until(() => existsSync(lock), said);
  started.kill("SIGKILL");
  // The output is closed when nobody is left who writes to it.
  await closed;
  expect(said.error).toContain("the process that started this one is gone");
  expect(existsSync(lock)).toBe(false);
});

it("stops in the middle of a run within five seconds, with 0, and gives the run back", async () => {
  const { process: worker, said, ended } = start({});
  await until(() => /running late_departures: (?!Reading)/.test(said.out), said);
  const at = Date.now();
  worker.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(Date.now() - at).toBeLessThan(6000);
  await openDatabase({ directory: data });
  const run = await prisma().run.findFirstOrThrow();
  expect(run).toMatchObject({ state: "queued", attempt: 1 });
  expect((await prisma().workspace.findFirstOrThrow()).seedState).toBe("filling");
  expect(await prisma().user.count()).toBe(5);
});
