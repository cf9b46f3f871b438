import { z } from "zod";
import type { HandWritten } from "./hand-written";
import type { Operation } from "@/lib/contracts/operation";

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  prefixItems?: Schema[];
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
};

/** Names of members and parameters → values that the registry knows, so that requests reach beyond the parser. */
export type Dictionary = Record<string, readonly string[]>;

export interface GeneratedRequest {
  params: Record<string, string>;
  query: string;
  /** Text of the body; null without one. */
  body: string | null;
}

/** Numbers in [0, 1) that a seed determines (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WILD_TEXTS = [
  "", " ", "\0", "a\0b", "\ud800", "'; DROP TABLE \"Run\"; --", "%", "%%s", "../../etc/passwd", "__proto__", "constructor", "toString",
  "${jndi:ldap://x}", "😀", "ﷺ".repeat(40), "x".repeat(5000), "null", "NaN", "-0", "1e999", "2001-02-30", "2001-06-01T00:00:00+00:00",
  "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "99999999999999999999", "a,b,c", "[", "{}", "\\", "\u202e", "flight.", ".", "a.b.c.d", "*", "(", "a~b~c~d",
]; // prettier-ignore

const WILD_NUMBERS = [
  "-1",
  "0",
  "1.5",
  "1e308",
  "-1e308",
  "5e-324",
  "9007199254740993",
  "-9223372036854775809",
  "1e400",
  "2147483648",
];

const NO_UUID = ["00000000-0000-7000-8000-000000000000"];

/** JSON texts that stand for anything, anywhere. */
const WILD_JSON = [
  "null", "true", "[]", "{}", "[null]", '[[[[[["x"]]]]]]', '{"a":{"b":{"c":{}}}}', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}',
]; // prettier-ignore

const WILD_BODIES = ["", "{", "null", "[]", '"text"', "12", "[".repeat(5000), "{\"a\":".repeat(500), "\u0000", "{\"a\":1e999}", "true", "{'a':1}"]; // prettier-ignore

/** Mostly what an operation expects, with names that exist, and here and there what nobody should send. */
export class RequestGenerator {
  private readonly random: () => number;

  constructor(
    seed: number,
    private readonly dictionary: Dictionary,
    /** Share of values that are wild. */
    private readonly wildness = 0.1,
    /** Requests that are in order, by operation: every other one of these is a variation of its own. */
    private readonly handWritten: readonly HandWritten[] = [],
  ) {
    this.random = seeded(seed);
  }

