import { prisma } from "@/lib/db/client";
import { digestOf } from "../record-event";

/** Any fixed number: processes that start at once fill in once. */
const FILL_LOCK = 7_105_226;

/**
 * Computes the digests of definition versions that a migration could not, because SQL writes no canonical JSON. All or none of them;
 * another start finds nothing left to do.
 * @returns how many there were
 */
export async function fillDigests(): Promise<number> {
  return prisma().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FILL_LOCK}::bigint)`;
      const open = await tx.definitionVersion.findMany({
        where: { digest: "" },
        select: { id: true, definition: true },
      });
      for (const { id, definition } of open)
        await tx.definitionVersion.update({ where: { id }, data: { digest: digestOf(definition) } });
      const stages = await tx.stage.findMany({ where: { digest: "" }, select: { id: true, definition: true } });
      for (const { id, definition } of stages)
        await tx.stage.update({ where: { id }, data: { digest: digestOf(definition) } });
      return open.length;
    },
    { timeout: 600_000 },
  );
}
