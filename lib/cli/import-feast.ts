import { readFile } from "node:fs/promises";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import { writeSpec, writeSpecFiles as documentFiles } from "@/lib/contracts/spec-documents-write";
import { DomainError } from "@/lib/domain/errors";
import { checkSpecs } from "@/lib/domain/specs/check";
import type { Arguments } from "./arguments";
import { convertRegistry } from "./feast/convert-registry";
import { readRegistryDump } from "./feast/registry-dump";
import { paintFor } from "./print-plan";
import { writeSpecFiles } from "./spec-files";

/** Prints a Feast registry as spec documents, or writes them to --out, and says on standard error what is not as it was. Throws `invalid`. */
export async function importFeast({
  words: [, file = ""],
  workspace,
  project,
  connection,
  out,
  json,
}: Pick<Arguments, "words" | "workspace" | "project" | "connection" | "out" | "json">): Promise<number> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new DomainError("not_found", `There is no file ${file}. Write it with \`feast registry-dump > ${file}\`.`);
  });
  const { definitions, changed, leftOut } = convertRegistry(readRegistryDump(text), { workspace, project, connection });
  const documents = definitions.map(writeSpec).join("---\n");
  // Names of two objects of Feast may be one here.
  const parsed = parseSpecs(documents);
  const issues = [...parsed.issues, ...checkSpecs(parsed.definitions, parsed.unreadable, new Map()).errors];
  if (issues.length > 0) throw new DomainError("invalid", "The registry cannot be taken as it is.", { issues });
  const written = out === undefined ? null : await writeSpecFiles(out, documentFiles(definitions));
  if (json) {
    console.log(JSON.stringify({ documents: written ?? documents, changed, leftOut }, null, 2));
    return 0;
  }
  const paint = paintFor(process.stderr);
  for (const sentence of changed) console.error(`${paint("changed", "yellow")} ${sentence}`);
  for (const sentence of leftOut) console.error(`${paint("left out", "red")} ${sentence}`);
  console.log(written === null ? documents : written.map((name) => `wrote ${name}`).join("\n"));
  return 0;
}
