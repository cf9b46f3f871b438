import { parseSpecs, type SpecFile } from "@/lib/contracts/spec-documents";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import { DEFINITION_KINDS } from "@/lib/domain/specs/placed-definition";
import type { Arguments } from "./arguments";
import type { SpecRegistry } from "./spec-registry";

/** Prints the declared objects of a workspace, of all kinds or of one. */
export async function listObjects(
  registry: SpecRegistry,
  { words: [kind], workspace, json }: Arguments,
): Promise<number> {
  const wanted = kind === undefined ? null : kindOf(kind);
  const found = (await declared(registry, workspace as string)).filter((one) => !wanted || one.kind === wanted);
  if (json) {
    console.log(JSON.stringify(found, null, 2));
    return 0;
  }
  const width = Math.max(0, ...found.map(({ kind, name }) => `${kind} ${name}`.length));
  const lines = found.map((one) => {
    const about = "description" in one && one.description ? `  ${one.description.split("\n")[0]}` : "";
    return `${`${one.kind} ${one.name}`.padEnd(about ? width : 0)}${about}`;
  });
  const what = wanted ?? "object";
  console.log([...lines, `${found.length} ${what}${found.length === 1 ? "" : "s"}`].join("\n"));
  return 0;
}

/** Prints one declared object as a document. Throws `not_found`, with the nearest name. */
export async function showObject(
  registry: SpecRegistry,
  { words: [given = "", name = ""], workspace, json }: Arguments,
): Promise<number> {
  const kind = kindOf(given);
  const all = (await declared(registry, workspace as string)).filter((one) => one.kind === kind);
  const found = all.find((one) => one.name === name);
  if (!found) {
    const near = nearest(
      name,
      all.map((one) => one.name),
    );
    throw new DomainError(
      "not_found",
      `Workspace ${workspace} has no ${kind} ${name}.${near ? ` Did you mean ${near}?` : ""}`,
    );
  }
  console.log(json ? JSON.stringify(found, null, 2) : writeSpec(found).trimEnd());
  return 0;
}

/** A kind in any spelling: `feature-view`, `featureView`. Throws `invalid`. */
export function kindOf(given: string): DefinitionKind {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const kind = DEFINITION_KINDS.find((one) => plain(one) === plain(given));
  if (kind) return kind;
  const near = nearest(given, DEFINITION_KINDS);
  throw new DomainError(
    "invalid",
    `There is no kind ${given}.${near ? ` Did you mean ${near}?` : ""} Kinds are ${DEFINITION_KINDS.join(", ")}.`,
  );
}

/** What a registry exports is read as whoever applies it would. */
async function declared(registry: SpecRegistry, workspace: string): Promise<Definition[]> {
  const { files }: { files: SpecFile[] } = await registry.export(workspace);
  return parseSpecs(files).definitions.map(({ definition }) => definition);
}
