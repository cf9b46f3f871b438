import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import { DEFINITION_KINDS } from "@/lib/domain/specs/placed-definition";
import { SCHEMAS } from "./spec-documents-schema";
import { EXAMPLES } from "./spec-reference-examples";

/** JSON Schema as far as it is read here; what `z.toJSONSchema` writes. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema | false;
  prefixItems?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  not?: JsonSchema;
  [other: string]: unknown;
}

/** A shape that a document of a kind may have; two kinds have several, told apart by one member. */
interface Shape {
  kind: DefinitionKind;
  title: string;
  /** What tells it from the kind's other shapes. */
  when: Record<string, unknown>;
  schema: JsonSchema;
}

const VARIANTS: Partial<Record<DefinitionKind, { title: string; when: Record<string, unknown> }[]>> = {
  SplitPolicy: [
    { title: "by time", when: { type: "time" } },
    { title: "by hash", when: { type: "hash" } },
    { title: "by group", when: { type: "group" } },
    { title: "at random", when: { type: "random" } },
    { title: "stratified", when: { type: "stratified" } },
    { title: "in folds", when: { type: "kfold" } },
  ],
  Monitor: [
    { title: "of distributions", when: { drift: "features" } },
    { title: "of concept drift", when: { drift: "concept" } },
  ],
};

/** Every kind of document, in the order in which they refer to each other. */
export function documentShapes(): Shape[] {
  return DEFINITION_KINDS.flatMap((kind) =>
    (VARIANTS[kind] ?? [{ title: "", when: {} }]).map(({ title, when }) => ({
      kind,
      title: title ? `${kind}, ${title}` : kind,
      when,
      schema: asJsonSchema(SCHEMAS[kind](when)),
    })),
  );
}

function asJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // What may only be left out.
      if (zodSchema._zod.def.type === "undefined") jsonSchema.not = {};
    },
  }) as JsonSchema;
  return written;
}

/** One JSON Schema of all documents, for editors: `# yaml-language-server: $schema=…`. */
export function documentSchema(): JsonSchema {
  const shapes = documentShapes();
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A document of Tributary",
    type: "object",
    properties: { kind: { enum: DEFINITION_KINDS, description: "What the document declares." } },
    required: ["kind"],
    // By condition and not as alternatives, so that an editor says what is wrong with this kind and not that none fits.
    allOf: shapes.map(({ kind, when, schema }) => ({
      if: {
        properties: { kind: { const: kind }, ...conditionOf(when) },
        required: ["kind", ...(when.type || when.drift === "concept" ? Object.keys(when) : [])],
      },
      then: schema,
    })),
  };
}

/** A monitor that says nothing of `drift` watches distributions. */
const conditionOf = (when: Record<string, unknown>): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(when).map(([name, value]) => [
      name,
      value === "features" ? { not: { const: "concept" } } : { const: value },
    ]),
  );

const INTRODUCTION = `# Documents

Everything that is declared is a document of YAML or JSON with a \`kind\`: \`npx tributary plan FOLDER\` says what would change and what is
wrong, \`npx tributary apply FOLDER\` does it. Objects are strict: a member that is not named here is refused, with the nearest name that is.
Types may also be written as Spark, Postgres and Feast do (\`int\`, \`long\`, \`float\`, \`varchar\`, \`datetime\` …).

An editor that knows JSON Schema checks them as they are typed. Put this line at the top of a file:

\`\`\`yaml
# yaml-language-server: $schema=https://YOUR-PORTAL/api/document-schema.json
\`\`\`

This page is written from the schemas by \`npm run docs\`.
`;

/** docs/reference/documents.md. */
export function documentsPage(): string {
  return [INTRODUCTION, ...documentShapes().map(section)].join("\n");
}

