/**
 * Statements of stages are DuckDB's SQL. A projection of them is written anew in Spark's SQL from DuckDB's own tree, with every literal
 * and operation in the type that DuckDB gives it. What has no form here that is known to give the same value is refused by name, never
 * passed on in the hope that Spark means the same by it. Spark runs with `spark.sql.ansi.enabled` and in UTC.
 */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { readSelect } from "@/lib/domain/sql/read-select";
import { SqlRefusal } from "@/lib/domain/sql/sql-refusal";
import { isNode, nodesOf, type SerializedSql, type SqlNode, textConstant, textOf, textsOf } from "@/lib/domain/sql/syntax-tree"; // prettier-ignore

/** An expression with the type that DuckDB gives it; `null` is the type of NULL. Integers of every width are bigint, decimals double. */
export interface SparkExpression {
  sql: string;
  type: ColumnType | "null";
}

/** What a statement cannot do on Spark, to be said after the stage's name: `its statement uses …`. */
export class SparkSqlRefusal extends Error {}

const refuse = (what: string): never => {
  throw new SparkSqlRefusal(`its statement uses ${what}, which has no form on the spark engine`);
};

/** A name of Spark's SQL. */
export const sparkName = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** Spark reads a backslash in a literal as the beginning of an escape. */
export const sparkText = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export function sparkNumber(value: number): string {
  return Number.isFinite(value) ? `CAST('${value}' AS DOUBLE)` : `CAST('${Number.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity"}' AS DOUBLE)`; // prettier-ignore
}

/**
 * The expressions of `SELECT *, expression AS name, … FROM __THIS__`, by their names.
 * @param columns of `__THIS__`, in the statement's words
 */
export function translateProjection(
  parsed: SerializedSql,
  columns: ReadonlyMap<string, SparkExpression>,
): Map<string, SparkExpression> {
  let reading;
  try {
    reading = readSelect(parsed, [...columns.keys()]);
  } catch (error) {
    // DuckDB's own engine refuses it too, and says so where statements are checked.
    if (error instanceof SqlRefusal) throw new SparkSqlRefusal(`its statement ${error.problem}`);
    throw error;
  }
  if (!reading.isProjection)
    throw new SparkSqlRefusal(
      "its statement is not of the form SELECT *, expression AS name, … FROM __THIS__, the only one that the spark engine runs",
    );
  const known = new Map([...columns].map(([name, expression]) => [name.toLowerCase(), expression]));
  const made = new Map<string, SparkExpression>();
  for (const item of nodesOf(parsed.statements?.[0]?.node.select_list).slice(1)) {
    const name = textOf(item.alias);
    const expression = translate(item, known);
    made.set(name, expression);
    // As in DuckDB, a later item may name an earlier one, and columns go before.
    if (!known.has(name.toLowerCase())) known.set(name.toLowerCase(), expression);
  }
  return made;
}

type Known = ReadonlyMap<string, SparkExpression>;

function translate(node: SqlNode, known: Known): SparkExpression {
  switch (node.class) {
    case "COLUMN_REF":
      return columnOf(node, known);
    case "CONSTANT":
      return constantOf(node);
    case "CAST":
      return castOf(node, known);
    case "CASE":
      return caseOf(node, known);
    case "COMPARISON":
      return compare(
        textOf(node.type),
        translate(node.left as SqlNode, known),
        translate(node.right as SqlNode, known),
      );
    case "BETWEEN": {
      if (node.type !== "COMPARE_BETWEEN") return refuse(textOf(node.type));
      const [input, lower, upper] = [node.input, node.lower, node.upper].map((part) =>
        translate(part as SqlNode, known),
      );
      const low = compare("COMPARE_GREATERTHANOREQUALTO", input as SparkExpression, lower as SparkExpression);
      const high = compare("COMPARE_LESSTHANOREQUALTO", input as SparkExpression, upper as SparkExpression);
      return boolean(`(${low.sql} AND ${high.sql})`);
    }
    case "CONJUNCTION": {
      const word = node.type === "CONJUNCTION_AND" ? " AND " : " OR ";
      const parts = nodesOf(node.children).map((part) => only(translate(part, known), "boolean", word.trim()).sql);
      return boolean(`(${parts.join(word)})`);
    }
    case "OPERATOR":
      return operatorOf(node, known);
    case "FUNCTION":
      return callOf(node, known);
    default:
      return refuse(textOf(node.class).toLowerCase() || "a form");
  }
}

