/** The rows that values are joined to, as one relation. */
import type { GivenSpine, HistoryRequest, SourceSpine } from "@/lib/domain/joins/feature-history";
import { DomainError } from "@/lib/domain/errors";
import { openSource } from "../open-source";
import { quoteName, quoteText, SQL_TYPES } from "../quote";
import type { Session } from "../session";
import { strictValue, textValue } from "../value-sql";
import type { SpineSql } from "./as-of-statement";
import { microsOf, type ShownType } from "./shown-values";

export interface OpenSpine extends Omit<SpineSql, "columns"> {
  columns: { name: string; sql: string; type: ShownType }[];
  keys: string[];
  rows: number;
  /** The least position. */
  first: number;
}

/** Throws `invalid` for rows without a moment, and for keys that are none of their type. */
export async function openSpine(session: Session, spine: HistoryRequest["spine"]): Promise<OpenSpine> {
  const opened = spine.kind === "given" ? await openGiven(session, spine) : await openRows(session, spine);
  const { rows, timeless, first } = await session.row<{ rows: number; timeless: number; first: number | null }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ${opened.at} IS NULL) AS timeless, min(${opened.position}) AS first FROM ${opened.relation}`,
  );
  if (timeless > 0)
    throw new DomainError(
      "invalid",
      `${timeless.toLocaleString("en")} of ${rows.toLocaleString("en")} rows of the spine have no moment to join as of. Give each row one, or leave these out.`,
      { expected: "a moment in every row", found: `${timeless} rows without one` },
    );
  return { ...opened, rows, first: first ?? 0 };
}

type Opened = Omit<OpenSpine, "rows" | "first">;

async function openGiven(session: Session, spine: GivenSpine): Promise<Opened> {
  const file = quoteText(spine.file);
  await session.run(
    `CREATE TABLE spine AS SELECT * FROM read_json(${file}, format = 'newline_delimited', columns = {r: 'BIGINT', t: 'BIGINT', k: 'VARCHAR[]', c: 'VARCHAR[]'})`,
  );
  return {
    relation: "spine",
    at: "t",
    position: "r",
    keys: spine.keys.map((type, i) => `CAST(k[${i + 1}] AS ${SQL_TYPES[type]})`),
    columns: spine.columns.map(({ name, type }, i) => ({
      name,
      sql: i === spine.time ? `struct_pack(t := t, c := c[${i + 1}])` : `c[${i + 1}]`,
      type: i === spine.time ? { kind: "moment" } : { kind: "cell", type },
    })),
  };
}

async function openRows(session: Session, { source, snapshot, columns, time, keys }: SourceSpine): Promise<Opened> {
  const opened = await openSource(
    session,
    source,
    snapshot.files.map((file) => file.path),
  );
  const names = [...new Set([...columns.map(({ name }) => name), time, ...keys.map(({ column }) => column)])];
  const select = [
    ...names.map((name) => `${opened.expression(name)} AS ${quoteName(name)}`),
    `${opened.position} AS "#position"`,
  ];
  // Text is parsed once, for counting and joining; Parquet is read column by column each time.
  await session.run(
    `CREATE ${opened.isText ? "TABLE" : "VIEW"} spine AS SELECT ${select.join(", ")} FROM ${opened.relation}`,
  );
  return {
    relation: "spine",
    at: microsOf(quoteName(time)),
    position: quoteName("#position"),
    keys: keys.map(({ column, type }) => {
      const declared = source.columns.find(({ name }) => name === column)?.type;
      const raw = quoteName(column);
      if (declared === type) return raw;
      const value = textValue(type, `CAST(${raw} AS VARCHAR)`, { nullValues: [] });
      return strictValue(value, type, `Column ${column} of source ${source.name}`);
    }),
    columns: columns.map(({ name, type }) => ({ name, sql: quoteName(name), type: { kind: "value", type } })),
  };
}