  request(operation: Operation): GeneratedRequest {
    const params = this.members(schemaOf(operation.params));
    // What `{name}` names is said by the segment before it.
    for (const [, noun, name] of operation.path.matchAll(/([\w-]+)\/\{(\w+)\}/g)) {
      const known = this.dictionary[noun as string];
      if (known && known.length > 0 && this.chance(0.9)) params[name as string] = this.pick(known);
    }
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(this.members(schemaOf(operation.query)))) search.append(name, value);
    if (this.chance(0.05)) search.append(this.pick([...search.keys(), "unknown"]), this.pick(WILD_TEXTS));
    const hasBody = operation.method !== "GET";
    const known = this.handWritten.filter(({ id }) => id === operation.id);
    if (known.length > 0 && this.chance(0.5)) return this.variation(this.pick(known), params);
    const body = this.chance(this.wildness / 2) ? this.pick(WILD_BODIES) : this.json(schemaOf(operation.body), "body");
    return { params, query: search.toString(), body: hasBody ? body : null };
  }

  private variation({ params, query, body }: HandWritten, generated: Record<string, string>): GeneratedRequest {
    const members = Object.entries(body).map(([name, value]) => {
      const json = this.chance(this.wildness) ? this.pick([...WILD_JSON, ...WILD_NUMBERS]) : JSON.stringify(value);
      return `${JSON.stringify(name)}:${json}`;
    });
    return {
      params: { ...generated, ...params },
      query: new URLSearchParams(query).toString(),
      body: `{${members.join(",")}}`,
    };
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)] as Item;
  }

  /** Texts of path parameters and query members. */
  private members(schema: Schema): Record<string, string> {
    const members = Object.entries(schema.properties ?? {}).filter(
      ([name]) => schema.required?.includes(name) === true || this.chance(0.4),
    );
    return Object.fromEntries(
      members.map(([name, member]) => {
        const json = this.json(member, name, schema);
        return [name, json.startsWith('"') ? (JSON.parse(json) as string) : json];
      }),
    );
  }

  private json(schema: Schema, name: string, root: Schema = schema, depth = 0): string {
    if (depth > 0 && this.chance(this.wildness))
      return this.pick([this.pick(WILD_JSON), this.pick(WILD_NUMBERS), JSON.stringify(this.pick(WILD_TEXTS))]);
    if (depth > 8) return "null";
    if (schema.$ref) return this.json(dereference(schema.$ref, root), name, root, depth + 1);
    if ("const" in schema) return JSON.stringify(schema.const);
    if (schema.enum) return JSON.stringify(this.pick(schema.enum));
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return this.json(this.pick(choices), name, root, depth + 1);
    if (schema.allOf) return this.json(this.pick(schema.allOf), name, root, depth + 1);
    switch (Array.isArray(schema.type) ? this.pick(schema.type) : schema.type) {
      case "string":
        return JSON.stringify(this.text(schema, name));
      case "integer":
      case "number":
        return this.number(schema);
      case "boolean":
        return this.pick(["true", "false"]);
      case "null":
        return "null";
      case "array":
        return this.list(schema, name, root, depth);
      case "object":
        return this.object(schema, root, depth);
      default:
        return this.pick([...WILD_JSON, "1", '"text"', "[1, 2, 3]", '{"count": 3}']);
    }
  }

  private text({ format, pattern }: Schema, name: string): string {
    const known = this.dictionary[name] ?? this.dictionary[singular(name)];
    if (known && known.length > 0 && this.chance(0.9)) return this.pick(known);
    if (format === "uuid") return this.pick(this.dictionary.uuid ?? NO_UUID);
    if (format === "date-time")
      return this.pick(["2001-06-01T00:00:00Z", "2001-01-01T02:00:00+02:00", "2001-07-01T00:00:00.000Z"]);
    if (pattern && this.chance(0.8)) return this.pick(["flights", "flight.is_late", "2001-06"]);
    return this.pick([...Object.values(this.dictionary).flat(), "x", "2001-06-01", "2001-06"]);
  }

  private number({ minimum = 0, maximum = 100 }: Schema): string {
    const low = Math.max(minimum, -1000);
    return String(Math.floor(low + this.random() * (Math.min(maximum, low + 100) - low + 1)));
  }

  private list({ items = {}, prefixItems, minItems = 0 }: Schema, name: string, root: Schema, depth: number): string {
    const members =
      prefixItems ?? Array.from({ length: Math.max(minItems, Math.floor(this.random() * 4)) }, () => items);
    return `[${members.map((item) => this.json(item, name, root, depth + 1)).join(",")}]`;
  }

  private object(schema: Schema, root: Schema, depth: number): string {
    const { properties = {}, required = [], additionalProperties } = schema;
    const members = Object.entries(properties)
      .filter(([name]) => (required.includes(name) ? !this.chance(this.wildness / 3) : this.chance(0.5)))
      .map(([name, member]) => [name, this.json(member, name, root, depth + 1)] as const);
    const extra = Object.keys(properties).length === 0 || this.chance(0.03) ? Math.floor(this.random() * 3) : 0;
    const others = Array.from({ length: extra }, () => {
      const name = this.pick(["a", "b", "number", "key", "__proto__", "\ud83d\ude00"]);
      return [
        name,
        this.json(typeof additionalProperties === "object" ? additionalProperties : {}, name, root, depth + 1),
      ] as const;
    });
    return `{${[...members, ...others].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
  }
}

const cache = new WeakMap<z.ZodType, Schema>();

function schemaOf(schema: z.ZodType): Schema {
  let known = cache.get(schema);
  if (!known) {
    known = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", cycles: "ref", reused: "inline" }) as Schema;
    cache.set(schema, known);
  }
  return known;
}

function dereference(reference: string, root: Schema): Schema {
  if (reference === "#") return root;
  return root.$defs?.[reference.split("/").pop() ?? ""] ?? {};
}

const singular = (name: string) => name.replace(/s$/, "");
