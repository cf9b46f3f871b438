import { writeFile } from "node:fs/promises";
import type { Arguments } from "./arguments";
import { paintFor } from "./print-plan";
import { printTests, writeJunit } from "./test-report";
import { stageCase, testStages } from "./test-stages";
import { readValid } from "./validate-specs";

/**
 * Runs the tests of the stages in spec files, without a server or a registry; with `--integration` also what the files declare, in a
 * workspace that is thrown away. Answers 1 when something fails. Throws as `plan` does.
 */
export async function testSpecs(given: Arguments): Promise<number> {
  const {
    words: [directory = ""],
    stage,
    json,
    junit,
    integration,
  } = given;
  const index = await readValid(directory);
  const results = await testStages(index, directory, stage);
  const wholes = integration ? await (await import("./test-integration")).testIntegration(index, given) : [];
  const cases = [...results.map(stageCase), ...wholes];
  const failed = cases.filter(({ outcome }) => outcome === "failed").length;
  const passed = cases.filter(({ outcome }) => outcome === "passed").length;
  if (junit !== undefined) await writeFile(junit, writeJunit(cases));
  if (json)
    console.log(JSON.stringify({ passed, failed, results, ...(integration && { integration: wholes }) }, null, 2));
  else console.log(cases.length === 0 ? "No stage has tests." : printTests(cases, paintFor(process.stdout)));
  return failed > 0 ? 1 : 0;
}
