/** The rows that a request brings, checked and written down for an engine. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isLosslessNumber, isSafeNumber } from "lossless-json";
import { writeJson } from "@/lib/contracts/json-text";
import type { HistoricalFeaturesRequest } from "@/lib/contracts/serving";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { exactMicros, isoOfMicros } from "@/lib/domain/instant";
import type { CellType, GivenSpine } from "@/lib/domain/joins/feature-history";
import type { SpineKey } from "./history-views";
import { malformed, type WireDetail } from "./wire-error";

const EVENT_TIMESTAMP = "event_timestamp";
const MOST_DETAILS = 100;
const ROWS_AT_ONCE = 1000;
const [LEAST_BIGINT, MOST_BIGINT] = [-(2n ** 63n), 2n ** 63n - 1n];

export interface GivenRows {
  rows: number;
  columns: ReadonlyMap<string, readonly unknown[]>;
  /** Where a cell is in the request. */
  place(column: string, row?: number): (string | number)[];
}

/** The spine of a request by column. Throws 422 for lists of different lengths and rows with different members. */
export function readGivenRows({ entities, spine }: Pick<HistoricalFeaturesRequest, "entities" | "spine">): GivenRows {
  if (spine) {
    const names = Object.keys(spine[0] ?? {});
    const place = (column: string, row = 0) => ["body", "spine", row, column];
    spine.forEach((cells, row) => {
      const missing = names.find((name) => !Object.hasOwn(cells, name));
      const further = Object.keys(cells).find((name) => !names.includes(name));
      const wrong = missing ?? further;
      if (wrong !== undefined)
        throw malformed([
          missing === undefined
            ? { type: "extra_forbidden", loc: place(wrong, row), msg: `Row 0 has no ${wrong}: all rows have the same members` }
            : { type: "missing", loc: place(wrong, row), msg: `Field required: row 0 has ${wrong}; null stands for no value` },
        ]); // prettier-ignore
    });
    return {
      rows: spine.length,
      columns: new Map(names.map((name) => [name, spine.map((cells) => cells[name])])),
      place,
    };
  }
  const lists = Object.entries(entities ?? {});
  const place = (column: string, row?: number) => ["body", "entities", column, ...(row === undefined ? [] : [row])];
  const rows = lists[0]?.[1].length ?? 0;
  const other = lists.find(([, values]) => values.length !== rows);
  if (other)
    throw malformed([
      {
        type: "value_error",
        loc: place(other[0]),
        msg: `All lists must have the same length: ${lists[0]?.[0]} has ${rows}, ${other[0]} has ${other[1].length}`,
      },
    ]);
  return { rows, columns: new Map(lists), place };
}

/**
 * Writes rows to a file. Throws 422 for a column that is needed and not there, for a moment that cannot be read and for a key that
 * is none of its type, with where it is.
 */
