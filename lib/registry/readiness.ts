import { fullDisk } from "@/lib/config/disk-space";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";

/** Resolves when the registry's database answers and there is room to write. Throws `unavailable` otherwise. */
export async function assertReady(): Promise<void> {
  const full = fullDisk();
  if (full) throw new DomainError("unavailable", full);
  try {
    await prisma().$queryRaw`SELECT 1`;
  } catch {
    throw new DomainError("unavailable", "The registry's database does not answer yet. Try again in a moment.");
  }
}
