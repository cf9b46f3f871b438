import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase } from "@/test/open-test-database";
import { closeDatabase, database } from "./client";
import { tryLease } from "./lease";

beforeAll(async () => {
  if (process.env.TEST_DATABASE_URL) process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  await openTestDatabase();
});
afterAll(closeDatabase);

it("is held by one process at a time, and comes back when it is released", async () => {
  const first = await tryLease("test");
  expect(first).not.toBeNull();
  // The embedded database has one process, which may take its own lease twice.
  const second = await tryLease("test");
  expect(second === null).toBe(database().kind === "server");
  expect(await tryLease("another")).not.toBeNull();
  await first?.release();
  expect(await tryLease("test")).not.toBeNull();
});
