import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { closeOnlineStore } from "@/lib/online/open-online-store";

/** What a process keeps for as long as it lives, by the names that it is kept under. */
const PREFIX = "tributary";
/** Knows nothing of any test. */
const KEPT = "tributarySqlParser";

const holder = globalThis as typeof globalThis & Record<string, unknown> & { tributaryEngine?: { close(): void } };
let variables: NodeJS.ProcessEnv;

// Runs before every file of a project whose files share a process: what one of them opens or sets is gone before the next begins.
beforeAll(() => {
  variables = { ...process.env };
});
afterAll(async () => {
  await closeOnlineStore();
  await closeDatabase();
  holder.tributaryEngine?.close();
  for (const name of Object.keys(holder))
    if (name.startsWith(PREFIX) && name !== KEPT) Reflect.deleteProperty(holder, name);
  process.env = variables;
});
