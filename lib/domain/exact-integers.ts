/**
 * What parsers that keep all digits give, as plain JSON, changed in place: a bigint becomes a number where a number holds it
 * exactly, and its decimal text otherwise. So an integer beyond 2^53 keeps its digits in databases, fingerprints and files,
 * and whoever wants a number refuses it rather than rounds it.
 */
export function withExactIntegers<Value>(value: Value): Value {
  const root = { value: value as unknown };
  const open: object[] = [root];
  const seen = new Set<object>(open);
  for (let object = open.pop(); object; object = open.pop()) {
    for (const [key, member] of Object.entries(object) as [string, unknown][]) {
      if (typeof member === "bigint") {
        // Not by assignment: of the name __proto__ that is no member.
        Object.defineProperty(object, key, {
          value: plain(member),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      } else if (typeof member === "object" && member !== null && !seen.has(member)) {
        seen.add(member);
        open.push(member);
      }
    }
  }
  return root.value as Value;
}

/** JSON of whatever a parser gave, for messages: an integer that is still a bigint is a text with all its digits. Undefined of nothing. */
export function textOfJson(value: object): string;
export function textOfJson(value: unknown): string | undefined;
export function textOfJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member)) as
    string | undefined;
}

function plain(integer: bigint): number | string {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : String(integer);
}

/** The integer that plain JSON holds exactly: a number that lost no digit, or a decimal text. Null for anything else. */
export function exactInteger(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : null;
}
