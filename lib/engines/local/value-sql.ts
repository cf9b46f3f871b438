/**
 * SQL that reads a value of a file as its declared type, and SQL that says when it is none. DuckDB's own cast from text rounds
 * 1.5 to 2, drops the time of a date and forgets the offset of a time, so text is checked by its form before it is cast; values that
 * have a type are read only where nothing of them is lost. Pure.
 */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceReading } from "@/lib/domain/definitions/source";
import { inCalendar, SQL_TYPES, quoteText } from "./quote";

/** A declared column over the files. */
export interface ValueSql {
  /** The value; null where it is missing. Undefined where `misfit` is true. */
  sql: string;
  /** Condition that there is a value and it is none of the declared type; null when every value fits. */
  misfit: string | null;
  /** The value as the file has it, as text. */
  shown: string;
  /** Condition that text stands for a missing value although nobody said so; null when none can. */
  assumedMissing: string | null;
  /** Condition that a part of the value finer than a microsecond is cut off; null when there is none. */
  cut: string | null;
  /** Condition that the clocks of the source's zone never showed the time, or did so twice; null when there can be no such. */
  doubtful: string | null;
  /** SQL of the sign of the currency in a number; null where there can be none. Two in one column are two units. */
  unit: string | null;
}

/** What stands for a missing value in a column that is no text, where a source does not say otherwise. */
const MISSING_WORDS = ["NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "\\N", "<NA>", "NaT"];

const CURRENCY = "[$€£¥₹]";
const OFFSET = "(Z| ?UTC| ?[+-]\\d{2}(:?\\d{2})?)";
const DAY = "\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}";
const CLOCK = "\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?";
const ISO_TIME = `${DAY}([T ]${CLOCK}${OFFSET}?)?`;
const MIDNIGHT = "[T ]00:00(:00([.,]0+)?)?";
const TRUE_WORDS = ["true", "t", "yes", "y", "1", "1.0"];
const FALSE_WORDS = ["false", "f", "no", "n", "0", "0.0"];
/** Doubles hold every whole number below it; it is also what the next one is rounded to. */
const EXACT = "9007199254740992";
/** Decimal numbers of no more digits than this have a double each, so that whole ones are told from others. */
const TOLD_APART = 15;
/** Microseconds since 1970 of the first moment of the year 1 and the last one of 9999. */
const [FIRST_MICROS, LAST_MICROS] = ["-62135596800000000", "253402300799999999"];
/** Whole numbers of fewer digits are doubles; those of more are beyond HUGEINT, by which they are compared. */
const LONG_DIGITS = [16, 38] as const;

const list = (words: readonly string[]) => words.map(quoteText).join(", ");
const matches = (sql: string, pattern: string) => `regexp_full_match(${sql}, ${quoteText(pattern)})`;
const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Formats of `strptime`, as a list. */
function formatsOf(...formats: (string | readonly string[] | undefined)[]): string[] {
  return formats.flatMap((format) => (format === undefined ? [] : typeof format === "string" ? [format] : [...format]));
}

/** Gives an expression a name, so that what stands in others several times is computed, and planned, once. Answers what reads it. */
export type Step = (sql: string) => string;

const inPlace: Step = (sql) => sql;

/** Reads text. `raw` is null where there is nothing. */
export function textValue(type: ColumnType, raw: string, reading: SourceReading, step: Step = inPlace): ValueSql {
  const whole = (sql: string, misfit: string | null): ValueSql => ({
    sql,
    misfit,
    shown: raw,
    assumedMissing: null,
    cut: null,
    doubtful: null,
    unit: null,
  });
  if (type === "string") return whole(raw, null);
  const words = reading.nullValues ?? MISSING_WORDS;
  const trimmed = step(`trim(${raw}, ' \t')`);
  const blank = `${trimmed} = ''`;
  const isWord = words.length > 0 ? `${trimmed} IN (${list(words)})` : "false";
  const text = step(`CASE WHEN ${blank} OR ${isWord} THEN NULL ELSE ${trimmed} END`);
  const typed = valueOf(type, text, reading, step);
  return {
    ...typed,
    shown: raw,
    assumedMissing: reading.nullValues === undefined ? isWord : null,
    unit: type === "bigint" || type === "double" ? `nullif(regexp_extract(${raw}, ${quoteText(CURRENCY)}), '')` : null,
  };
}

function valueOf(
  type: ColumnType,
  text: string,
  reading: SourceReading,
  step: Step,
): Omit<ValueSql, "shown" | "assumedMissing" | "unit"> {
  const misfitUnless = (sql: string, fits: string) => ({ sql, misfit: `${text} IS NOT NULL AND NOT coalesce(${fits}, false)`, cut: null, doubtful: null }); // prettier-ignore
  switch (type) {
    case "bigint": {
      const number = step(plainNumber(text, reading));
      // 12 and 12.0 by their digits, so that nothing goes through a double; 1e3 where a double is exact.
      const digits = `regexp_replace(${number}, '\\.0*$', '')`;
      const double = step(`TRY_CAST(${number} AS DOUBLE)`);
      const significant = `length(regexp_replace(${number}, '[eE].*$|\\D', '', 'g'))`;
      return misfitUnless(
        `CASE WHEN ${matches(number, "[+-]?\\d+\\.?0*")} THEN TRY_CAST(${digits} AS BIGINT) ELSE TRY_CAST(${double} AS BIGINT) END`,
        `${numberForm(text, reading)} AND CASE WHEN ${matches(number, "[+-]?\\d+\\.?0*")} THEN TRY_CAST(${digits} AS BIGINT) IS NOT NULL ELSE ${double} = trunc(${double}) AND abs(${double}) < ${EXACT} AND ${significant} <= ${TOLD_APART} END`,
      );
    }
    case "double": {
      const number = step(plainNumber(text, reading));
      const special = `lower(${text}) IN ('nan', '+nan', '-nan', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity')`;
      return misfitUnless(
        `TRY_CAST(CASE WHEN ${special} THEN ltrim(${text}, '+') ELSE ${number} END AS DOUBLE)`,
        // 1e400 is no double, and neither is a whole number between two of them.
        `${special} OR (${numberForm(text, reading)} AND isfinite(TRY_CAST(${number} AS DOUBLE)) AND NOT ${isRounded(number)})`,
      );
    }
    case "boolean":
      return misfitUnless(
        `CASE WHEN lower(${text}) IN (${list(TRUE_WORDS)}) THEN true WHEN lower(${text}) IN (${list(FALSE_WORDS)}) THEN false END`,
        `lower(${text}) IN (${list([...TRUE_WORDS, ...FALSE_WORDS])})`,
      );
    case "date": {
      const formats = formatsOf(reading.dateFormat, reading.timestampFormat);
      const iso = `CASE WHEN ${matches(text, `${DAY}(${MIDNIGHT})?`)} THEN TRY_CAST(${text} AS DATE) END`;
      const other = `try_strptime(${text}, [${list(formats)}])`;
      const formatted = `CASE WHEN ${other} = date_trunc('day', ${other}) THEN CAST(${other} AS DATE) END`;
      const value = step(formats.length > 0 ? `coalesce(${iso}, ${formatted})` : iso);
      return misfitUnless(value, inCalendar(value));
    }
    case "timestamp":
      return { ...instantOf(text, reading, step), cut: matches(text, ".*[.,]\\d{6}\\d*[1-9]\\d*( ?[A-Za-z+-].*)?") };
    case "vector":
      return misfitUnless(
        `TRY_CAST(${text} AS DOUBLE[])`,
        // An element that is no number would become a null without a word.
        `list_count(TRY_CAST(${text} AS DOUBLE[])) = list_count(TRY_CAST(${text} AS VARCHAR[])) AND len(list_filter(TRY_CAST(${text} AS VARCHAR[]), lambda e: ${isRounded("trim(e)")})) = 0`,
      );
    case "strings":
      return misfitUnless(`TRY_CAST(${text} AS VARCHAR[])`, `TRY_CAST(${text} AS VARCHAR[]) IS NOT NULL`);
    case "string":
      return { sql: text, misfit: null, cut: null, doubtful: null };
  }
}

/** An instant as a TIMESTAMP in UTC. */
function instantOf(
  text: string,
  reading: SourceReading,
  step: Step,
): Pick<ValueSql, "sql" | "doubtful"> & { misfit: string } {
  const zone = reading.timeZone ?? "UTC";
  const placed = (time: string) => placedIn(zone, time);
  // Seconds and a comma before their fraction are optional in the file and not in DuckDB.
  const point = step(`regexp_replace(replace(${text}, ',', '.'), ' ([+-]\\d{2}(:?\\d{2})?)$', '\\1')`);
  const full = `regexp_replace(${point}, '([T ]\\d{1,2}:\\d{2})(\\D.*)?$', '\\1:00\\2')`;
  const normal = `CASE WHEN ${matches(point, `.*[T ]\\d{1,2}:\\d{2}${OFFSET}?`)} THEN ${full} ELSE ${point} END`;
  const written = step(normal);
  const zoned = matches(text, `${DAY}[T ]${CLOCK}${OFFSET}`);
  const local = `TRY_CAST(${written} AS TIMESTAMP)`;
  const iso = `CASE WHEN ${zoned} THEN timezone('UTC', TRY_CAST(${written} AS TIMESTAMPTZ)) WHEN ${matches(text, ISO_TIME)} THEN ${placed(local)} END`;
  const ways = [iso];
  // As on the clocks of the zone.
  const locals = [`CASE WHEN NOT ${zoned} AND ${matches(text, ISO_TIME)} THEN ${local} END`];
  for (const format of formatsOf(reading.timestampFormat, reading.dateFormat)) {
    const read = `try_strptime(${text}, ${quoteText(format)})`;
    const isZoned = /%[zZ]/.test(format);
    if (!isZoned) locals.push(`CASE WHEN NOT ${zoned} THEN CAST(${read} AS TIMESTAMP) END`);
    ways.push(isZoned ? `timezone('UTC', CAST(${read} AS TIMESTAMPTZ))` : placed(`CAST(${read} AS TIMESTAMP)`));
  }
  if (reading.epoch) {
    const scale = reading.epoch === "seconds" ? 1_000_000 : 1000;
    const count = `TRY_CAST(round(TRY_CAST(${text} AS DECIMAL(36, 6)) * ${scale}) AS BIGINT)`;
    ways.push(`CASE WHEN ${matches(text, "[+-]?\\d{1,15}(\\.\\d*)?")} THEN ${timeOfMicros(count)} END`);
  }
  const sql = step(ways.length === 1 ? iso : `coalesce(${ways.join(", ")})`);
  const misfit = `${text} IS NOT NULL AND NOT coalesce(${inCalendar(sql)}, false)`;
  return { sql, misfit, doubtful: doubtfulIn(zone, `coalesce(${locals.join(", ")})`) };
}

/** The instant, in UTC, of a time on the clocks of a zone. */
function placedIn(zone: string, time: string): string {
  return zone === "UTC" ? time : `timezone('UTC', timezone(${quoteText(zone)}, ${time}))`;
}

/** Condition that clocks went over a time, so that they show another at its instant, or showed it before as well. */
function doubtfulIn(zone: string, time: string): string | null {
  if (zone === "UTC") return null;
  const at = `timezone(${quoteText(zone)}, ${time})`;
  const shown = (instant: string) => `timezone(${quoteText(zone)}, ${instant})`;
  // Clocks go back by an hour, or by half of one.
  const before = ["1 HOUR", "30 MINUTE"].map((span) => `${shown(`${at} - INTERVAL ${span}`)} = ${time}`);
  return `coalesce(${shown(at)} <> ${time} OR ${before.join(" OR ")}, false)`;
}

/** Null for a count of microseconds since 1970 beyond the calendar, which DuckDB would end the query for. */
function timeOfMicros(count: string): string {
  return `CASE WHEN ${count} BETWEEN ${FIRST_MICROS} AND ${LAST_MICROS} THEN make_timestamp(${count}) END`;
}

/** Condition that the digits of a whole number are none that a double has: neither in full, nor as few as tell it from others. */
function isRounded(number: string): string {
  const digits = `regexp_replace(${number}, '\\.0*$', '')`;
  const double = `TRY_CAST(${digits} AS DOUBLE)`;
  const [least, most] = LONG_DIGITS;
  const ways = [double, `CAST(${double} AS VARCHAR)`].map((way) => `TRY_CAST(${way} AS HUGEINT)`);
  return `CASE WHEN length(${number}) >= ${least} AND ${matches(digits, `[+-]?\\d{${least},${most}}`)} THEN NOT coalesce(TRY_CAST(${digits} AS HUGEINT) IN (${ways.join(", ")}), false) ELSE false END`;
}

/** The digits of a number without what a file writes for people. */
function plainNumber(text: string, { decimal, thousands }: SourceReading): string {
  let sql = `regexp_replace(${text}, '^([+-]?) ?${CURRENCY} ?| ?${CURRENCY}$', '\\1')`;
  if (thousands) sql = `replace(${sql}, ${quoteText(thousands)}, '')`;
  if (decimal && decimal !== ".") sql = `replace(${sql}, ${quoteText(decimal)}, '.')`;
  return sql;
}

/** Condition that text is a number: groups of three where thousands are marked, so that 1,5 never becomes 15. */
function numberForm(text: string, { decimal = ".", thousands }: SourceReading): string {
  const point = escapeRegex(decimal);
  const group = thousands && escapeRegex(thousands);
  const whole = group ? `(\\d+|\\d{1,3}(${group}\\d{3})+)` : "\\d+";
  const digits = `(${whole}(${point}\\d*)?|${point}\\d+)`;
  return matches(text, `[+-]? ?(${CURRENCY} ?)?[+-]?${digits}([eE][+-]?\\d+)?( ?${CURRENCY})?`);
}

const INTEGER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?HUGEINT)$/;
const SMALL_INTEGER = /^(U?(TINYINT|SMALLINT|INTEGER))$/;
const REAL = /^(FLOAT|DOUBLE)$/;
const DECIMAL = /^DECIMAL\(.*\)$/;
const TEXT = /^(VARCHAR|UUID|ENUM\(.*\))$/;
const TIME = /^TIMESTAMP(_S|_MS|_NS)?$/;
const ZONED = /^TIMESTAMP(_NS)? WITH TIME ZONE$/;

