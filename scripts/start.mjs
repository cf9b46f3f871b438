/** `npm start`: everything that a fresh clone needs, then the part of the product that TRIBUTARY_ROLE names. */
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { ensurePrograms } from "./programs.mjs";
import { assertNode, BUILD_DIRECTORY, ensureBuilt, ensureGenerated, ensureInstalled, ROOT, run } from "./setup.mjs";

assertNode();
await step(ensureInstalled);
await step(ensureGenerated);
await step(ensurePrograms);
// A wrong variable stops the start before anything is built or opened; the schema's own program says which and why.
await run(process.execPath, ["dist/check-environment.mjs"]).catch(() => process.exit(1));

const role = process.env.TRIBUTARY_ROLE || "all";
const host = process.env.HOST || "127.0.0.1";
const port = await choosePort(Number(process.env.PORT || 3000));
if (role === "all" || role === "web") await step(ensureBuilt);

const program = role === "worker" || role === "serving" ? role : "web";
const child = spawn(process.execPath, ["--enable-source-maps", `dist/${program}.mjs`], {
  cwd: ROOT,
  // Through the channel it sees when this process is gone, however it ended, and stops.
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: {
    ...process.env,
    NODE_ENV: "production",
    // The engine's statements occupy threads of this pool; files, passwords and name look-ups must not wait for them.
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || "16",
    NEXT_TELEMETRY_DISABLED: "1",
    // The product closes its database itself, in order; Next would leave before that is done.
    NEXT_MANUAL_SIG_HANDLE: "true",
    AUTH_TRUST_HOST: "1",
    HOST: host,
    PORT: String(port),
    TRIBUTARY_BUILD_DIR: BUILD_DIRECTORY,
    TRIBUTARY_COMMIT: process.env.TRIBUTARY_COMMIT || commitOf(ROOT),
    TRIBUTARY_COMMIT_DIRTY: process.env.TRIBUTARY_COMMIT_DIRTY || (process.env.TRIBUTARY_COMMIT ? "" : dirtyOf(ROOT)),
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
let ended = false;
child.once("exit", (code, signal) => {
  ended = true;
  process.exit(signal ? 1 : (code ?? 1));
});

if (role !== "worker") await announce(`http://${host.includes(":") ? `[${host}]` : host}:${port}`);

async function announce(address) {
  const probe = address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]");
  while (!ended) {
    const ready = await fetch(`${probe}${role === "serving" ? "/health" : "/api/health/ready"}`).catch(() => null);
    if (ready?.ok) return console.log(`\n  Tributary is at ${address}\n`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Commit of the checkout; empty for an installation that is none. */
function commitOf(directory) {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: directory, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

/** Whether tracked files of the checkout differ from its commit: "0" or "1"; empty for an installation that is none. */
function dirtyOf(directory) {
  const { status, stdout } = spawnSync("git", ["status", "--porcelain", "--untracked-files=no"], { cwd: directory, encoding: "utf8" }); // prettier-ignore
  return status === 0 ? String(Number(stdout.trim() !== "")) : "";
}

/** Port 0 asks for any free one; the children need to know which. */
function choosePort(wanted) {
  if (wanted !== 0) return wanted;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}

async function step(work) {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}
