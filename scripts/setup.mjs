/**
 * What a fresh clone needs before it can run: packages from the lockfile, the database client, a build. Each step is
 * skipped while its inputs are as they were. Plain Node, because nothing is installed yet when it starts.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
export const BUILD_DIRECTORY = process.env.TRIBUTARY_BUILD_DIR || ".next";

/** What a build is made of. */
const BUILD_INPUTS = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "instrumentation.ts",
  "proxy.ts",
].concat(["next.config.js", "postcss.config.mjs", "package-lock.json"]);

/** Runs a program in the project's folder with its output shown, or, when `quiet`, shown only if it fails. */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ["ignore", "ignore", "pipe"] : "inherit";
    const child = spawn(command, args, { cwd: ROOT, stdio, ...options });
    let said = "";
    child.stderr?.on("data", (chunk) => (said += chunk));
    child.once("error", reject);
    child.once("close", (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${said}${[command, ...args].join(" ")} ended with ${signal ?? code}`)),
    );
  });
}

/** npm's own script, so that no shell is needed on any platform. */
function npm(args, options) {
  const script = process.env.npm_execpath;
  return script
    ? run(process.execPath, [script, ...args], options)
    : run("npm", args, { shell: process.platform === "win32", ...options });
}

/** SHA-256 over names and contents of files and folders. */
function digest(inputs) {
  const hash = createHash("sha256");
  const add = (relative) => {
    const full = path.join(ROOT, relative);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(path.join(relative, name));
    } else if (!/\.test(-support)?\.tsx?$/.test(relative)) hash.update(`${relative}\0`).update(readFileSync(full));
  };
  inputs.forEach(add);
  return hash.digest("hex");
}

/** Runs `work` unless `marker` says that it was done with the same inputs. */
export async function unlessDone(marker, inputs, work) {
  const file = path.join(ROOT, marker);
  const now = digest(inputs);
  if (existsSync(file) && readFileSync(file, "utf8") === now) return false;
  await work();
  writeFileSync(file, digest(inputs));
  return true;
}

export function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Tributary needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.`,
  );
  process.exit(1);
}

export async function ensureInstalled() {
  await unlessDone("node_modules/.tributary-installed", ["package-lock.json"], async () => {
    console.log("Installing packages …");
    await npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  });
}

export async function ensureGenerated() {
  const done = path.join(ROOT, "node_modules/.tributary-generated");
  if (!existsSync(path.join(ROOT, "lib/db/generated/client.ts"))) rmSync(done, { force: true });
  await unlessDone("node_modules/.tributary-generated", ["prisma/schema.prisma", "package-lock.json"], generate);
}

function generate() {
  console.log("Generating the database client …");
  // Generating needs no schema engine; naming any program keeps Prisma from downloading one.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  };
  return run(process.execPath, ["node_modules/prisma/build/index.js", "generate", "--no-hints"], {
    env,
    quiet: true,
  });
}

export async function ensureBuilt() {
  await unlessDone(path.join(BUILD_DIRECTORY, "tributary-built"), BUILD_INPUTS, async () => {
    console.log("Building …");
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
    await run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      env,
      quiet: true,
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  assertNode();
  await ensureInstalled();
  await ensureGenerated();
}
