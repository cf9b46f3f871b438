/**
 * `npm test`: set-up, then every suite: rules and use cases (vitest), then journeys in a real browser against a production build
 * that this script starts on a free port with a data folder of its own. Ends with one line that counts the whole run.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { ensurePrograms } from "./programs.mjs";
import { assertNode, ensureBuilt, ensureGenerated, ensureInstalled, ROOT } from "./setup.mjs";

/** Filling the demo says what it does every few seconds; one that says nothing new for so long is stuck. */
const STUCK_AFTER_MS = 300_000;
const TOKEN = "bootstrap-token-of-the-test-run";

assertNode();
await ensureInstalled();
await ensureGenerated();

const scratch = mkdtempSync(path.join(tmpdir(), "tributary-test-"));
/** Suites against programs of others, which are installed for them: when asked for, and on machines that test. */
const withPeers = process.argv.includes("--peers") || Boolean(process.env.CI);

const totals = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
try {
  // Both halves begin by it, and neither may find the other's half-written files.
  await ensurePrograms();
  // The portal is built and its demo filled beside the first half, which waits for a third of its time.
  const opening = openPortal();
  const ended = await Promise.allSettled([vitest(), opening]);
  try {
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    await journeys(await opening);
  } finally {
    if (ended[1].status === "fulfilled") await ended[1].value?.server.stop();
  }
} catch (error) {
  console.error(error);
  totals.failed += 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  - ${name}`).join("\n")}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Ends with the exit code; never rejects. */
function execute(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function vitest() {
  if (!withPeers) skip("suites against MLflow and Spark, and of the Python client (run with --peers, or with CI set)");
  const output = path.join(scratch, "vitest.json");
  const code = await execute(
    ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${output}`],
    { TRIBUTARY_PEERS: withPeers ? "1" : "0" },
  );
  if (!existsSync(output)) throw new Error(`vitest ended with ${code} before it could report.`);
  const report = JSON.parse(readFileSync(output, "utf8"));
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  // A file that does not even load has failed, although it has no test to count.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  totals.failed += broken.length;
  if (code !== 0 && report.numFailedTests + broken.length === 0) totals.failed += 1;
  for (const file of report.testResults)
    for (const test of file.assertionResults)
      if (test.status === "pending" || test.status === "skipped" || test.status === "todo") skip(test.fullName);
}

function skip(name) {
  totals.skipped += 1;
  skipped.push(name);
}

/** A browser and a portal with the filled demo; null where there is no browser. */
async function openPortal() {
  const browser = ensureChromium();
  if (!browser) {
    skip("browser journeys (no Chromium here, and none could be installed)");
    return null;
  }
  await ensureBuilt();
  const server = await startServer();
  try {
    await demoFilled(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { browser, server };
}

async function journeys(portal) {
  if (!portal) return;
  const { browser, server } = portal;
  const env = { TRIBUTARY_CHROMIUM: browser, TRIBUTARY_E2E_URL: server.url, TRIBUTARY_BOOTSTRAP_TOKEN: TOKEN };
  const ended = await Promise.allSettled([
    playwright("own-portal", ["own-portal"], env),
    playwright("journeys", ["journeys", "pages"], env),
  ]);
  // Neither is left running when the other fails.
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** Runs the tests of some projects of playwright.config.ts in a process of their own, and counts them. */
async function playwright(name, projects, env) {
  const output = path.join(scratch, `${name}.json`);
  const code = await execute(
    [
      "node_modules/playwright/cli.js",
      "test",
      ...projects.map((project) => `--project=${project}`),
      "--reporter=list,json",
      // Each clears its folder when it begins.
      `--output=test-results/${name}`,
    ],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: output, TRIBUTARY_PEERS: withPeers ? "1" : "0", ...env },
  );
  if (!existsSync(output)) throw new Error(`Playwright ended with ${code} before it could report on ${name}.`);
  const report = JSON.parse(readFileSync(output, "utf8"));
  totals.passed += report.stats.expected + report.stats.flaky;
  totals.failed += report.stats.unexpected + report.errors.length;
  for (const suite of report.suites) collectSkipped(suite, []);
}

function collectSkipped(suite, path) {
  for (const spec of suite.specs ?? [])
    for (const test of spec.tests) if (test.status === "skipped") skip([...path, suite.title, spec.title].join(" › "));
  for (const child of suite.suites ?? []) collectSkipped(child, [...path, suite.title]);
}

async function startServer() {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: "0",
      TRIBUTARY_DATA: path.join(scratch, "data"),
      TRIBUTARY_BOOTSTRAP_TOKEN: TOKEN,
      TRIBUTARY_DEMO: "1",
      TRIBUTARY_ROLE: "all",
      TRIBUTARY_LOG_LEVEL: "warn",
      DATABASE_URL: "",
    },
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      process.stdout.write(chunk);
      printed += chunk;
      const address = /Tributary is at (\S+)/.exec(printed)?.[1];
      if (address) resolve(address);
    });
    exited.then((code) => reject(new Error(`The server ended with ${code} before it was ready.`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await exited;
    if (code !== 0) {
      console.error(`The server did not stop cleanly: exit code ${code}.`);
      totals.failed += 1;
    }
  };
  return { url, stop };
}

async function demoFilled({ url }) {
  let [said, since] = ["", Date.now()];
  for (;;) {
    const answer = await fetch(`${url}/api/v1/workspaces/flights`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const seeding = answer.ok ? (await answer.json()).seeding : null;
    if (seeding?.state === "ready") return;
    if (seeding?.state === "failed") throw new Error(`The demo workspace could not be filled: ${seeding.message}`);
    const now = JSON.stringify(seeding);
    if (now !== said) [said, since] = [now, Date.now()];
    if (Date.now() - since > STUCK_AFTER_MS)
      throw new Error(`Filling the demo has not gone on for ${STUCK_AFTER_MS / 1000} s, since it said ${said}.`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
