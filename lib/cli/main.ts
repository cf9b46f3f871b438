import { DomainError, type Issue } from "@/lib/domain/errors";
import { type Arguments, parseArguments, USAGE, UsageError } from "./arguments";
import { inspectFile } from "./inspect-file";
import { administer, isSubject } from "./people";
import { paintFor, printIssue, printPlan } from "./print-plan";
import { readSpecFiles, withSchema, writeSpecFiles } from "./spec-files";
import { openSpecRegistry, type SpecRegistry } from "./spec-registry";
import { testStages } from "./test-stages";

/** Runs a command and answers the exit code: 0 for success, 1 for errors and failed tests, 2 for a wrong command line, 3 for differences when asked. */
export async function main(argv: string[]): Promise<number> {
  try {
    const [subject, ...words] = argv;
    if (isSubject(subject) && !words.includes("--help") && !words.includes("-h"))
      return await administer(subject, words);
    const given = isSubject(subject) ? null : parseArguments(argv);
    if (given) return await run(given);
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function run(given: Arguments): Promise<number> {
  let registry: SpecRegistry | undefined;
  try {
    if (given.command === "test") return await testStages(given);
    if (given.command === "inspect") return await inspectFile(given);
    const documents = given.command === "export" ? [] : await readSpecFiles(given.directory);
    registry = await openSpecRegistry(given);
    if (given.command === "export") return await exportTo(registry, given);
    const plan = await registry[given.command]({ workspace: given.workspace, documents, prune: given.prune });
    console.log(given.json ? JSON.stringify(plan, null, 2) : printPlan(plan, paintFor(process.stdout)));
    return given.detailedExitCode && given.command === "plan" && plan.differences.length > 0 ? 3 : 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    report(error, given);
    return 1;
  } finally {
    await registry?.close();
  }
}

async function exportTo(registry: SpecRegistry, { directory, workspace, json }: Arguments): Promise<number> {
  const { files } = await registry.export(workspace as string);
  const written = await writeSpecFiles(directory, withSchema(files, registry.portal));
  console.log(json ? JSON.stringify({ files: written }, null, 2) : written.map((name) => `wrote ${name}`).join("\n"));
  return 0;
}

const NOTHING: Partial<Record<Arguments["command"], string>> = {
  test: "Nothing was tested.",
  inspect: "Nothing can be proposed.",
};

function report(error: DomainError, { json, command }: Arguments): void {
  if (json) {
    console.log(JSON.stringify({ code: error.code, detail: error.message, ...error.context }, null, 2));
    return;
  }
  const issues = (error.context.issues ?? []) as Issue[];
  if (issues.length === 0) {
    console.error(error.message);
    return;
  }
  const paint = paintFor(process.stderr);
  for (const issue of issues) console.error(`${paint("error", "red")} ${printIssue(issue)}`);
  console.error(
    `\n${issues.length === 1 ? "1 error" : `${issues.length} errors`}. ${NOTHING[command] ?? "Nothing was applied."}`,
  );
}