export async function writeGivenSpine(
  given: GivenRows,
  keys: readonly SpineKey[],
  time: string = EVENT_TIMESTAMP,
  file: string,
): Promise<GivenSpine> {
  const names = [...given.columns.keys()];
  const wanted = [
    ...keys.map(({ entity, column }) => ({ column, why: `the features of ${entity} are joined by it` })),
    { column: time, why: "it is the moment of each row; `time` names another column" },
  ];
  if (given.columns.has(""))
    throw malformed([{ type: "value_error", loc: given.place(""), msg: "A column needs a name" }]);
  const missing = wanted.filter(({ column }) => !given.columns.has(column));
  if (missing.length > 0)
    throw malformed(
      missing.map(({ column, why }) => ({ type: "missing", loc: given.place(column), msg: `Field required: ${why}` })),
    );
  const wrong: WireDetail[] = [];
  const read = <Value>(column: string, of: (cell: unknown) => Value | undefined, expected: string): (Value | null)[] =>
    (given.columns.get(column) ?? []).map((cell, row) => {
      const value = of(cell);
      if (value !== undefined) return value;
      if (wrong.length < MOST_DETAILS) wrong.push({ type: "value_error", loc: given.place(column, row), msg: `Input should be ${expected}`, input: cell }); // prettier-ignore
      return null;
    });
  const moments = read(
    time,
    (cell) => (typeof cell === "string" ? (exactMicros(cell) ?? undefined) : undefined),
    "an ISO date or instant such as 2024-05-01T12:00:00Z, to the microsecond at most",
  );
  const found = keys.map(({ column, type, entity, key }) => read(column, (cell) => keyText(cell, type), `a ${type} or null: ${key} of ${entity}`)); // prettier-ignore
  if (wrong.length > 0) throw malformed(wrong);

  const types = names.map((name) => cellType(given.columns.get(name) ?? []));
  const cells = names.map((name) => given.columns.get(name) ?? []);
  const line = (row: number) =>
    writeJson({
      r: row,
      t: moments[row],
      k: found.map((values) => values[row]),
      c: cells.map((values, at) => cellText(values[row], types[at] as CellType)),
    });
  function* lines() {
    for (let from = 0; from < given.rows; from += ROWS_AT_ONCE) {
      const until = Math.min(given.rows, from + ROWS_AT_ONCE);
      yield `${Array.from({ length: until - from }, (_, i) => line(from + i)).join("\n")}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return {
    kind: "given",
    file,
    columns: names.map((name, at) => ({ name, type: types[at] as CellType })),
    time: names.indexOf(time),
    keys: keys.map(({ type }) => type),
  };
}

/** A key as the text of its type; null for none, undefined for what is none of the type. */
function keyText(cell: unknown, type: ColumnType): string | null | undefined {
  if (cell === null) return null;
  const isNumber = typeof cell === "number" || typeof cell === "bigint" || isLosslessNumber(cell);
  const text = isNumber ? String(cell) : typeof cell === "string" ? cell : undefined;
  switch (type) {
    case "string":
      return text ?? (typeof cell === "boolean" ? String(cell) : undefined);
    case "boolean":
      return typeof cell === "boolean" ? String(cell) : undefined;
    case "bigint": {
      // 1001.0 is what pandas writes where a column has missing values.
      const digits = /^(-?\d+)(\.0+)?$/.exec(text ?? "")?.[1];
      return digits !== undefined && BigInt(digits) >= LEAST_BIGINT && BigInt(digits) <= MOST_BIGINT ? digits : undefined; // prettier-ignore
    }
    case "double":
      return isNumber && Number.isFinite(Number(text)) ? text : undefined;
    case "date":
    case "timestamp": {
      const micros = typeof cell === "string" ? exactMicros(cell) : null;
      if (micros === null) return undefined;
      const iso = isoOfMicros(micros);
      if (type === "timestamp") return iso.replace("T", " ").replace("Z", "");
      return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : undefined;
    }
    default:
      return undefined;
  }
}

/** The narrowest type that holds every cell of a column without losing a digit. */
function cellType(cells: readonly unknown[]): CellType {
  const kinds = new Set(cells.filter((cell) => cell !== null).map(kindOf));
  if (kinds.size === 0) return "string";
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined) return only;
  const areNumbers = [...kinds].every((kind) => kind === "bigint" || kind === "double");
  return areNumbers && cells.every((cell) => kindOf(cell) !== "bigint" || Number.isSafeInteger(cell)) ? "double" : "json"; // prettier-ignore
}

function kindOf(cell: unknown): CellType {
  if (typeof cell === "string") return "string";
  if (typeof cell === "boolean") return "boolean";
  if (typeof cell === "bigint") return cell >= LEAST_BIGINT && cell <= MOST_BIGINT ? "bigint" : "json";
  if (typeof cell === "number") return Number.isSafeInteger(cell) ? "bigint" : "double";
  return isLosslessNumber(cell) && isSafeNumber(cell.value) ? "double" : "json";
}

function cellText(cell: unknown, type: CellType): string | null {
  if (cell === null) return null;
  return type === "string" ? (cell as string) : writeJson(cell);
}
