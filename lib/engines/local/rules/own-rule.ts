import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { readRelation } from "@/lib/domain/rules/judge-own";
import {
  countPersonal,
  detectPersonal,
  PERSONAL_KINDS,
  type PersonalKind,
} from "@/lib/domain/rules/personal/detect-personal";
import { personalName } from "@/lib/domain/rules/personal/personal-name";
import type { Measured } from "@/lib/domain/rules/rule-result";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { quoteName } from "../quote";
import type { Session } from "../session";
import { measureRelation } from "./relation";

/** What a rule may need that does not stand in the rows. */
export interface RuleFacts {
  /** Condition on the rows that models are trained on, with their part's name; null when the data are not split. */
  train: { condition: string; part: string } | null;
  /** Keys tell rows apart and repeat nothing. */
  keys: readonly string[];
  /** Bytes that a column takes in the files. */
  bytes(column: string): Promise<number>;
  /** Column → milliseconds that its stage took; none for what no stage wrote. */
  milliseconds: Readonly<Record<string, number>>;
}

/** Different values that are searched for personal data, unless the rule says otherwise. */
const SAMPLED = 10_000;
const NUMBERS: readonly ColumnType[] = ["bigint", "double", "boolean"];

/** Measures a data test that is not Great Expectations'. */
export async function measureOwn(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  { rule, condition }: { rule: Rule; condition: string },
  facts: RuleFacts,
): Promise<Measured> {
  const name = String(rule.kwargs.column);
  const counted = await session.row<{ elements: number; missing: number }>(
    `SELECT count(*) AS elements, count(*) FILTER (${quoteName(name)} IS NULL) AS missing FROM ${table} WHERE ${condition}`,
  );
  const counts = { elements: Number(counted.elements), missing: Number(counted.missing) };
  switch (rule.type) {
    case "feature_label_relation_to_be_between": {
      const { train } = facts;
      const rows = train ? `${condition} AND ${train.condition}` : condition;
      const label = String(rule.kwargs.label);
      const found = await measureRelation(session, table, types, [name, label], rows);
      const { measure, value, strength } = found;
      const details = { measure, value, reading: readRelation(strength), rows: found.rows, part: train?.part ?? "all" };
      return { family: "aggregate", observed: strength, details, ...counts };
    }
    case "feature_correlation_to_be_at_most":
      return {
        family: "aggregate",
        ...(await correlate(session, table, types, rule, condition, facts.keys)),
        ...counts,
      };
    case "feature_cost_to_be_at_most": {
      const milliseconds = facts.milliseconds[name] ?? null;
      const observed = { rows: counts.elements, bytes: await facts.bytes(name), milliseconds };
      return { family: "aggregate", observed, ...counts };
    }
    case "values_to_hold_no_personal_data":
      return { family: "personal", ...(await searchPersonal(session, table, types, rule, condition)), ...counts };
    default:
      throw new DomainError("unsupported", `The local engine cannot check ${rule.type}.`);
  }
}

/** The largest |Pearson's r| with another number, over rows that have both. */
async function correlate(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  { kwargs }: Rule,
  condition: string,
  keys: readonly string[],
): Promise<{ observed: number | null; details: Record<string, Json> }> {
  const name = String(kwargs.column);
  const isNumber = (column: string) => NUMBERS.includes(types.get(column) as ColumnType);
  if (!isNumber(name))
    throw new DomainError(
      "invalid",
      `${name} is ${types.get(name)}; a correlation is for ${NUMBERS.join(", ")} columns.`,
    );
  const others = (Array.isArray(kwargs.column_list) ? kwargs.column_list.map(String) : [...types.keys()]).filter(
    (column) => column !== name && !keys.includes(column) && isNumber(column),
  );
  if (others.length === 0) return { observed: null, details: { with: null, correlations: {} } };
  const number = (column: string) => `${quoteName(column)}::DOUBLE`;
  const figures = others.map(
    (other, at) =>
      `corr(${number(name)}, ${number(other)}) FILTER (isfinite(${number(name)}) AND isfinite(${number(other)})) AS c${at}`,
  );
  const row = await session.row<Record<string, number | null>>(
    `SELECT ${figures.join(", ")} FROM ${table} WHERE ${condition}`,
  );
  const known = others
    .flatMap((other, at): [string, number][] => {
      const value = row[`c${at}`];
      return typeof value === "number" && Number.isFinite(value) ? [[other, value]] : [];
    })
    .sort(([, one], [, other]) => Math.abs(other) - Math.abs(one));
  const [strongest] = known;
  return {
    observed: strongest ? Math.abs(strongest[1]) : null,
    details: { with: strongest?.[0] ?? null, correlations: Object.fromEntries(known.slice(0, 10)) },
  };
}

async function searchPersonal(
  session: Session,
  table: string,
  types: ReadonlyMap<string, ColumnType>,
  { kwargs }: Rule,
  condition: string,
): Promise<Omit<Extract<Measured, { family: "personal" }>, "family" | "elements" | "missing">> {
  const name = String(kwargs.column);
  const column = quoteName(name);
  const type = types.get(name) as ColumnType;
  const byName = personalName(name, type);
  const text = type === "strings" ? `unnest(${column})` : `${column}::VARCHAR`;
  if (!["string", "strings", "bigint"].includes(type)) return { sampled: 0, found: [], unexpected: 0, byName };
  const sample = Number(kwargs.sample_rows ?? SAMPLED);
  // By hash: as good as at random, and the same values again tomorrow.
  const rows = await session.rows<{ v: string }>(
    `SELECT v FROM (SELECT DISTINCT ${text} AS v FROM ${table} WHERE ${condition} AND ${column} IS NOT NULL)
     WHERE v IS NOT NULL ORDER BY hash(v), v LIMIT ${sample}`,
  );
  const values = rows.map(({ v }) => v);
  const found = detectPersonal(values, Array.isArray(kwargs.kinds) ? (kwargs.kinds as PersonalKind[]) : PERSONAL_KINDS);
  const unexpected = countPersonal(values, found.map(({ kind }) => kind)); // prettier-ignore
  return { sampled: values.length, found, unexpected, byName };
}
