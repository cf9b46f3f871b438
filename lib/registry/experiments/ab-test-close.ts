import type { z } from "zod";
import type { AbTest, closeAbTest as contract } from "@/lib/contracts/ab-tests";
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { lockAbTest } from "./ab-test-evaluation";
import { promotionOf } from "./ab-test-promotion";
import { type AbTestRow, findAbTest, resultOf } from "./ab-test-row";
import { type AbTestRef, getAbTest } from "./ab-tests";
import { insertChange } from "../changes/insert";
import { lockExperiment, recordDecision } from "./experiments";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";

/**
 * Ends a test in one transaction: records the winner, decides its experiment and opens the change request for the winner's
 * version, or does none of it. Where a request cannot be opened now, the test closes all the same and says why; its page leads
 * to the filled-in form. Throws `conflict` when it is closed or its experiment was decided, `invalid` for a winner that is no arm.
 */
export async function closeAbTest(
  principal: Principal,
  ref: AbTestRef,
  input: z.output<(typeof contract)["body"]>,
): Promise<AbTest> {
  const scope = await openScopeFor(principal, ref.workspace, "experiment:edit");
  await prisma().$transaction(async (tx) => {
    const { id } = await findAbTest(tx, scope, ref.name);
    await lockAbTest(tx, id);
    await close(tx, scope, await findAbTest(tx, scope, ref.name), input);
  });
  return getAbTest(principal, ref);
}

async function close(
  tx: Transaction,
  scope: Scope,
  row: AbTestRow,
  { winner, experiment, promote }: z.output<(typeof contract)["body"]>,
): Promise<void> {
  if (row.state === "closed")
    throw new DomainError(
      "conflict",
      `The A/B test ${row.name} is closed already${row.winner ? `: ${row.winner} won` : ""}.`,
    );
  const arm = row.arms.find((candidate) => candidate.name === winner);
  if (winner !== null && !arm)
    throw new DomainError(
      "invalid",
      `${winner} is no arm of ${row.name}. Its arms are ${row.arms.map(({ name }) => name).join(", ")}.`,
      { issues: [{ path: ["winner"], message: "Not an arm of this test.", found: winner }] },
    );
  if (experiment) await decide(tx, scope, row, experiment);
  const change = arm && promote ? await propose(tx, scope, row, arm) : null;
  const { comparison } = resultOf(row);
  await tx.abTest.update({
    where: { id: row.id },
    data: {
      state: "closed",
      winner,
      changeId: change && "id" in change ? change.id : null,
      closedAt: new Date(),
      updatedBy: scope.actor.id,
    },
  });
  await recordEvent(tx, scope, {
    action: "ab_test.close",
    object: `ab_test/${row.name}`,
    before: { state: row.state, verdict: comparison?.verdict ?? null },
    after: {
      state: "closed",
      winner,
      sentence: comparison?.sentence ?? null,
      change: change && "number" in change ? change.number : null,
      ...(change && "reason" in change && { notProposed: change.reason }),
    },
  });
}

async function decide(
  tx: Transaction,
  scope: Scope,
  { name, experiment }: AbTestRow,
  decision: Parameters<typeof recordDecision>[3],
): Promise<void> {
  if (!experiment)
    throw new DomainError("invalid", `${name} tries no experiment, so there is none to decide.`, {
      issues: [{ path: ["experiment"], message: "The test has no experiment." }],
    });
  await lockExperiment(tx, scope, experiment.number);
  await recordDecision(tx, scope, await tx.experiment.findUniqueOrThrow({ where: { id: experiment.id } }), decision);
}

/** Opens the request, or says why it cannot be opened now. */
async function propose(
  tx: Transaction,
  scope: Scope,
  row: AbTestRow,
  arm: AbTestRow["arms"][number],
): Promise<{ id: string; number: number } | { reason: string }> {
  const { comparison } = resultOf(row);
  const { feature, version, environment, allowed, reason } = await promotionOf(
    tx,
    scope,
    row.output,
    arm.deployment,
    comparison?.sentence ?? "",
  );
  if (!allowed || version === null) return { reason: reason ?? "" };
  try {
    return await insertChange(tx, scope, {
      workspace: scope.workspace.name,
      feature,
      version,
      environment,
      description: `Arm ${arm.name} (deployment ${arm.deployment.name}) won the A/B test ${row.name}. ${comparison?.sentence ?? "It was chosen without a comparison."}`,
    });
  } catch (error) {
    // Refused before anything of it was written: the test closes without a request.
    if (error instanceof DomainError) return { reason: error.message };
    throw error;
  }
}
