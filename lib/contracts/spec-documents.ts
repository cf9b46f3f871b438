import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import type { Issue } from "@/lib/domain/errors";
import { withExactIntegers } from "@/lib/domain/exact-integers";
import {
  DEFINITION_KINDS,
  type Locate,
  type PlacedDefinition,
  type UnreadableDefinition,
} from "@/lib/domain/specs/placed-definition";
import { nearest } from "@/lib/domain/names/nearest-name";
import { unstorableText } from "./json-text";
import { schemaIssues } from "./spec-documents-issues";
import { SCHEMAS } from "./spec-documents-schema";
import { readYaml } from "./spec-documents-yaml";

export interface SpecFile {
  file: string;
  text: string;
}

/** Documents as they come: one text with many documents, files, or definitions as JSON. */
export type SpecInput = string | (SpecFile | Record<string, unknown>)[];

export interface ParsedSpecs {
  definitions: PlacedDefinition[];
  /** Documents with errors; `issues` says which. */
  unreadable: UnreadableDefinition[];
  /** Everything that is wrong with the documents on their own. What they refer to is checked by `checkSpecs`. */
  issues: Issue[];
}

/** Reads every document, whatever is wrong with the others. */
export function parseSpecs(input: SpecInput): ParsedSpecs {
  const parsed: ParsedSpecs = { definitions: [], unreadable: [], issues: [] };
  if (typeof input === "string") readFile({ file: "documents", text: input }, parsed);
  else
    input.forEach((item, index) => {
      if (isFile(item)) readFile(item, parsed);
      else readDefinition(item, (path) => ({ path: ["documents", index, ...path] }), parsed);
    });
  return parsed;
}

function isFile(item: SpecFile | Record<string, unknown>): item is SpecFile {
  return !("kind" in item) && typeof item.file === "string" && typeof item.text === "string";
}

function readFile({ file, text }: SpecFile, parsed: ParsedSpecs): void {
  const { documents, issues } = readYaml(text, file);
  parsed.issues.push(...issues);
  // Whatever was in what could not be read, others may refer to it.
  parsed.unreadable.push(...issues.map(() => ({ kind: undefined, name: undefined, columns: [] })));
  for (const document of documents) {
    const locate: Locate = (path) => ({ file, line: document.lineOf(path), path });
    // A JSON file holds its documents in a list.
    if (Array.isArray(document.value))
      document.value.forEach((value, index) => readDefinition(value, (path) => locate([index, ...path]), parsed));
    else readDefinition(document.value, locate, parsed);
  }
}

/** @param given as YAML or a lossless JSON parser reads it */
function readDefinition(given: unknown, locate: Locate, parsed: ParsedSpecs): void {
  const raw = withExactIntegers(given);
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    parsed.issues.push({
      ...locate([]),
      message: "A document must be a mapping with `kind` and `name`.",
      expected: "a mapping",
      found: Array.isArray(raw) ? "a list" : JSON.stringify(raw),
    });
    return;
  }
  const document = raw as Record<string, unknown>;
  const unstorable = unstorableText(document);
  if (unstorable) {
    parsed.issues.push({
      ...locate(unstorable),
      message: "This text cannot be kept.",
      expected: "Unicode text without NUL, and no member called __proto__",
    });
    parsed.unreadable.push(unreadable(undefined, document));
    return;
  }
  const kind = DEFINITION_KINDS.find((one) => one === document.kind);
  if (!kind) {
    parsed.issues.push(kindIssue(document, locate));
    parsed.unreadable.push(unreadable(undefined, document));
    return;
  }
  const result = SCHEMAS[kind](document).safeParse(document);
  if (result.success)
    parsed.definitions.push({
      definition: stripUndefined(result.data) as Definition,
      locate: locateShorthand(kind, document, locate),
      given: true,
    });
  else {
    parsed.issues.push(...schemaIssues(result.error, kind, document, locate));
    parsed.unreadable.push(unreadable(kind, document));
  }
}

function kindIssue(document: Record<string, unknown>, locate: Locate): Issue {
  const { kind } = document;
  const near = typeof kind === "string" ? nearest(kind, DEFINITION_KINDS) : undefined;
  return {
    ...locate("kind" in document ? ["kind"] : []),
    message:
      kind === undefined
        ? "A document must say its kind."
        : `There is no kind \`${String(kind)}\`.${near ? ` Did you mean \`${near}\`?` : ""}`,
    expected: `one of ${DEFINITION_KINDS.join(", ")}`,
    found: kind === undefined ? "nothing" : JSON.stringify(kind),
  };
}

/** `columns` of a feature view became `features`: paths lead back to what the author wrote. */
function locateShorthand(kind: DefinitionKind, document: Record<string, unknown>, locate: Locate): Locate {
  const rename: Record<string, string> = {
    ...(kind === "FeatureView" && !("features" in document) && { features: "columns" }),
    ...(kind === "FeatureView" && !("ttlSeconds" in document) && { ttlSeconds: "ttl" }),
    ...(kind === "FeatureView" && !("freshnessSeconds" in document) && { freshnessSeconds: "freshness" }),
  };
  return ([first, ...rest]) =>
    locate(first === undefined ? [] : [typeof first === "string" ? (rename[first] ?? first) : first, ...rest]);
}

function unreadable(kind: DefinitionKind | undefined, document: Record<string, unknown>): UnreadableDefinition {
  const list = (value: unknown): Record<string, unknown>[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
  return {
    kind,
    name: typeof document.name === "string" ? document.name : undefined,
    columns: [
      ...list(document.outputs).map((output) => String(output.column)),
      ...list(document.columns).map((column) => `${String(document.entity)}.${String(column.name)}`),
    ],
  };
}

/** What a database keeps and what was parsed must be the same object. */
function stripUndefined<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
