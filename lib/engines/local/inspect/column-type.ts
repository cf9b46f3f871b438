/** Which type a column of a file may have, told by reading its values as each. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceColumn, SourceReading } from "@/lib/domain/definitions/source";
import type { OpenSource } from "../open-source";
import { quoteText } from "../quote";
import type { Session } from "../session";

/** In the order in which they are preferred; `string` is what is left. */
const CANDIDATES = [
  "bigint",
  "double",
  "boolean",
  "date",
  "timestamp",
  "vector",
  "strings",
  "string",
] as const satisfies ColumnType[];

/** Ways to write a day that people use besides ISO 8601. Those in one line can be told apart only by days above 12. */
const DAYS = [
  ["%d/%m/%Y", "%m/%d/%Y"],
  ["%d.%m.%Y"],
  ["%d-%m-%Y", "%m-%d-%Y"],
  ["%d %b %Y"],
  ["%d-%b-%Y"],
  ["%b %d, %Y"],
  ["%d %B %Y"],
  ["%B %d, %Y"],
];
const CLOCKS = ["", " %H:%M", " %H:%M:%S", " %I:%M %p"];
const DATE_FORMATS = DAYS.flat().flatMap((day) => CLOCKS.map((clock) => day + clock));

/** What reading a column's values as each type found. */
export interface ColumnEvidence {
  /** Types that the file's own type can be read as, with the values that do not fit. */
  misfits: Partial<Record<ColumnType, number>>;
  /** Rows with a value. */
  present: number;
  /** Values with leading zeros or a plus, which a number would lose. */
  coded: number;
  /** Whole numbers of more digits than a double holds. */
  long: number;
  /** Format → values of text that are no days by it; only where no type but text fits. */
  formats: Record<string, number>;
  /** Of whole numbers. */
  low: number | null;
  high: number | null;
}

/** Every field once for each type that it may have, and how to measure which it has. */
export function evidenceSql(
  names: readonly string[],
  fields: readonly string[],
): {
  columns: SourceColumn[];
  measure(session: Session, opened: OpenSource, rows: number): Promise<ColumnEvidence[]>;
} {
  const nameOf = (at: number, type: ColumnType) => `${names[at]}#${type}`;
  return {
    columns: fields.flatMap((from, at) => CANDIDATES.map((type) => ({ name: nameOf(at, type), type, from }))),
    async measure(session, opened, rows) {
      const valueOf = (at: number, type: ColumnType) => opened.columns.get(nameOf(at, type))?.value;
      const counts: string[] = [];
      fields.forEach((_, at) => {
        const known = CANDIDATES.flatMap((type) => valueOf(at, type) ?? []);
        const [any] = known;
        counts.push(
          `count(${any ? any.shown : "NULL"}) FILTER (WHERE trim(${any ? any.shown : "NULL"}) <> '') AS p${at}`,
        );
        for (const type of CANDIDATES) {
          const value = valueOf(at, type);
          if (value) counts.push(`count(*) FILTER (WHERE ${value.misfit ?? "false"}) AS "${type}${at}"`);
        }
        if (any && opened.isText) {
          const text = `trim(${any.shown})`;
          counts.push(`count(*) FILTER (WHERE regexp_full_match(${text}, '(\\+\\d+|0\\d+)')) AS coded${at}`);
          counts.push(`count(*) FILTER (WHERE regexp_full_match(${text}, '[+-]?\\d{16,}')) AS long${at}`);
        }
        const whole = valueOf(at, "bigint");
        if (whole)
          counts.push(
            `min(TRY_CAST(${whole.sql} AS DOUBLE)) AS low${at}, max(TRY_CAST(${whole.sql} AS DOUBLE)) AS high${at}`,
          );
      });
      const some = `(SELECT * FROM ${opened.relation} LIMIT ${rows})`;
      const found = await session.row<Record<string, number | null>>(`SELECT ${counts.join(", ")} FROM ${some}`);
      const evidence = fields.map((_, at): ColumnEvidence => ({
        present: found[`p${at}`] ?? 0,
        misfits: Object.fromEntries(
          CANDIDATES.flatMap((type) => (valueOf(at, type) ? [[type, found[`${type}${at}`] ?? 0]] : [])),
        ),
        coded: found[`coded${at}`] ?? 0,
        long: found[`long${at}`] ?? 0,
        formats: {},
        low: found[`low${at}`] ?? null,
        high: found[`high${at}`] ?? null,
      }));
      if (opened.isText) await tellFormats(session, some, evidence, (at) => valueOf(at, "string")?.sql);
      return evidence;
    },
  };
}

