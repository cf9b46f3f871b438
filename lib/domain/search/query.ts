import { tokensOf } from "./tokens";

/**
 * The query language of discovery. A query is a list of parts; the text in the search box and the chips below it are two
 * views of that list: `formatQuery(parseQuery(text))` says the same as `text`.
 *
 *     delay mean              every word, in any order
 *     "seven days"            the words side by side
 *     owner:network-planning  a filter; several of one field are alternatives
 *     meta.team:network       free metadata; filters of different keys must all hold
 *     -deprecated -tag:raw    not
 */
export const FILTER_FIELDS = [
  "entity",
  "type",
  "owner",
  "tag",
  "meta",
  "env",
  "sensitivity",
  "leak",
  "drift",
  "used_by",
  "is",
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** Values of `is:`. They may be written without it. */
const FLAGS = ["deprecated", "documented"] as const;

export interface WordPart {
  kind: "word";
  text: string;
  /** The words must stand side by side, and are not corrected. */
  phrase: boolean;
  negated: boolean;
}

export interface FilterPart {
  kind: "filter";
  field: FilterField;
  value: string;
  negated: boolean;
}

export type QueryPart = WordPart | FilterPart;

const ALIASES: Record<string, FilterField> = { environment: "env", tags: "tag", owners: "owner", usedby: "used_by" };

const PART = /(-?)(?:([a-z_]+(?:\.[a-z0-9_.-]+)?):)?((?:"[^"]*"?|[^\s"])+)/gi;

/** Reads what a person typed. Every text is a query: what is no filter is a word. */
export function parseQuery(text: string): QueryPart[] {
  return [...text.matchAll(PART)].flatMap(([whole, minus, name, raw]): QueryPart[] => {
    const negated = minus === "-";
    const field = name === undefined ? undefined : fieldOf(name);
    const key = field === "meta" ? `${metaKeyOf(name ?? "")}:` : "";
    if (field)
      return valuesOf(raw ?? "").map((value) => ({ kind: "filter", field, value: key + value.toLowerCase(), negated }));
    const word = wordOf(whole, negated);
    // `owner:` is a filter that is still being typed.
    if (!word || (word.text.endsWith(":") && fieldOf(word.text.slice(0, -1)))) return [];
    const flag = word.text.toLowerCase();
    return isFlag(flag) && !word.phrase ? [{ kind: "filter", field: "is", value: flag, negated }] : [word];
  });
}

/** The words of a query where there is nothing to filter by: lists, pickers and the palette. */
export function parseWords(text: string): WordPart[] {
  return [...text.matchAll(PART)].flatMap(([whole, minus]) => wordOf(whole, minus === "-") ?? []);
}

/** Null for punctuation, which says nothing. */
function wordOf(whole: string, negated: boolean): WordPart | null {
  const written = negated ? whole.slice(1) : whole;
  const text = written.replaceAll('"', "").trim();
  return tokensOf(text).length === 0 ? null : { kind: "word", text, phrase: written.includes('"'), negated };
}

export function formatQuery(parts: readonly QueryPart[]): string {
  return parts.map(formatPart).join(" ");
}

export function formatPart(part: QueryPart): string {
  const minus = part.negated ? "-" : "";
  if (part.kind === "word") return `${minus}${part.phrase ? `"${part.text}"` : part.text}`;
  if (part.field === "is" && isFlag(part.value)) return `${minus}${part.value}`;
  const [key, value] = part.field === "meta" ? metaEntryOf(part.value) : ["", part.value];
  return `${minus}${part.field}${key && `.${key}`}:${/[\s,]/.test(value) ? `"${value}"` : value}`;
}

/** Adds the filter, or takes it away where the query has it. */
export function toggleFilter(parts: readonly QueryPart[], field: FilterField, value: string): QueryPart[] {
  const rest = parts.filter((part) => !isFilter(part, field, value));
  return rest.length < parts.length ? rest : [...parts, { kind: "filter", field, value, negated: false }];
}

export function hasFilter(parts: readonly QueryPart[], field: FilterField, value: string): boolean {
  return parts.some((part) => isFilter(part, field, value) && !part.negated);
}

function isFilter(part: QueryPart, field: FilterField, value: string): boolean {
  return part.kind === "filter" && part.field === field && part.value === value.toLowerCase();
}

/** A filter on metadata has the value `key:value`. */
function metaEntryOf(value: string): [key: string, value: string] {
  const at = value.indexOf(":");
  return [value.slice(0, at), value.slice(at + 1)];
}

/** `meta.team` → team; empty for a filter on anything else. */
function metaKeyOf(name: string): string {
  return /^meta\.(.+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

function fieldOf(name: string): FilterField | undefined {
  if (metaKeyOf(name) !== "") return "meta";
  const lower = name.toLowerCase();
  // Only with a key does it say what is wanted.
  if (lower === "meta") return undefined;
  return FILTER_FIELDS.find((field) => field === lower) ?? ALIASES[lower];
}

/** `a,"b c"` → a and b c. */
function valuesOf(raw: string): string[] {
  const values = raw.match(/"[^"]*"?|[^",]+/g) ?? [];
  return values.map((value) => value.replaceAll('"', "").trim()).filter((value) => value !== "");
}

function isFlag(text: string): boolean {
  return (FLAGS as readonly string[]).includes(text);
}
