import { type ParsedSpecs, parseSpecs } from "@/lib/contracts/spec-documents";
import { DomainError } from "@/lib/domain/errors";
import { checkSpecs } from "@/lib/domain/specs/check";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { parseStages } from "@/lib/sql/parse-stages";
import type { Arguments } from "./arguments";
import { paintFor, printIssue } from "./print-plan";
import { readSpecFiles } from "./spec-files";

/** The spec files under a folder, checked by themselves but for their statements. Throws `invalid` with every issue. */
export async function readValid(directory: string): Promise<SpecIndex> {
  return check(parseSpecs(await readSpecFiles(directory))).index;
}

/** Checks spec files without a server or a registry: what they say, what they refer to and their statements. Throws as `plan` does. */
export async function validateSpecs({
  words: [directory = ""],
  json,
}: Pick<Arguments, "words" | "json">): Promise<number> {
  const parsed = parseSpecs(await readSpecFiles(directory));
  const { warnings } = check(parsed, await parseStages(parsed.definitions));
  const documents = parsed.definitions.length;
  if (json) {
    console.log(JSON.stringify({ documents, warnings }, null, 2));
    return 0;
  }
  const paint = paintFor(process.stderr);
  for (const warning of warnings) console.error(`${paint("warning", "yellow")} ${printIssue(warning)}`);
  console.log(`${documents === 1 ? "One document is" : `${documents} documents are`} valid.`);
  return 0;
}

function check(parsed: ParsedSpecs, trees?: ReadonlyMap<string, SerializedSql>) {
  const { errors, warnings } = checkSpecs(parsed.definitions, parsed.unreadable, trees);
  const issues = [...parsed.issues, ...errors];
  if (issues.length > 0) throw new DomainError("invalid", "The spec files have errors.", { issues });
  return { index: new SpecIndex(parsed.definitions, []), warnings };
}
