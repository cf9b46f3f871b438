import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import type { StageTestResult } from "@/lib/domain/stage-tests/stage-test-result";
import { runStageTest } from "@/lib/engines/local/stage-tests/run-stage-test";
import type { Arguments } from "./arguments";
import { paintFor } from "./print-plan";
import { printTests, writeJunit } from "./print-tests";
import { readValid } from "./validate-specs";

/** Runs the tests of the stages in spec files, without a server or a registry. Answers 1 when one fails. Throws as `plan` does. */
export async function testStages({ words: [directory = ""], stage, json, junit }: Arguments): Promise<number> {
  const index = await readValid(directory);
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
  const failed = results.filter(({ passed }) => !passed).length;
  if (junit !== undefined) await writeFile(junit, writeJunit(results));
  console.log(
    json
      ? JSON.stringify({ passed: results.length - failed, failed, results }, null, 2)
      : printTests(results, paintFor(process.stdout)),
  );
  return failed > 0 ? 1 : 0;
}