/** Tries the ways to write days on columns that are nothing but text. */
async function tellFormats(
  session: Session,
  relation: string,
  evidence: ColumnEvidence[],
  textOf: (at: number) => string | undefined,
): Promise<void> {
  const open = evidence.flatMap(({ present, misfits }, at) => {
    const isText = CANDIDATES.filter((type) => misfits[type] === 0).every((type) => type === "string");
    const text = textOf(at);
    return present > 0 && isText && text ? [{ at, text: `nullif(trim(${text}), '')` }] : [];
  });
  if (open.length === 0) return;
  const counts = open.flatMap(({ at, text }) =>
    DATE_FORMATS.map(
      (format, k) =>
        `count(*) FILTER (WHERE ${text} IS NOT NULL AND try_strptime(${text}, ${quoteText(format)}) IS NULL) AS f${at}_${k}`,
    ),
  );
  const found = await session.row<Record<string, number>>(`SELECT ${counts.join(", ")} FROM ${relation}`);
  for (const { at } of open)
    DATE_FORMATS.forEach((format, k) => ((evidence[at] as ColumnEvidence).formats[format] = found[`f${at}_${k}`] ?? 0));
}

export interface TypeChoice {
  /** Null where no type can hold the values: the column is left out. */
  type: ColumnType | null;
  /** A format that reading has to name. */
  format?: string;
  warning?: string;
}

/** The narrowest type that loses nothing. */
export function chooseType(name: string, evidence: ColumnEvidence, reading: SourceReading): TypeChoice {
  const { misfits, present, coded, long, formats } = evidence;
  const fitting = CANDIDATES.filter((type) => misfits[type] === 0);
  if (fitting.length === 0)
    return Object.keys(misfits).length === 0 || misfits.string === undefined || misfits.string > 0
      ? { type: null, warning: `Column ${name} holds values that no type can, such as objects: it is left out. Name a member of it, such as from: "${name}.member".` } // prettier-ignore
      : { type: "string" };
  if (present === 0)
    return fitting.includes("string")
      ? { type: "string", warning: `Column ${name} has no value at all: string is a guess.` }
      : { type: fitting[0] as ColumnType };
  const [first] = fitting;
  const isNumber = first === "bigint" || first === "double";
  if (isNumber && coded > 0 && fitting.includes("string"))
    return { type: "string", warning: `Column ${name} has ${coded.toLocaleString("en")} numbers that begin with 0 or +, such as codes do: as string nothing of them is lost.` }; // prettier-ignore
  if (first === "double" && long > 0 && fitting.includes("string"))
    return { type: "string", warning: `Column ${name} has whole numbers beyond 64 bits: as string they stay exact.` };
  if (first === "bigint" && looksLikeEpoch(name, evidence) && reading.epoch === undefined)
    return { type: "bigint", warning: `Column ${name} may count from 1970. If it is a time, say reading: { epoch: ${(evidence.high ?? 0) > 1e11 ? "milliseconds" : "seconds"} } and type: timestamp.` }; // prettier-ignore
  if (first !== "string") return { type: first as ColumnType };
  const exact = Object.keys(formats).filter((format) => formats[format] === 0);
  const [format, ...others] = exact;
  if (format === undefined) return { type: "string" };
  if (others.length > 0)
    return {
      type: "string",
      warning: `Column ${name} holds days that may be read as ${exact.join(" or as ")}: say which as reading: { ${format.includes("%H") || format.includes("%I") ? "timestampFormat" : "dateFormat"}: "${format}" }.`,
    };
  return { type: /%[HI]/.test(format) ? "timestamp" : "date", format };
}

function looksLikeEpoch(name: string, { low, high }: ColumnEvidence): boolean {
  if (
    low === null ||
    high === null ||
    !/(^|[_\W])(ts|time|timestamp|epoch|at|date|created|updated)([_\W]|$)/i.test(name)
  )
    return false;
  return (low > 5e8 && high < 4e9) || (low > 5e11 && high < 4e12);
}
