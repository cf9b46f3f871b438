import type { AbComparison, AbEvaluation, AbTest } from "@/lib/contracts/ab-tests";
import { prisma, type Transaction } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DomainError } from "@/lib/domain/errors";
import { type Principal } from "@/lib/domain/principal";
import { findLabel, findPredictions, type LabelFiles, type TestPredictions } from "./ab-test-predictions";
import { AB_TEST, type AbResult, type AbTestRow, findAbTest, type HashPolicy, policyOf, resultOf } from "./ab-test-row";
import { type AbTestRef, getAbTest } from "./ab-tests";
import { recordEvent } from "../record-event";
import { openScopeFor, systemScope } from "../scope";
import { asJson, definitionOf } from "../stored-json";

/**
 * Asks for a comparison; a worker makes it. Throws `conflict` for a closed test and `invalid` when an arm has not predicted
 * anything yet.
 */
export async function requestEvaluation(principal: Principal, ref: AbTestRef): Promise<AbTest> {
  const scope = await openScopeFor(principal, ref.workspace, "experiment:edit");
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const { id } = await findAbTest(tx, scope, ref.name);
    await lockAbTest(tx, id);
    const row = await findAbTest(tx, scope, ref.name);
    if (row.state === "closed")
      throw new DomainError("conflict", `The A/B test ${ref.name} is closed: its verdict stays as it was.`);
    const predictions = await findPredictions(tx, row);
    if (predictions.found === null) throw notPredicted(row, predictions.missing);
    await queueEvaluation(tx, row.id, resultOf(row));
  });
  return getAbTest(principal, ref);
}

function notPredicted(row: { arms: { name: string; deployment: { name: string } }[] }, missing: string[]): DomainError {
  const arms = row.arms.filter((arm) => missing.includes(arm.name));
  return new DomainError(
    "invalid",
    `Nothing can be compared yet: ${arms.map((arm) => `arm ${arm.name} (deployment ${arm.deployment.name})`).join(" and ")} has predicted no rows. Run its job predict (staging) first.`,
    { issues: arms.map((arm) => ({ path: ["arms", arm.name], message: "No predictions yet." })) },
  );
}

/**
 * After a run of a deployment's job was recorded, in its transaction: compares the running tests of which the deployment is an
 * arm. Await `openQueue()` before.
 */
export async function queueEvaluationsOf(tx: Transaction, jobId: string): Promise<void> {
  const tests = await tx.abTest.findMany({
    where: { state: "running", arms: { some: { deployment: { jobs: { some: { id: jobId } } } } } },
    select: { id: true },
  });
  for (const { id } of tests) await queueIfReady(tx, id);
}

/** Queues a comparison when every arm has predicted something. */
export async function queueIfReady(tx: Transaction, testId: string): Promise<void> {
  await lockAbTest(tx, testId);
  const row = await tx.abTest.findUniqueOrThrow({ where: { id: testId }, include: AB_TEST });
  if ((await findPredictions(tx, row)).found !== null) await queueEvaluation(tx, testId, resultOf(row));
}

/** One that waits already will see everything that is there when it begins. */
async function queueEvaluation(tx: Transaction, testId: string, result: AbResult): Promise<void> {
  if (result.evaluation?.state === "queued") return;
  await setResult(tx, testId, { ...result, evaluation: evaluation("queued") });
  await enqueue(tx, "evaluate", { testId });
}

export async function lockAbTest(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM "AbTest" WHERE "id" = ${id} FOR UPDATE`;
}

function evaluation(state: AbEvaluation["state"], message = ""): AbEvaluation {
  return { state, at: new Date().toISOString(), message };
}

async function setResult(tx: Transaction, id: string, result: AbResult): Promise<void> {
  await tx.abTest.update({ where: { id }, data: { result: asJson(result) } });
}

/** Says that a worker compares now. False when the test was closed or is gone: then there is nothing to do. */
export async function beginEvaluation(testId: string): Promise<boolean> {
  return prisma().$transaction(async (tx) => {
    await lockAbTest(tx, testId);
    const row = await tx.abTest.findUnique({ where: { id: testId } });
    if (!row || row.state === "closed") return false;
    await setResult(tx, testId, { ...resultOf(row), evaluation: evaluation("running") });
    return true;
  });
}

/** Keeps a comparison, or why there is none. A test that was closed meanwhile stays as it is. */
export async function endEvaluation(
  testId: string,
  end: { comparison: AbComparison } | { message: string },
): Promise<void> {
  await prisma().$transaction(async (tx) => {
    await lockAbTest(tx, testId);
    const row = await tx.abTest.findUnique({
      where: { id: testId },
      include: { workspace: { select: { id: true, name: true } } },
    });
    if (!row || row.state === "closed") return;
    const before = resultOf(row);
    const comparison = "comparison" in end ? end.comparison : before.comparison;
    const ended = "comparison" in end ? evaluation("done") : evaluation("failed", end.message);
    await setResult(tx, testId, {
      comparison,
      // Asked for again while this one ran: the next one is still to come.
      evaluation: before.evaluation?.state === "queued" ? before.evaluation : ended,
    });
    await recordEvent(tx, systemScope(row.workspace), {
      action: "comparison" in end ? "ab_test.evaluate" : "ab_test.fail",
      object: `ab_test/${row.name}`,
      before: { verdict: before.comparison?.verdict ?? null },
      after:
        "comparison" in end
          ? {
              verdict: end.comparison.verdict,
              sentence: end.comparison.sentence,
              rows: Object.fromEntries(end.comparison.arms.map((arm) => [arm.name, arm.n])),
              datasets: end.comparison.arms.map(({ dataset, versions }) => ({ dataset, versions })),
              label: end.comparison.label,
            }
          : { message: end.message },
    });
  });
}

/** Everything that a comparison of a test's arms needs. Throws `invalid` when an arm has not predicted anything, or nothing has the label. */
export async function loadComparison(testId: string): Promise<{
  test: AbTestRow;
  predictions: TestPredictions;
  policy: HashPolicy;
  entity: EntityDefinition;
  label: LabelFiles;
}> {
  const test = await prisma().abTest.findUniqueOrThrow({ where: { id: testId }, include: AB_TEST });
  const { found: predictions, ...rest } = await findPredictions(prisma(), test);
  if (!predictions)
    throw new DomainError(
      "invalid",
      `No predictions of ${"missing" in rest ? rest.missing.join(", ") : "an arm"} yet.`,
    );
  const [name] = splitColumn(test.output);
  const entity = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: test.workspaceId, name } },
    select: { definition: true },
  });
  const label = await findLabel(prisma(), test.workspaceId, test.label);
  return { test, predictions, policy: policyOf(test), entity: definitionOf("Entity", entity), label };
}
