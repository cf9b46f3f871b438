import { beforeEach, inject } from "vitest";

// Runs before every test file of the project `integration-postgres`: `openTestDatabase` reads the variable.
const url = inject("postgresUrl");
if (url) {
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_DATABASE_TEMPLATE = inject("postgresTemplate");
}

const unavailable = inject("postgresUnavailable");
if (unavailable) beforeEach((context) => context.skip(unavailable));
