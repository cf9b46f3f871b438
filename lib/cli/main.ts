import { createInterface } from "node:readline/promises";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import type { SpecPlan } from "@/lib/contracts/specs";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { targeted } from "@/lib/domain/specs/targets";
import { type Arguments, isSubject, parseArguments, USAGE, UsageError } from "./arguments";
import { kindOf, listObjects, showObject } from "./declared-objects";
import { type PlanFile, readPlanFile, writePlanFile } from "./plan-file";
import { paintFor, printIssue, printPlan } from "./print-plan";
import { readSpecFiles, withSchema, writeSpecFiles } from "./spec-files";
import type { SpecRegistry } from "./spec-registry";

/** Runs a command and answers the exit code: 0 for success, 1 for errors and failed tests, 2 for a wrong command line, 3 for differences when asked. */
export async function main(argv: string[]): Promise<number> {
  try {
    const [subject, ...words] = argv;
    if (isSubject(subject) && !words.includes("--help") && !words.includes("-h"))
      switch (subject) {
        case "connections":
          return await (await import("./connections")).administerConnections(words);
        case "training-datasets":
          return await (await import("./training-datasets")).keepTrainingDatasets(words);
        case "reproduce":
          return await (await import("./reproduce")).reproduce(words);
        default:
          return await (await import("./people")).administer(subject, words);
      }
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

type Work = (given: Arguments) => Promise<number>;

/** Commands that need no registry. Each is loaded when it is asked for: an engine and a database take longer to load than most commands. */
const ALONE: Partial<Record<Arguments["command"], () => Promise<Work>>> = {
  test: async () => (await import("./test-specs")).testSpecs,
  inspect: async () => (await import("./inspect-file")).inspectFile,
  import: async () => (await import("./import-feast")).importFeast,
  validate: async () => (await import("./validate-specs")).validateSpecs,
  run: async () => (await import("./run-pipeline")).runPipeline,
};

/** Commands on a registry, wherever it is. */
const ON_REGISTRY: Partial<
  Record<Arguments["command"], (registry: SpecRegistry, given: Arguments) => Promise<number>>
> = { plan, apply, destroy, export: exportTo, list: listObjects, show: showObject };

async function run(given: Arguments): Promise<number> {
  let registry: SpecRegistry | undefined;
  try {
    const alone = await ALONE[given.command]?.();
    if (alone) return await alone(given);
    registry = await (await import("./spec-registry")).openSpecRegistry(given);
    return (await ON_REGISTRY[given.command]?.(registry, given)) ?? 2;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    report(error, given);
    return 1;
  } finally {
    await registry?.close();
  }
}

type Documents = PlanFile["documents"];

/** The spec files under a folder; of targets, the definitions that they need. */
async function documentsOf({ words: [directory = ""], targets }: Arguments): Promise<Documents> {
  const files = await readSpecFiles(directory);
  if (targets.length === 0) return files;
  const parsed = parseSpecs(files);
  if (parsed.issues.length > 0)
    throw new DomainError("invalid", "The spec files have errors.", { issues: parsed.issues });
  const definitions = parsed.definitions.map(({ definition }) => definition);
  const wanted = targets.map((text) => {
    const [kind = "", ...name] = text.split("/");
    const target = { kind: kindOf(kind), name: name.join("/") };
    if (!definitions.some((one) => one.kind === target.kind && one.name === target.name))
      throw new DomainError(
        "not_found",
        `The files have no ${target.kind} ${target.name}, which --target ${text} names.`,
      );
    return target;
  });
  return targeted(definitions, wanted).map((one) => ({ ...one }));
}

async function plan(registry: SpecRegistry, given: Arguments): Promise<number> {
  const { workspace, prune, out } = given;
  const documents = await documentsOf(given);
  const planned = await registry.plan({ workspace, documents, prune });
  if (out !== undefined) await writePlanFile(out, planned, { documents, prune });
  print(planned, given);
  if (out !== undefined && !given.json) console.log(`Written to ${out}: tributary apply ${out}`);
  return given.detailedExitCode && planned.differences.length > 0 ? 3 : 0;
}

async function apply(registry: SpecRegistry, given: Arguments): Promise<number> {
  const planned = await readPlanFile(given.words[0] ?? "");
  if (planned && (given.prune || given.targets.length > 0))
    throw new DomainError("invalid", "--prune and --target were decided when the plan was made: plan again with them.");
  const request = planned
    ? { workspace: planned.workspace, documents: planned.documents, prune: planned.prune, expected: planned.digest }
    : { workspace: given.workspace, documents: await documentsOf(given), prune: given.prune };
  return agreeAndApply(registry, request, given, !planned && isTerminal(given));
}

async function destroy(registry: SpecRegistry, given: Arguments): Promise<number> {
  if (!given.yes && !isTerminal(given))
    throw new DomainError("invalid", `destroy retires all that is declared in ${given.workspace}: say --yes.`);
  return agreeAndApply(registry, { workspace: given.workspace, documents: [], prune: true }, given, !given.yes);
}

/** Applies. Where somebody is asked, what was shown is applied and nothing else. */
async function agreeAndApply(
  registry: SpecRegistry,
  request: Parameters<SpecRegistry["apply"]>[0],
  given: Arguments,
  ask: boolean,
): Promise<number> {
  let { expected } = request;
  if (ask) {
    const shown = await registry.plan(request);
    print(shown, given);
    if (shown.differences.length === 0) return 0;
    if (!(await agrees())) {
      console.error("Nothing was applied.");
      return 1;
    }
    expected = shown.digest;
  }
  print(await registry.apply({ ...request, ...(expected !== undefined && { expected }) }), given);
  return 0;
}

const isTerminal = ({ yes, json }: Arguments) =>
  !yes && !json && process.stdin.isTTY === true && process.stdout.isTTY === true;

async function agrees(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question("\nApply this? Only yes does: ")).trim() === "yes";
  } finally {
    terminal.close();
  }
}

function print(planned: SpecPlan, { json }: Arguments): void {
  console.log(json ? JSON.stringify(planned, null, 2) : printPlan(planned, paintFor(process.stdout)));
}

async function exportTo(
  registry: SpecRegistry,
  { words: [directory = ""], workspace, json }: Arguments,
): Promise<number> {
  const { files } = await registry.export(workspace as string);
  const written = await writeSpecFiles(directory, withSchema(files, registry.portal));
  console.log(json ? JSON.stringify({ files: written }, null, 2) : written.map((name) => `wrote ${name}`).join("\n"));
  return 0;
}

const NOTHING: Partial<Record<Arguments["command"], string>> = {
  test: "Nothing was tested.",
  inspect: "Nothing can be proposed.",
  import: "Nothing was imported.",
  validate: "These documents cannot be applied.",
  run: "Nothing was run.",
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