/**
 * Reads a value that has a DuckDB type of its own. Null when no value of that type can be of the declared one. A NaN in a column of
 * integers or truth values is how pandas writes that there is none.
 */
export function typedValue(
  found: string,
  type: ColumnType,
  value: string,
  reading: Pick<SourceReading, "timeZone" | "epoch"> = {},
): ValueSql | null {
  const as = (
    sql: string,
    misfit: string | null = null,
    { cut = null, doubtful = null }: { cut?: string | null; doubtful?: string | null } = {},
  ): ValueSql => ({
    sql,
    misfit,
    shown: `CAST(${value} AS VARCHAR)`,
    assumedMissing: null,
    cut,
    doubtful,
    unit: null,
  });
  const cast = `CAST(${value} AS ${SQL_TYPES[type]})`;
  const tried = `TRY_CAST(${value} AS ${SQL_TYPES[type]})`;
  const outside = (time: string) => `${value} IS NOT NULL AND NOT coalesce(${inCalendar(time)}, false)`;
  if (found === '"NULL"' || found === "NULL") return as(cast);
  switch (type) {
    case "boolean":
      if (found === "BOOLEAN") return as(cast);
      if (INTEGER.test(found) || DECIMAL.test(found)) return as(`${value} = 1`, `${value} NOT IN (0, 1)`);
      if (REAL.test(found)) return as(`nullif(${value}, 'nan') = 1`, `NOT isnan(${value}) AND ${value} NOT IN (0, 1)`);
      return null;
    case "bigint":
      if (SMALL_INTEGER.test(found) || found === "BIGINT") return as(cast);
      if (INTEGER.test(found)) return as(tried, `${value} IS NOT NULL AND ${tried} IS NULL`);
      if (DECIMAL.test(found))
        return as(tried, `${value} IS NOT NULL AND (${tried} IS NULL OR ${value} <> trunc(${value}))`);
      if (REAL.test(found)) {
        const sql = `TRY_CAST(nullif(${value}, 'nan') AS BIGINT)`;
        return as(
          sql,
          `NOT isnan(${value}) AND NOT coalesce(${value} = trunc(${value}) AND abs(${value}) < ${EXACT}, false)`,
        );
      }
      return null;
    case "double":
      if (REAL.test(found) || SMALL_INTEGER.test(found)) return as(cast);
      if (INTEGER.test(found)) return as(cast, `CAST(${cast} AS HUGEINT) <> ${value}`);
      if (DECIMAL.test(found))
        return as(
          cast,
          // A fraction is the nearest double, as everywhere; a whole number is that number or does not fit.
          `${value} = trunc(${value}) AND coalesce(TRY_CAST(${cast} AS HUGEINT) <> TRY_CAST(${value} AS HUGEINT), true)`,
        );
      return null;
    case "string":
      return TEXT.test(found) || INTEGER.test(found) || DECIMAL.test(found) || /^TIME(_NS)?$/.test(found)
        ? as(cast)
        : null;
    case "date":
      if (found === "DATE") return as(cast, outside(value));
      if (TIME.test(found)) return as(tried, `${outside(tried)} OR ${value} <> date_trunc('day', ${value})`);
      return null;
    case "timestamp": {
      const cut = found.includes("_NS") ? `epoch_ns(${value}) % 1000 <> 0` : null;
      const read = (sql: string, doubtful: string | null = null) => as(sql, outside(sql), { cut, doubtful });
      if (ZONED.test(found)) return read(`timezone('UTC', TRY_CAST(${value} AS TIMESTAMPTZ))`);
      if (TIME.test(found) || found === "DATE") {
        const zone = reading.timeZone ?? "UTC";
        return read(placedIn(zone, tried), doubtfulIn(zone, tried));
      }
      if (reading.epoch && (INTEGER.test(found) || REAL.test(found) || DECIMAL.test(found))) {
        const scale = reading.epoch === "seconds" ? 1_000_000 : 1000;
        const count = `TRY_CAST(round(TRY_CAST(${value} AS DECIMAL(30, 6)) * ${scale}) AS BIGINT)`;
        return as(timeOfMicros(count), outside(timeOfMicros(count)));
      }
      return null;
    }
    case "vector": {
      const inner = /^(.*)\[\d*\]$/.exec(found)?.[1];
      const element = inner && typedValue(inner, "double", "e");
      if (!element) return null;
      return element.misfit ? as(cast, `len(list_filter(${value}, lambda e: ${element.misfit})) > 0`) : as(cast);
    }
    case "strings":
      return /^VARCHAR\[\d*\]$/.test(found) ? as(cast) : null;
  }
}

/** Condition that a number, in text, may stand for several whole ones once it is a double. */
export function isBeyondExact(number: string): string {
  return `abs(TRY_CAST(${number} AS DOUBLE)) >= ${EXACT}`;
}

/** The value where it fits; one that does not ends the query, so that no later reader goes on with another. */
export function strictValue({ sql, misfit, shown }: ValueSql, type: ColumnType, where: string): string {
  if (misfit === null) return sql;
  const complaint = `error(${quoteText(`${where} holds a value that is not ${type}: `)} || coalesce(${shown}, 'NULL'))`;
  return `CASE WHEN ${misfit} THEN CAST(${complaint} AS ${SQL_TYPES[type]}) ELSE ${sql} END`;
}