const boolean = (sql: string): SparkExpression => ({ sql, type: "boolean" });
const double = (sql: string): SparkExpression => ({ sql, type: "double" });
const bigint = (sql: string): SparkExpression => ({ sql, type: "bigint" });
const string = (sql: string): SparkExpression => ({ sql, type: "string" });

function only(expression: SparkExpression, type: ColumnType, by: string): SparkExpression {
  if (expression.type !== type && expression.type !== "null") refuse(`${by} of a ${expression.type}`);
  return expression;
}

const isNumber = ({ type }: SparkExpression) => type === "bigint" || type === "double" || type === "null";

function numbers(expressions: SparkExpression[], by: string): void {
  for (const one of expressions) if (!isNumber(one)) refuse(`${by} of a ${one.type}`);
}

const asDouble = ({ sql, type }: SparkExpression): string => (type === "double" ? sql : `CAST(${sql} AS DOUBLE)`);

/** The one type that values of several places have; numbers of both kinds become doubles. */
function unify(expressions: SparkExpression[], by: string): { sql: string[]; type: SparkExpression["type"] } {
  const types = [...new Set(expressions.map(({ type }) => type))].filter((type) => type !== "null");
  if (types.length === 0) return { sql: expressions.map(({ sql }) => sql), type: "null" };
  if (types.length === 1) return { sql: expressions.map(({ sql }) => sql), type: types[0] as ColumnType };
  if (!types.every((type) => type === "bigint" || type === "double")) refuse(`${by} of ${types.join(" and ")} at once`);
  return { sql: expressions.map(asDouble), type: "double" };
}

function columnOf(node: SqlNode, known: Known): SparkExpression {
  const names = textsOf(node.column_names);
  const unqualified = names[0]?.toLowerCase() === "__this__" ? names.slice(1) : names;
  const found = unqualified.length === 1 ? known.get((unqualified[0] as string).toLowerCase()) : undefined;
  if (!found) throw new SparkSqlRefusal(`its statement reads ${names.join(".")}, which is no column of its inputs`);
  if (found.type === "vector" || found.type === "strings") return refuse(`${names.join(".")}, a list,`);
  return found;
}

function constantOf(node: SqlNode): SparkExpression {
  const value = isNode(node.value) ? node.value : {};
  const type = isNode(value.type) ? textOf(value.type.id) : "";
  if (value.is_null === true || type === "NULL") return { sql: "NULL", type: "null" };
  if (type === "VARCHAR") return string(sparkText(textOf(value.value)));
  if (type === "BOOLEAN") return boolean(value.value === true ? "true" : "false");
  if (["INTEGER", "BIGINT"].includes(type) && Number.isSafeInteger(value.value))
    return bigint(`CAST(${String(value.value)} AS BIGINT)`);
  if (type === "DOUBLE" && typeof value.value === "number") return double(sparkNumber(value.value));
  if (type === "DECIMAL" && Number.isSafeInteger(value.value)) return double(`CAST('${decimalText(value)}' AS DOUBLE)`);
  return refuse(`a constant of type ${type}`);
}