function section({ kind, title, schema }: Shape): string {
  const { about, yaml } = EXAMPLES[title] ?? { about: "", yaml: `kind: ${kind}` };
  const rows = members(schema, "").map(
    ({ path, schema: member, isRequired }) =>
      `| \`${path}\`${isRequired ? " (required)" : ""} | ${cell(typeInWords(member))} | ${cell(literal(member.default))} | ${cell([member.description, exampleInWords(member)].filter(Boolean).join(" "))} |`,
  );
  return `## ${title}

${about}

\`\`\`yaml
${yaml.trim()}
\`\`\`

| member | what it takes | left out | what it is |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

export interface Member {
  path: string;
  schema: JsonSchema;
  isRequired: boolean;
}

/** The members of an object and, indented by their path, of the objects in it: `joinKeys[].name`. */
export function members(schema: JsonSchema, prefix: string): Member[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    if (prefix === "" && name === "kind") return [];
    const member = withoutNull(given);
    const path = `${prefix}${name}`;
    const isRequired = prefix === "" && (schema.required ?? []).includes(name);
    return [{ path, schema: member, isRequired }, ...members(innerOf(member), innerPath(member, path))];
  });
}

function innerOf(member: JsonSchema): JsonSchema {
  const item = member.type === "array" && member.items ? member.items : member;
  return item.anyOf?.find(({ properties }) => properties) ?? item;
}

const innerPath = (member: JsonSchema, path: string) => (member.type === "array" ? `${path}[].` : `${path}.`);

/** Left out and null say the same. What is said of the member stays. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  const said = anyOf?.filter(({ type }) => type !== "null");
  if (anyOf && said?.length === 1) return { ...said[0], ...rest };
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== "null");
    return { ...schema, type: types.length === 1 ? (types[0] as string) : types };
  }
  return said ? { ...rest, anyOf: said } : schema;
}

const PATTERNS: Record<string, string> = {
  "^[a-z][a-z0-9_]*$": "a name of a-z, 0-9 and _",
  "^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$": "entity.column",
  "^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$": "view:column",
};
/** What a member takes, in words. */
function typeInWords(schema: JsonSchema): string {
  const one = withoutNull(schema);
  if (one.not) return "nothing";
  if (one.const !== undefined) return literal(one.const);
  if (one.enum) {
    // Other words for the column types are left out.
    const words = COLUMN_TYPES.every((type) => one.enum?.includes(type)) ? COLUMN_TYPES : one.enum;
    return `one of ${words.map((value) => literal(value)).join(", ")}`;
  }
  if (one.anyOf) return one.anyOf.map(typeInWords).join(", or ");
  if (Array.isArray(one.type)) return one.type.map((type) => typeInWords({ type })).join(", ");
  switch (one.type) {
    case "string":
      return (one.pattern !== undefined && PATTERNS[one.pattern]) || `a text${lengthInWords(one)}`;
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${rangeInWords(one)}`;
    case "number":
      return `a number${rangeInWords(one)}`;
    case "array":
      if (one.prefixItems) return "a list of two";
      return `a list of ${pluralOf(one.items ? one.items : {})}`;
    case "object":
      return one.properties ? "a mapping" : "a mapping of keys and values";
    default:
      return "any value";
  }
}

function pluralOf(item: JsonSchema): string {
  if (withoutNull(item).properties) return "mappings";
  const inner = typeInWords(item);
  return inner.startsWith("a mapping") ? "mappings" : inner.startsWith("a text") ? "texts" : inner.replace(/^an? /, "");
}

function lengthInWords({ minLength, maxLength }: JsonSchema): string {
  if (maxLength === undefined) return "";
  if (minLength === maxLength) return ` of ${maxLength} character${maxLength === 1 ? "" : "s"}`;
  return ` of at most ${maxLength} character${maxLength === 1 ? "" : "s"}`;
}

function rangeInWords({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low =
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER
        ? `at least ${minimum}`
        : "";
  const high =
    exclusiveMaximum !== undefined
      ? `below ${exclusiveMaximum}`
      : maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
        ? `at most ${maximum}`
        : "";
  const both = [low, high].filter(Boolean).join(" and ");
  return both ? `, ${both}` : "";
}

const literal = (value: unknown): string =>
  value === undefined ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

const exampleInWords = ({ examples }: JsonSchema): string =>
  examples && examples.length > 0
    ? `Such as ${examples.map((value) => (typeof value === "string" ? `\`${value}\`` : literal(value))).join(", ")}.`
    : "";

/** A text in a cell of a table. */
export const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
