import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import type { SpecIndex } from "@/lib/domain/specs/spec-index";
import type { StageTestResult, TestDifference } from "@/lib/domain/stage-tests/stage-test-result";
import { runStageTest } from "@/lib/engines/local/stage-tests/run-stage-test";
import type { TestCase } from "./test-report";

/** Runs the tests of the stages in spec files, of one of them or of all. Throws `not_found` without that stage. */
export async function testStages(index: SpecIndex, directory: string, stage?: string): Promise<StageTestResult[]> {
  const stages = index.all("Stage");
  if (stage !== undefined && !stages.some((one) => one.name === stage)) {
    const near = nearest(
      stage,
      stages.map((one) => one.name),
    );
    throw new DomainError(
      "not_found",
      `There is no stage ${stage} in ${directory}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  const scratch = await mkdtemp(path.join(tmpdir(), "tributary-test-"));
  const results: StageTestResult[] = [];
  try {
    const surroundings = {
      entity: (name: string) => index.get("Entity", name),
      typeOf: (column: string) => index.typeOf(column),
    };
    for (const one of stages)
      for (const test of stage === undefined || one.name === stage ? (one.tests ?? []) : [])
        results.push(
          await runStageTest({ dataDirectory: scratch, threads: 1, memoryLimit: "512MB" }, one, test, surroundings),
        );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return results;
}

export function stageCase({ stage, test, passed, seconds, error, differences }: StageTestResult): TestCase {
  return {
    subject: stage,
    name: test,
    outcome: passed ? "passed" : "failed",
    seconds,
    lines: [...(error === null ? [] : [error]), ...differences.map(printDifference)],
  };
}

function printDifference({ row, column, expected, found }: TestDifference): string {
  if (column !== null) return `${row}: ${column} expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  return found === null
    ? `${row}: missing, expected ${JSON.stringify(expected)}`
    : `${row}: unexpected row, found ${JSON.stringify(found)}`;
}
