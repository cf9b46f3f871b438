import { ensurePrograms } from "@/scripts/programs.mjs";

/** What tests begin in processes and threads of their own is what the sources say. */
export default async function setup(): Promise<void> {
  await ensurePrograms();
}
