import { parseSpecs } from "@/lib/contracts/spec-documents";
import { DomainError } from "@/lib/domain/errors";
import { checkSpecs } from "@/lib/domain/specs/check";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import { parseStages } from "@/lib/sql/parse-stages";
import type { Arguments } from "./arguments";
import { paintFor, printIssue } from "./print-plan";
import { readSpecFiles } from "./spec-files";

/** The spec files under a folder, checked by themselves. Throws `invalid` with every issue. */
export async function readValid(directory: string): Promise<SpecIndex> {
  return (await check(directory)).index;
}

/** Checks spec files without a server or a registry: what they say, what they refer to and their statements. Throws as `plan` does. */
export async function validateSpecs({
  words: [directory = ""],
  json,
}: Pick<Arguments, "words" | "json">): Promise<number> {
  const { documents, warnings } = await check(directory);
  if (json) {
    console.log(JSON.stringify({ documents, warnings }, null, 2));
    return 0;
  }
  const paint = paintFor(process.stderr);
  for (const warning of warnings) console.error(`${paint("warning", "yellow")} ${printIssue(warning)}`);
  console.log(`${documents === 1 ? "One document is" : `${documents} documents are`} valid.`);
  return 0;
}

async function check(directory: string) {
  const parsed = parseSpecs(await readSpecFiles(directory));
  const trees = await parseStages(parsed.definitions);
  const { errors, warnings } = checkSpecs(parsed.definitions, parsed.unreadable, trees);
  const issues = [...parsed.issues, ...errors];
  if (issues.length > 0) throw new DomainError("invalid", "The spec files have errors.", { issues });
  return { index: new SpecIndex(parsed.definitions, []), documents: parsed.definitions.length, warnings };
}
