import { expect, it } from "vitest";
import { z } from "zod";
import type { Operation } from "./operation";
import { operations } from "./operations";

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Documents of other tools, and of Feast's protocol, have members that this product need not know. */
const OF_OTHERS = /^\/api\/serving\/(?!predict)/;

/** Paths to the objects of a body that take members which they do not know. */
function lenientObjects({ body }: Operation): string[] {
  const root = z.toJSONSchema(body, { io: "input", unrepresentable: "any" }) as Schema;
  const seen = new Set<Schema>();
  const found: string[] = [];
  const visit = (given: Schema | undefined, path: string): void => {
    const schema = given?.$ref === undefined ? given : given.$ref === "#" ? root : root.$defs?.[given.$ref.slice(8)];
    if (!schema || seen.has(schema)) return;
    seen.add(schema);
    const { properties, additionalProperties: others } = schema;
    if (properties && others === undefined) found.push(path || "(the body)");
    for (const [name, member] of Object.entries(properties ?? {})) visit(member, `${path}.${name}`);
    if (typeof others === "object") visit(others, `${path}.*`);
    for (const item of [schema.items, ...(schema.prefixItems ?? [])]) visit(item, `${path}[]`);
    for (const choice of [schema.anyOf, schema.oneOf, schema.allOf].flat()) visit(choice, path);
  };
  visit(root, "");
  return found;
}

it("no body has members that are left out without a word: a setting that is misspelt would seem to be made", () => {
  const lenient = operations
    .filter(({ method, path }) => method !== "GET" && !OF_OTHERS.test(path))
    .flatMap((one) => lenientObjects(one).map((path) => `${one.id}: ${path}`));
  expect(lenient).toEqual([]);
});
