/**
 * The product's programs, bundled: processes and threads are begun by path, dozens a day, and each would otherwise compile hundreds of
 * modules anew. Plain JavaScript in `dist/`, with source maps; packages stay where npm put them.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, unlessDone } from "./setup.mjs";

/** Names in `dist/` and the files that they begin in. */
const PROGRAMS = {
  "check-environment": "scripts/check-environment.ts",
  "check-store": "lib/online/check-main.ts",
  cli: "lib/cli/main.ts",
  database: "lib/db/embedded-thread.mjs",
  engine: "lib/engines/local/child/main.ts",
  jobs: "lib/server/jobs-thread-main.ts",
  serving: "scripts/serving.ts",
  web: "scripts/web.ts",
  worker: "scripts/worker.ts",
};
/** Run by interpreters that are not Node. */
const RUN_BY_OTHERS = ["lib/engines/spark/driver/tributary_driver.py"];
const INPUTS = ["lib", "scripts", "package-lock.json", "package.json", "tsconfig.json"];
const FOLDER = "dist";
const SHARED = "shared";
/** A program that began before the last bundling may still load a part of its own. */
const A_DAY_MS = 86_400_000;

/** Bundles the programs, and lays what others run beside them, unless they are as the sources are. */
export function ensurePrograms() {
  return unlessDone(path.join(FOLDER, "made"), INPUTS, async () => {
    await bundle(PROGRAMS, path.join(ROOT, FOLDER));
    for (const file of RUN_BY_OTHERS) copyFileSync(path.join(ROOT, file), path.join(ROOT, FOLDER, path.basename(file)));
    removeOldParts(path.join(ROOT, FOLDER, SHARED));
  });
}

/** Bundles `programs` (names and files in the project) into `folder`, which has to be inside of the project, where packages are found. */
export async function bundle(programs, folder) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: programs,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: `${SHARED}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    keepNames: true,
    tsconfig: path.join(ROOT, "tsconfig.json"),
    logLevel: "warning",
    write: false,
  });
  mkdirSync(path.join(folder, SHARED), { recursive: true });
  // Programs that run meanwhile find a whole file under every name, and what a name means only ever changes for programs themselves.
  const shared = outputFiles.filter((file) => path.dirname(file.path) !== folder);
  for (const file of [...shared, ...outputFiles.filter((one) => !shared.includes(one))]) {
    const partial = `${file.path}.${process.pid}`;
    writeFileSync(partial, file.contents);
    renameSync(partial, file.path);
  }
}

function removeOldParts(folder) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (existsSync(file) && Date.now() - statSync(file).mtimeMs > A_DAY_MS) rmSync(file, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensurePrograms();
