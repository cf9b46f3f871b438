import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plans/instances";
import type { ClaimedRun } from "./claims";

/**
 * Writes down what a run turned out to do, and the stages that it runs in the place of those it was queued with.
 * Throws `conflict` when the attempt no longer holds the run.
 */
export async function beginRun(
  { id, attempt, number }: ClaimedRun,
  data: Omit<Prisma.RunUncheckedUpdateManyInput, "state">,
  instances: Iterable<Pick<Instance, "key" | "stage">>,
): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({ where: { id, attempt, state: "running" }, data });
    if (count === 0) throw new DomainError("conflict", `Attempt ${attempt} no longer holds run ${number}.`);
    await tx.runStage.deleteMany({ where: { runId: id } });
    await tx.runStage.createMany({
      data: [...instances].map(({ key, stage }, position) => ({
        runId: id,
        position,
        instance: key,
        stage,
        state: "pending",
      })),
    });
  });
}
