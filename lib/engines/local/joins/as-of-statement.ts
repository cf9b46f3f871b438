/**
 * One statement that joins any number of views point-in-time, by the rule of lib/domain/joins. A view's rows are reduced to those
 * that are the newest when they are first seen; then DuckDB's ASOF join finds the last one at or before each spine row's moment.
 * All times are BIGINT microseconds since 1970. Pure.
 */
import type { JoinRule } from "@/lib/domain/joins/point-in-time";
import { quoteName } from "../quote";

/** SQL over a relation under a name. */
export interface NamedSql {
  name: string;
  sql: string;
}

export interface SpineSql {
  /** What stands after FROM. */
  relation: string;
  at: string;
  /** Tells the order of rows. */
  position: string;
  /** Columns of the answer that come before the views', as the spine has them. */
  columns: readonly NamedSql[];
}

export interface ViewSql {
  relation: string;
  /** Pairs over the spine's relation and this one, of equal types. */
  keys: readonly { spine: string; view: string }[];
  /** `ALWAYS` for rows that hold at all times: they are seen from their creation on where that counts, and do not grow old. */
  event: string;
  /** May be null for a row, and is null where no row has it. */
  created: string | null;
  /** What tells rows of equal times apart: the greatest counts. */
  order: string;
  values: readonly NamedSql[];
  rule: JoinRule;
  /** Whether no two rows have equal keys and event time, so that none need be compared. */
  isUnique?: boolean;
}

/** The event time of rows without one: before every moment. */
export const ALWAYS = "-4000000000000000000::BIGINT";
const NOT_CREATED = "-9000000000000000000::BIGINT";
const POSITION = quoteName("#position");

/** Under which name `select` finds why a value is what it is: a `ValueStatus`. */
export const statusName = (value: string) => `#status ${value}`;

/**
 * A query of the spine's columns and the views' values, in the spine's order.
 * @param select what the query returns, made of all columns and the SQL of the spine's position; each column under its name when left out
 * @param first so many rows of the spine only
 */
export function asOfStatement(
  spine: SpineSql,
  views: readonly ViewSql[],
  select: (columns: readonly NamedSql[], position: string) => string[] = asNamed,
  { statuses = false, first }: { statuses?: boolean; first?: number } = {},
): string {
  const keys = [...new Set(views.flatMap((view) => view.keys.map((key) => key.spine)))];
  const keyName = (sql: string) => quoteName(`#key ${keys.indexOf(sql)}`);
  const own = spine.columns.map((_, i) => quoteName(`#column ${i}`));
  const from = [
    ...keys.map((sql) => `${sql} AS ${keyName(sql)}`),
    ...spine.columns.map(({ sql }, i) => `${sql} AS ${own[i]}`),
    `${spine.at} AS "#at"`,
    `${spine.position} AS ${POSITION}`,
  ];
  const columns = spine.columns.map(({ name }, i): NamedSql => ({ name, sql: `s.${own[i]}` }));
  const joins = views.map((view, i) => {
    const { ttl, boundary } = view.rule;
    const event = `v${i}."#event"`;
    const isFresh = ttl !== null && ttl > 0n ? `${event} >= s."#at" - ${ttl} OR ${event} = ${ALWAYS}` : null;
    view.values.forEach(({ name }, j) => {
      const value = `v${i}.${quoteName(`#value ${j}`)}`;
      columns.push({ name, sql: isFresh === null ? value : `CASE WHEN ${isFresh} THEN ${value} END` });
      if (statuses) columns.push({ name: statusName(name), sql: statusOf(view, { event, value, isFresh }) });
    });
    const on = view.keys.map((key, k) => `s.${keyName(key.spine)} = v${i}.${quoteName(`#key ${k}`)}`);
    const seen = `s."#at" ${boundary === "inclusive" ? ">=" : ">"} v${i}.${fromOf(view)}`;
    return `ASOF LEFT JOIN (${newestRows(view)}) v${i} ON ${[...on, seen].join(" AND ")}`;
  });
  function statusOf(view: ViewSql, of: { event: string; value: string; isFresh: string | null }): string {
    const hasNoKey = view.keys.map((key) => `s.${keyName(key.spine)} IS NULL`).join(" OR ") || "false";
    const isExpired = of.isFresh === null ? "false" : `NOT (${of.isFresh})`;
    return `CASE WHEN ${hasNoKey} THEN 'NO_KEY' WHEN ${of.event} IS NULL THEN 'NO_ROW' WHEN ${isExpired} THEN 'EXPIRED' WHEN ${of.value} IS NULL THEN 'NULL' ELSE 'PRESENT' END`;
  }
  return [
    `SELECT ${select(columns, `s.${POSITION}`).join(", ")}`,
    `FROM (SELECT ${from.join(", ")} FROM ${spine.relation}${first === undefined ? "" : ` ORDER BY ${spine.position} LIMIT ${first}`}) s`,
    ...joins,
    `ORDER BY s.${POSITION}`,
  ].join("\n");
}

const isLateIn = ({ rule, created }: ViewSql) => rule.knowledge === "created" && created !== null;

/** The column with the moment from which a row is seen: mostly its event time, which then need not be carried twice. */
const fromOf = (view: ViewSql) => (view.rule.delay === 0n && !isLateIn(view) ? '"#event"' : '"#from"');

const asNamed = (columns: readonly NamedSql[]) => columns.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`);

/** Rows of a view that are the newest when they are first seen, one for each such moment. */
function newestRows(view: ViewSql): string {
  const { relation, keys, event, created, order, values, rule, isUnique } = view;
  const isLate = isLateIn(view);
  const from = fromOf(view);
  const due = `${event} + ${rule.delay}`;
  const by = keys.map((_, k) => quoteName(`#key ${k}`)).join(", ");
  const names = values.map((_, j) => quoteName(`#value ${j}`));
  const rows = [
    `SELECT ${[
      ...keys.map((key, k) => `${key.view} AS ${quoteName(`#key ${k}`)}`),
      `${event} AS "#event"`,
      ...(from === '"#event"' ? [] : [`${isLate ? `greatest(${due}, ${created})` : due} AS ${from}`]),
      ...values.map(({ sql }, j) => `${sql} AS ${names[j]}`),
      ...(isUnique && !isLate ? [] : [`coalesce(${created ?? "NULL"}, ${NOT_CREATED}) AS "#created"`, `${order} AS "#order"`]), // prettier-ignore
    ].join(", ")} FROM ${relation}`,
    `WHERE ${[...keys.map((key) => `${key.view} IS NOT NULL`), `${event} IS NOT NULL`].join(" AND ")}`,
  ].join(" ");
  const shown = [...new Set(['"#event"', from]), ...names].join(", ");
  const kept = `SELECT ${by}, ${shown} FROM`;
  if (isUnique && !isLate) return rows;
  const age = '"#event", "#created", "#order"';
  if (!isLate)
    return `${kept} (${rows}) QUALIFY row_number() OVER (PARTITION BY ${by}, ${from} ORDER BY ${age.replaceAll(",", " DESC,")} DESC) = 1`;
  const ranked = `SELECT *, row_number() OVER (PARTITION BY ${by} ORDER BY ${age}) AS "#age" FROM (${rows})`;
  return `${kept} (${ranked}) QUALIFY "#age" = max("#age") OVER (PARTITION BY ${by} ORDER BY "#from" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
}
