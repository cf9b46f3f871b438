import { defineConfig } from "playwright/test";
import { findChromium } from "./scripts/chromium.mjs";

/** Journeys that start a portal of their own (support/own-server.ts). */
const OWN_PORTAL =
  /(add-data|bad-input|first-start|lineage-large|move-in|people|python-client|real-data|reproduction|requests)\.spec\.ts$/;

/** Every page, looked at and not changed: beside the journeys, because it takes as long as all of them. */
const PAGES = "accessibility.spec.ts";

/** Every page with hostile texts, as two people: ten minutes and more, so that it is asked for (`--project=hostile`) and not part of `npm test`. */
const HOSTILE = "hostile-text.spec.ts";

/** The server is started by whoever starts the tests; TRIBUTARY_E2E_URL says where it is. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  // One that writes to the shared portal, and one that only looks at its pages or is on portals of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    baseURL: process.env.TRIBUTARY_E2E_URL ?? "http://127.0.0.1:3000",
    viewport: { width: 1440, height: 900 },
    // Animations only make screenshots and clicks uncertain; the portal honours the wish.
    contextOptions: { reducedMotion: "reduce" },
    permissions: ["clipboard-read", "clipboard-write"],
    screenshot: "only-on-failure",
    // The trace of a failed test has each step's page as a document; a film of every test besides costs a seventh of the run.
    trace: { mode: "retain-on-failure", screenshots: false },
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
    },
  },
  projects: [
    { name: "portal", testMatch: "support/portal-ready.ts" },
    {
      name: "journeys",
      testIgnore: ["screenshots.spec.ts", PAGES, HOSTILE, OWN_PORTAL],
      workers: 1,
      dependencies: ["portal"],
    },
    { name: "pages", testMatch: PAGES, workers: 1, dependencies: ["portal"] },
    { name: "own-portal", testMatch: OWN_PORTAL, workers: 1 },
    { name: "hostile", testMatch: HOSTILE, workers: 1, dependencies: ["portal"] },
    { name: "screenshots", testMatch: "screenshots.spec.ts", workers: 1, dependencies: ["portal"] },
  ],
});
