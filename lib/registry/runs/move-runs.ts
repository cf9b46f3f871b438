import type { Transaction } from "@/lib/db/client";
import type { Prisma, Run } from "@/lib/db/generated/client";
import { type AttemptTransition, RUN_TRANSITIONS, type RunTransition } from "@/lib/domain/runs/run-states";

/** What only the attempt that holds a run may do names the attempt; all else names runs. */
type Moved<Name extends RunTransition> = Name extends AttemptTransition
  ? { id: string; attempt: number }
  : { id: string | { in: string[] } };

/**
 * Moves runs from one state to another: the only place that writes a run's state. Runs that are not in the state that the
 * transition begins in, or that another attempt holds, stay as they are.
 * @param data what changes with the state
 * @returns those that moved
 */
export function moveRuns<Name extends RunTransition>(
  tx: Transaction,
  transition: Name,
  { id, ...attempt }: Moved<Name>,
  data: Omit<Prisma.RunUncheckedUpdateManyInput, "state">,
): Promise<Run[]> {
  const { from, to } = RUN_TRANSITIONS[transition];
  return tx.run.updateManyAndReturn({ where: { id, ...attempt, state: from }, data: { ...data, state: to } });
}
