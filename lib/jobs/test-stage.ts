import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import type { StageTestResult } from "@/lib/domain/stage-tests/stage-test-result";
import { surroundingsOf } from "@/lib/domain/stage-tests/test-columns";
import type { ComputeEngine } from "@/lib/engines/engine";
import { fewAtATime } from "@/lib/engines/few-at-a-time";
import { loadStageTests } from "@/lib/registry/stages/tests";

/** A test is of a few rows: one that takes longer than this does not end. */
const LONGEST_MS = 60_000;

/**
 * Runs the tests of a declared stage. Throws `not_found` for a stage that is not, `invalid` when they take too long or too much, and
 * `too_many` when the workspace keeps the engine busy.
 */
export async function testStage(
  principal: Principal,
  workspace: string,
  name: string,
  engine: Pick<ComputeEngine, "testStage">,
): Promise<{ passed: number; failed: number; results: StageTestResult[] }> {
  const { stage, surroundings } = await loadStageTests(principal, workspace, name);
  const signal = AbortSignal.timeout(LONGEST_MS);
  const results = await fewAtATime(workspace, () =>
    engine.testStage(stage, surroundingsOf(stage, surroundings), signal),
  ).catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== "canceled") throw error;
    throw new DomainError(
      "invalid",
      `The tests of stage ${name} took longer than ${LONGEST_MS / 1000} seconds. Give them fewer rows, or run them with \`tributary test\`.`,
    );
  });
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, results };
}
