import { openDatabase } from "@/lib/db/client";

/** Opens the registry for this process. */
export async function start(): Promise<void> {
  await openDatabase();
}