/** `{value: 25, scale: 1}` is 2.5. */
function decimalText({ value, type }: SqlNode): string {
  const scale = isNode(type) && isNode(type.type_info) ? Number(type.type_info.scale) : 0;
  return `${String(value)}e-${scale}`;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;

/** To DuckDB's type → from which types both engines give the same. A double's text, and its rounding to an integer, differ. */
const CASTS: Readonly<Record<string, { from: readonly ColumnType[]; sql: string; type: ColumnType }>> = {
  DOUBLE: { from: ["bigint", "boolean", "double"], sql: "DOUBLE", type: "double" },
  BIGINT: { from: ["bigint", "boolean"], sql: "BIGINT", type: "bigint" },
  INTEGER: { from: ["bigint", "boolean"], sql: "INT", type: "bigint" },
  BOOLEAN: { from: ["boolean", "bigint"], sql: "BOOLEAN", type: "boolean" },
  VARCHAR: { from: ["string", "bigint", "boolean", "date"], sql: "STRING", type: "string" },
  DATE: { from: ["date", "timestamp"], sql: "DATE", type: "date" },
};

function castOf(node: SqlNode, known: Known): SparkExpression {
  const to = isNode(node.cast_type) ? textOf(node.cast_type.id) : "";
  if (node.try_cast === true) return refuse("TRY_CAST");
  const child = node.child as SqlNode;
  const text = textConstant(child);
  if (to === "DATE" && text !== undefined && DATE.test(text)) return { sql: `DATE '${text}'`, type: "date" };
  if (to === "TIMESTAMP" && text !== undefined && TIMESTAMP.test(text))
    return { sql: `TIMESTAMP_NTZ '${text}'`, type: "timestamp" };
  const value = translate(child, known);
  const cast = CASTS[to];
  if (!cast) return refuse(`a cast to ${to}`);
  if (value.type !== "null" && !cast.from.includes(value.type)) return refuse(`a cast of a ${value.type} to ${to}`);
  const sql = `CAST(${value.sql} AS ${cast.sql})`;
  return { sql: cast.sql === "INT" ? `CAST(${sql} AS BIGINT)` : sql, type: cast.type };
}

function caseOf(node: SqlNode, known: Known): SparkExpression {
  const checks = nodesOf(node.case_checks);
  const when = checks.map((check) => only(translate(check.when_expr as SqlNode, known), "boolean", "WHEN"));
  const otherwise = isNode(node.else_expr) ? [translate(node.else_expr, known)] : [];
  const values = unify([...checks.map((check) => translate(check.then_expr as SqlNode, known)), ...otherwise], "CASE");
  const branches = when.map(({ sql }, i) => `WHEN ${sql} THEN ${values.sql[i]}`);
  const end = otherwise.length > 0 ? ` ELSE ${values.sql.at(-1)}` : "";
  return { sql: `CASE ${branches.join(" ")}${end} END`, type: values.type };
}

const COMPARISONS: Readonly<Record<string, (a: string, b: string) => string>> = {
  COMPARE_EQUAL: (a, b) => `(${a} = ${b})`,
  COMPARE_NOTEQUAL: (a, b) => `(${a} <> ${b})`,
  COMPARE_LESSTHAN: (a, b) => `(${a} < ${b})`,
  COMPARE_LESSTHANOREQUALTO: (a, b) => `(${a} <= ${b})`,
  COMPARE_GREATERTHAN: (a, b) => `(${a} > ${b})`,
  COMPARE_GREATERTHANOREQUALTO: (a, b) => `(${a} >= ${b})`,
  COMPARE_DISTINCT_FROM: (a, b) => `(NOT (${a} <=> ${b}))`,
  COMPARE_NOT_DISTINCT_FROM: (a, b) => `(${a} <=> ${b})`,
};

function compare(type: string, left: SparkExpression, right: SparkExpression): SparkExpression {
  const form = COMPARISONS[type] ?? refuse(type);
  const { sql } = unify([left, right], "a comparison");
  return boolean(form(sql[0] as string, sql[1] as string));
}

function operatorOf(node: SqlNode, known: Known): SparkExpression {
  const parts = nodesOf(node.children).map((part) => translate(part, known));
  const [first = { sql: "NULL", type: "null" }] = parts;
  switch (node.type) {
    case "OPERATOR_NOT":
      return boolean(`(NOT ${only(first, "boolean", "NOT").sql})`);
    case "OPERATOR_IS_NULL":
      return boolean(`(${first.sql} IS NULL)`);
    case "OPERATOR_IS_NOT_NULL":
      return boolean(`(${first.sql} IS NOT NULL)`);
    case "OPERATOR_COALESCE": {
      const { sql, type } = unify(parts, "coalesce");
      return { sql: `coalesce(${sql.join(", ")})`, type };
    }
    case "COMPARE_IN":
    case "COMPARE_NOT_IN": {
      const { sql } = unify(parts, "IN");
      return boolean(`(${sql[0]} ${node.type === "COMPARE_IN" ? "IN" : "NOT IN"} (${sql.slice(1).join(", ")}))`);
    }
    default:
      return refuse(textOf(node.type));
  }
}

/** Part of a date or time → Spark's function of it, as DuckDB counts. */
const DATE_PARTS: Readonly<Record<string, (sql: string) => string>> = {
  year: (sql) => `year(${sql})`,
  month: (sql) => `month(${sql})`,
  day: (sql) => `day(${sql})`,
  dayofyear: (sql) => `dayofyear(${sql})`,
  // Spark counts Sunday as 1, DuckDB as 0; from Monday, Spark counts from 0.
  dayofweek: (sql) => `dayofweek(${sql}) - 1`,
  isodow: (sql) => `weekday(${sql}) + 1`,
};
const TIME_PARTS: Readonly<Record<string, (sql: string) => string>> = {
  hour: (sql) => `hour(${sql})`,
  minute: (sql) => `minute(${sql})`,
};

function partOf(part: string, [time]: SparkExpression[]): SparkExpression {
  const form = DATE_PARTS[part] ?? TIME_PARTS[part];
  if (!form || !time) return refuse(`${part} of a date`);
  const isTimed = time.type === "timestamp";
  if (!isTimed && (time.type !== "date" || part in TIME_PARTS)) return refuse(`${part} of a ${time.type}`);
  return bigint(`CAST(${form(time.sql)} AS BIGINT)`);
}

/** What DuckDB refuses at the row, so that a NaN or NULL of Spark does not pass for a value. */
const guarded = (x: string, isOutside: string, name: string, sql: string) =>
  `CASE WHEN ${isOutside} THEN raise_error(${sparkText(`${name} of a number that it has no value for`)}) WHEN ${x} IS NOT NULL THEN ${sql} END`; // prettier-ignore

/** Beyond, every double is whole; below, a bigint holds it. */
const whole = (name: string, x: string) => `CASE WHEN abs(${x}) < 4.5e15D THEN CAST(${name}(${x}) AS DOUBLE) ELSE ${x} END`; // prettier-ignore

/** Functions of one number → what they give as a double. */
const OF_DOUBLE: Readonly<Record<string, (x: string) => string>> = {
  exp: (x) => `exp(${x})`,
  ln: (x) => guarded(x, `${x} <= 0`, "ln", `ln(${x})`),
  sqrt: (x) => guarded(x, `${x} < 0`, "sqrt", `sqrt(${x})`),
  floor: (x) => whole("floor", x),
  ceil: (x) => whole("ceil", x),
  round: (x) => `round(${x})`,
};

const OF_TEXT: Readonly<Record<string, (x: string) => SparkExpression>> = {
  lower: (x) => string(`lower(${x})`),
  upper: (x) => string(`upper(${x})`),
  trim: (x) => string(`trim(${x})`),
  length: (x) => bigint(`CAST(length(${x}) AS BIGINT)`),
};

function callOf(node: SqlNode, known: Known): SparkExpression {
  const name = textOf(node.function_name).toLowerCase();
  if (name === "date_part") {
    const [part, time] = nodesOf(node.children);
    return partOf((textConstant(part) ?? "a part").toLowerCase(), time ? [translate(time, known)] : []);
  }
  const args = nodesOf(node.children).map((child) => translate(child, known));
  const [first, second] = args;
  const called = node.is_operator === true ? `the operator ${name}` : `${name}()`;
  if (!first) return refuse(called);
  if (name in DATE_PARTS || name in TIME_PARTS) return args.length === 1 ? partOf(name, args) : refuse(called);
  if (args.length === 1) {
    if (name === "-" || name === "abs") {
      numbers(args, called);
      return { sql: name === "-" ? `(-${first.sql})` : `abs(${first.sql})`, type: first.type };
    }
    // Whole numbers stay whole there.
    const isRounding = ["floor", "ceil", "round"].includes(name);
    const ofDouble = OF_DOUBLE[name];
    if (ofDouble) {
      numbers(args, called);
      return isRounding && first.type === "bigint"
        ? refuse(`${called} of a bigint`)
        : double(ofDouble(asDouble(first)));
    }
    if (name === "isnan") return boolean(`isnan(${only(first, "double", called).sql})`);
    return OF_TEXT[name]?.(only(first, "string", called).sql) ?? refuse(called);
  }
  switch (name) {
    case "+":
    case "-":
    case "*": {
      numbers(args, called);
      const { sql, type } = unify(args, called);
      return { sql: `(${sql.join(` ${name} `)})`, type };
    }
    case "/": {
      numbers(args, called);
      const [a, b] = args.map(asDouble) as [string, string];
      // As in IEEE 754, which DuckDB follows and Spark does not.
      return double(`CASE WHEN ${b} = 0 THEN ${a} * ${sparkNumber(Infinity)} ELSE ${a} / ${b} END`);
    }
    case "%": {
      const divisor = nodesOf(node.children)[1];
      if (divisor?.class !== "CONSTANT" || /\b0 AS/.test(second?.sql ?? "")) return refuse("% by what is not a constant above 0"); // prettier-ignore
      return bigint(`(${args.map((one) => only(one, "bigint", called).sql).join(" % ")})`);
    }
    case "||":
      return string(`concat(${args.map((one) => only(one, "string", called).sql).join(", ")})`);
    case "nullif": {
      if (first.type !== second?.type) refuse(`${called} of ${first.type} and ${second?.type} at once`);
      return { sql: `nullif(${args.map(({ sql }) => sql).join(", ")})`, type: first.type };
    }
    case "least":
    case "greatest": {
      const { sql, type } = unify(args, called);
      return { sql: `${name}(${sql.join(", ")})`, type };
    }
    default:
      return refuse(called);
  }
}
