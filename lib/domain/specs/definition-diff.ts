/** One difference. `path` is written as in JavaScript (`inputs[0]`, `params.k`, `tags["a b"]`); the whole is `""`. */
export interface Difference {
  path: string;
  kind: "added" | "removed" | "changed";
  before?: unknown;
  after?: unknown;
}

/**
 * The smallest parts in which two JSON values differ: members by name, in code-unit order, then list items by position. A
 * member that is undefined counts as absent; a value that turned into one of another kind is one change.
 */
export function definitionDiff(before: unknown, after: unknown): Difference[] {
  return [...differences(before, after, "")];
}

function* differences(before: unknown, after: unknown, path: string): Generator<Difference> {
  if (Object.is(before, after) || before === after) return;
  if (before === undefined) yield { path, kind: "added", after };
  else if (after === undefined) yield { path, kind: "removed", before };
  else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      yield* differences(before[index], after[index], `${path}[${index}]`);
    }
  } else if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of [...names].sort()) {
      yield* differences(memberOf(before, name), memberOf(after, name), pathTo(path, name));
    }
  } else yield { path, kind: "changed", before, after };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own members only: a definition may well have one called `constructor`. */
function memberOf(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function pathTo(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
