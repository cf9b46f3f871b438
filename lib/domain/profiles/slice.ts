import { DomainError } from "../errors";

/**
 * Rows that have one column in one bar of a histogram. Overview names one, Dive opens it, and it stands in the URL as
 * `column~kind~…`, such as `delay~range~10~20`, `origin~value~ATL`, `delay~missing`.
 */
export type Slice = { column: string } &
  /** `[from, to)`, the last bucket of a histogram `[from, to]`; null is unbounded. */
  (
    | { kind: "range"; from: number | null; to: number | null; closed: boolean }
    /** Greater than the last edge: what a histogram counts as overflow. */
    | { kind: "above"; from: number }
    | { kind: "value"; value: string }
    /** Any value but these: what a histogram counts as other. */
    | { kind: "other"; values: string[] }
    | { kind: "missing" }
    | { kind: "nan" }
  );

/** The slice as it stands in a URL. */
export function formatSlice(slice: Slice): string {
  return [slice.column, slice.kind, ...argumentsOf(slice)].map(encode).join("~");
}

/** Reads what `formatSlice` wrote. Throws `invalid` with an example for anything else. */
export function parseSlice(text: string): Slice {
  const [column, kind, ...rest] = text.split("~").map(decode);
  const slice = column ? read(column, kind, rest) : null;
  if (slice) return slice;
  throw new DomainError("invalid", `\`${text}\` names no slice.`, {
    issues: [
      {
        path: ["slice"],
        message: "expected a column and one of its bars, such as delay~range~10~20, origin~value~ATL or delay~missing",
        found: text,
      },
    ],
  });
}

function argumentsOf(slice: Slice): string[] {
  switch (slice.kind) {
    case "range":
      return [bound(slice.from), bound(slice.to), ...(slice.closed ? ["closed"] : [])];
    case "above":
      return [String(slice.from)];
    case "value":
      return [slice.value];
    case "other":
      return slice.values;
    default:
      return [];
  }
}

function read(column: string, kind: string | undefined, rest: string[]): Slice | null {
  switch (kind) {
    case "range": {
      const [from, to] = [rest[0], rest[1]].map((text) => (text === undefined || text === "" ? null : Number(text)));
      const isClosed = rest[2] === "closed";
      if (rest.length < 2 || rest.length > (isClosed ? 3 : 2) || Number.isNaN(from) || Number.isNaN(to)) return null;
      return { column, kind, from: from ?? null, to: to ?? null, closed: isClosed };
    }
    case "above": {
      const from = Number(rest[0] || NaN);
      return rest.length === 1 && !Number.isNaN(from) ? { column, kind, from } : null;
    }
    case "value":
      return rest.length === 1 ? { column, kind, value: rest[0] ?? "" } : null;
    case "other":
      return { column, kind, values: rest };
    case "missing":
    case "nan":
      return rest.length === 0 ? { column, kind } : null;
    default:
      return null;
  }
}

const bound = (value: number | null) => (value === null ? "" : String(value));
/** `~` stands between the parts and must not stand in one. */
const encode = (part: string) => part.replaceAll("%", "%25").replaceAll("~", "%7E");
const decode = (part: string) => part.replaceAll("%7E", "~").replaceAll("%25", "%");
