import path from "node:path";
import { environment } from "@/lib/config/environment";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import type { StageTestResult } from "@/lib/domain/stage-tests/stage-test-result";
import { runStageTest } from "@/lib/engines/local/stage-tests/run-stage-test";
import { loadStageTests } from "@/lib/registry/stages/tests";

/** A test is of a few rows: one that takes longer than this does not end. */
const LONGEST_MS = 60_000;

/** Runs the tests of a declared stage. Throws `not_found` for a stage that is not, `unavailable` when they take too long. */
export async function testStage(
  principal: Principal,
  workspace: string,
  name: string,
): Promise<{ passed: number; failed: number; results: StageTestResult[] }> {
  const { stage, surroundings } = await loadStageTests(principal, workspace, name);
  const { TRIBUTARY_DATA, TRIBUTARY_ENGINE_MEMORY } = environment();
  const signal = AbortSignal.timeout(LONGEST_MS);
  const options = {
    dataDirectory: path.join(TRIBUTARY_DATA, "scratch"),
    threads: 1,
    memoryLimit: TRIBUTARY_ENGINE_MEMORY,
    signal,
  };
  const results: StageTestResult[] = [];
  try {
    for (const test of stage.tests ?? []) results.push(await runStageTest(options, stage, test, surroundings));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "canceled") throw error;
    throw new DomainError(
      "unavailable",
      `The tests of stage ${name} took longer than ${LONGEST_MS / 1000} seconds. Give them fewer rows, or run them with \`tributary test\`.`,
    );
  }
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, results };
}
