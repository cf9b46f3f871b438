import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium.mjs";

/** The server is started by whoever starts the tests; TRIBUTARY_E2E_URL says where it is. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  // One server with one embedded database, and journeys that write to it.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  globalSetup: "./e2e/support/wait-for-portal.ts",
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
    { name: "journeys", testIgnore: "screenshots.spec.ts" },
    { name: "screenshots", testMatch: "screenshots.spec.ts" },
  ],
});
