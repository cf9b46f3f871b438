import { afterEach, beforeEach, expect, inject } from "vitest";

// Runs before every test file of the project `integration-postgres`: `openTestDatabase` reads the variable.
const url = inject("postgresUrl");
if (url) {
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_DATABASE_TEMPLATE = inject("postgresTemplate");
}

const unavailable = inject("postgresUnavailable");
if (unavailable) beforeEach((context) => context.skip(unavailable));

// The driver says a deprecation once in a process. The commonest is a query on a connection that still runs another, as of
// statements of one transaction that are started together.
const deprecations: string[] = [];
process.on("warning", (warning) => {
  if (warning.name === "DeprecationWarning" && /[\\/]node_modules[\\/]pg(-pool)?[\\/]/.test(warning.stack ?? ""))
    deprecations.push(warning.stack ?? warning.message);
});
afterEach(() => {
  expect(deprecations.splice(0), "deprecation warnings of the database's driver").toEqual([]);
});
