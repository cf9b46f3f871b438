import { prisma } from "@/lib/db/client";

/** Adds a line to a run's log. */
export async function writeRunLog(runId: string, level: "info" | "warn" | "error", message: string): Promise<void> {
  await prisma().runLog.create({ data: { runId, level, message } });
}
