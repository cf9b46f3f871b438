/** Columns of sampled rows that lie in other files: a slice by one, and the values of the rows that were drawn. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Slice } from "@/lib/domain/profiles/slice";
import type { JoinedRows, SampleRequest } from "@/lib/domain/datasets/row-sample";
import { SQL_TYPES, quoteName, quoteText } from "./quote";
import { sampledExpression } from "./sampled-columns";
import type { Session } from "./session";
import { sliceCondition } from "./slice-condition";
import { type OpenSource, openSource } from "./open-source";

type Column = { name: string; type: ColumnType };
/** SQL of a column of the dataset itself. */
type ExpressionOf = (name: string) => string;

export interface OpenJoin {
  has(column: string): boolean;
  /** What rows of the dataset are found by, with the names under which `values` expects them. */
  keys(own: ExpressionOf): string[];
  /** Keys of the files' rows that are in a slice, where they are to be kept, how the dataset is joined to them, and the condition on a row of that join. */
  hits(
    slice: Slice & { type: ColumnType },
    own: ExpressionOf,
  ): { query: string; table: string; on: string; condition: string };
  /** The values of those of `columns` that these files have, as `c` and their place, to be joined to rows with `keys`. */
  values(columns: readonly Column[]): string;
  /** What tells the first of several rows. */
  order: string;
}

/** The joins that a question needs. */
export function joinsWanted({ joined, columns, slice }: SampleRequest): JoinedRows[] {
  const names = new Set([...columns.map(({ name }) => name), ...(slice ? [slice.column] : [])]);
  return joined.filter((join) => join.columns.some(({ name }) => names.has(name)));
}

/** The session may read the files. */
export async function openJoins(session: Session, joined: readonly JoinedRows[]): Promise<OpenJoin[]> {
  const opened: OpenJoin[] = [];
  for (const [at, join] of joined.entries()) {
    const paths = join.snapshot.files.map((file) => file.path);
    opened.push(openJoin(join, at, join.source ? await openSource(session, join.source, paths) : null));
  }
  return opened;
}

function openJoin({ snapshot, keys, time, columns }: JoinedRows, at: number, source: OpenSource | null): OpenJoin {
  const theirs = (name: string) => {
    return source ? source.expression(name) : quoteName(name);
  };
  const files = source
    ? source.relation
    : `read_parquet([${snapshot.files.map((file) => quoteText(file.path)).join(", ")}], file_row_number = true, union_by_name = true)`;
  const identity = [
    ...keys.map(({ name, type }) => ({ own: name, theirs: name, type: SQL_TYPES[type] })),
    ...(time ? [{ ...time, type: "TIMESTAMP" }] : []),
  ];
  const keyOf = (place: number) => quoteName(`#join ${at} ${place}`);
  const alias = quoteName(`#joined ${at}`);
  const selected = identity.map((key, place) => `CAST(${theirs(key.theirs)} AS ${key.type}) AS ${keyOf(place)}`);
  const matches = (own: (place: number) => string) =>
    identity.map((_, place) => `${own(place)} IS NOT DISTINCT FROM ${alias}.${keyOf(place)}`).join(" AND ");
  const castOwn = (own: ExpressionOf, place: number) => {
    const key = identity[place] as (typeof identity)[number];
    return `CAST(${own(key.own)} AS ${key.type})`;
  };
  const row = source ? source.position : `"file_row_number"`;
  return {
    has: (name) => columns.some((column) => column.name === name),
    keys: (own) => identity.map((_, place) => `${castOwn(own, place)} AS ${keyOf(place)}`),
    hits(slice, own) {
      // A row that these files do not have has no value, so what is missing is everything but what has one.
      const isMissing = slice.kind === "missing";
      const value = theirs(slice.column);
      const condition = isMissing ? `${value} IS NOT NULL` : sliceCondition(slice, value);
      const names = identity.map((_, place) => keyOf(place)).join(", ");
      const hit = `SELECT DISTINCT ${names}, true AS "#hit" FROM (SELECT ${[...selected, `coalesce(${condition}, false) AS "#is"`].join(", ")} FROM ${files}) WHERE "#is"`;
      return {
        query: hit,
        table: alias,
        on: matches((place) => castOwn(own, place)),
        condition: `${alias}."#hit" IS ${isMissing ? "NULL" : "NOT NULL"}`,
      };
    },
    values(wanted) {
      const values = wanted.flatMap(({ name, type }, i) =>
        columns.some((column) => column.name === name) ? [`${sampledExpression(type, theirs(name))} AS c${i}`] : [],
      );
      const select = [...selected, ...values, `${row} AS ${quoteName(`#row ${at}`)}`].join(", ");
      return `(SELECT ${select} FROM ${files}) ${alias} ON ${matches((place) => `drawn.${keyOf(place)}`)}`;
    },
    order: quoteName(`#row ${at}`),
  };
}
