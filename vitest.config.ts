import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") };

/** Milliseconds: no test judges time, and a busy machine takes ten times as long as a quiet one. */
const PATIENCE = 300_000;

export default defineConfig({
  resolve: { alias },
  test: {
    // Two cores are the smallest machine we promise to run on; a third of what runs waits for processes and timers.
    maxWorkers: 3,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["lib/{domain,contracts,config,http,client,auth,mlflow}/**/*.test.ts", "components/**/*.test.ts"],
          // Pure functions leave nothing behind for the next file, and half of the time would go into loading them anew.
          isolate: false,
          // Properties take as long as a busy machine lets them; no test judges time.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["lib/{registry,engines,online,serving,notify,sql,jobs,demo}/**/*.test.ts"],
          // Tables of a Postgres server, which only the last project has.
          exclude: ["lib/jobs/table-source.test.ts"],
          // Each leaves the process as it found it, and a second of each would go into loading what the last one loaded.
          isolate: false,
          globalSetup: ["test/programs-setup.ts", "test/snapshot-setup.ts"],
          setupFiles: ["test/leave-no-trace.ts"],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
        },
      },
      {
        // What sets up a process: its settings, modules in the place of others, threads, processes that are killed.
        resolve: { alias },
        test: {
          name: "processes",
          include: ["lib/{db,server,cli}/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["test/peers/**"],
          globalSetup: ["test/programs-setup.ts", "test/snapshot-setup.ts"],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
        },
      },
      {
        // The registry's tests once more, on a Postgres server. Where none can be had, every test is skipped by name.
        resolve: { alias },
        test: {
          name: "integration-postgres",
          include: ["lib/{db,registry,notify,jobs,demo}/**/*.test.ts"],
          exclude: [
            // What a variant computes in a run is the same wherever the registry is.
            "lib/jobs/run/**",
            // Of the embedded database, which they open themselves, of its folder, or of none.
            "lib/db/{embedded-door,folder-lock,one-ahead,people-migration}.test.ts",
            "lib/jobs/reproductions/compare-results.test.ts",
          ],
          isolate: false,
          globalSetup: ["test/programs-setup.ts", "test/postgres-setup.ts"],
          setupFiles: ["test/use-postgres.ts", "test/leave-no-trace.ts"],
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
        },
      },
      // Against programs of others, which are installed for it: by `npm test -- --peers`, and where CI is set.
      ...(process.env.TRIBUTARY_PEERS === "1"
        ? [
            {
              resolve: { alias },
              test: {
                name: "peers",
                include: ["test/peers/**/*.test.ts"],
                globalSetup: ["test/programs-setup.ts", "test/snapshot-setup.ts", "test/peers/python-setup.ts"],
                testTimeout: PATIENCE,
                hookTimeout: PATIENCE,
              },
            },
          ]
        : []),
    ],
  },
});
