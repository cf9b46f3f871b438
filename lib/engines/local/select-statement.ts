/**
 * What a user's SQL may be: one SELECT over `__THIS__`, without files, the network, the catalog or chance. The statement
 * is judged by DuckDB's own parser, not by its text. The session is confined as well (session.ts): this is the
 * readable refusal, that is the lock.
 */
import { DomainError } from "@/lib/domain/errors";
import { quoteText } from "./quote";
import type { Session } from "./session";

export const THIS = "__THIS__";

export interface SelectStatement {
  text: string;
  /** `SELECT *, expression AS name, … FROM __THIS__` and nothing else: it keeps every row by its form. */
  isProjection: boolean;
}

const TABLE_FUNCTIONS = new Set(["unnest", "range", "generate_series"]);
const TABLE_REFERENCES = new Set([
  "BASE_TABLE",
  "TABLE_FUNCTION",
  "JOIN",
  "SUBQUERY",
  "EMPTY",
  "EMPTY_FROM",
  "EXPRESSION_LIST",
  "PIVOT",
  "CTE",
]);
/** They read the machine, not the rows. */
const FORBIDDEN_FUNCTIONS = new Set([
  "getenv",
  "current_setting",
  "getvariable",
  "nextval",
  "currval",
  "read_text",
  "read_blob",
  "query",
  "query_table",
  "write_log",
  "glob",
]);
/** They give another value at every run, so a run could not be reproduced. */
const CHANCE_FUNCTIONS = new Set([
  "random",
  "setseed",
  "uuid",
  "uuidv4",
  "uuidv7",
  "gen_random_uuid",
  "now",
  "today",
  "current_date",
  "current_time",
  "current_timestamp",
  "get_current_time",
  "get_current_timestamp",
  "transaction_timestamp",
  "localtime",
  "localtimestamp",
  "current_localtime",
  "current_localtimestamp",
]);
const ROW_MAKERS = new Set(["unnest", "unlist"]);

interface Node {
  [member: string]: unknown;
}

/** Throws `invalid` naming the stage and what is not allowed. */
export async function parseSelect(session: Session, stage: string, text: string): Promise<SelectStatement> {
  const refuse = (problem: string, found: string): never => {
    throw new DomainError("invalid", `The statement of stage ${stage} ${problem}.`, {
      issues: [
        {
          path: ["stages", stage, "params", "statement"],
          message: `The statement ${problem}.`,
          expected: "a single SELECT over __THIS__",
          found,
        },
      ],
    });
  };
  const { json } = await session.row<{ json: string }>(
    `SELECT json_serialize_sql(${quoteText(text)})::VARCHAR AS json`,
  );
  const parsed = JSON.parse(json) as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: { node: Node }[];
  };
  if (parsed.error) {
    return refuse(
      parsed.error_type === "parser"
        ? `is not SQL that DuckDB understands: ${parsed.error_message}`
        : "is not a SELECT, and only a SELECT may run",
      text.slice(0, 80),
    );
  }
  const statements = parsed.statements ?? [];
  const [statement] = statements;
  if (statements.length !== 1 || !statement)
    return refuse(`holds ${statements.length} statements, and only one may run`, `${statements.length} statements`);

  const ctes = new Set<string>();
  walk(statement.node, (node) => {
    const map = (node.cte_map as { map?: { key: string }[] } | undefined)?.map;
    for (const entry of map ?? []) ctes.add(entry.key.toLowerCase());
    if (typeof node.cte_name === "string" && node.cte_name) ctes.add(node.cte_name.toLowerCase());
  });

  let readsThis = false;
  walk(statement.node, (node) => {
    if (node.type === "BASE_TABLE") {
      const name = String(node.table_name);
      const qualified = Boolean(node.schema_name) || Boolean(node.catalog_name);
      if (name === THIS && !qualified) readsThis = true;
      else if (qualified || !ctes.has(name.toLowerCase()))
        refuse(`reads ${name}, and only ${THIS} and its own WITH tables may be read`, name);
    } else if (node.type === "TABLE_FUNCTION") {
      const name = String((node.function as Node | undefined)?.function_name ?? "?").toLowerCase();
      if (!TABLE_FUNCTIONS.has(name))
        refuse(`calls ${name}, and a stage may not read files, the network or the catalog`, name);
    } else if (node.class === "FUNCTION" || node.class === "WINDOW") {
      const name = String(node.function_name).toLowerCase();
      if (FORBIDDEN_FUNCTIONS.has(name))
        refuse(`calls ${name}, and a stage may not read the machine that runs it`, name);
      if (CHANCE_FUNCTIONS.has(name))
        refuse(
          `calls ${name}, which gives another value at every run; read the moment from a column, so that the run can be reproduced`,
          name,
        );
    } else if (node.class === "COLUMN_REF") {
      const name = String((node.column_names as string[] | undefined)?.at(-1)).toLowerCase();
      if (/^(current|local)_?(date|time|timestamp)$/.test(name))
        refuse(
          `reads ${name}, which is another value at every run; read the moment from a column, so that the run can be reproduced`,
          name,
        );
    } else if (
      "sample" in node &&
      "alias" in node &&
      typeof node.type === "string" &&
      !node.class &&
      !TABLE_REFERENCES.has(node.type)
    ) {
      refuse(`uses ${node.type}, and only tables, joins and subqueries may be read`, node.type);
    }
    if (node.sample) refuse("samples rows, which gives other rows at every run", "a sample");
  });
  if (!readsThis) refuse(`does not read ${THIS}`, text.slice(0, 80));
  return { text: text.trim().replace(/;\s*$/, ""), isProjection: isProjection(statement.node) };
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === "object" && value !== null) {
    visit(value as Node);
    for (const member of Object.values(value)) walk(member, visit);
  }
}

function isProjection(node: Node): boolean {
  const from = node.from_table as Node | undefined;
  const list = (node.select_list as Node[] | undefined) ?? [];
  const [star] = list;
  if (node.type !== "SELECT_NODE" || from?.type !== "BASE_TABLE" || from.table_name !== THIS) return false;
  if (from.column_name_alias && (from.column_name_alias as unknown[]).length > 0) return false;
  const empty = (value: unknown) =>
    value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  if (![node.modifiers, node.where_clause, node.group_expressions, node.having, node.qualify].every(empty))
    return false;
  if (((node.cte_map as { map?: unknown[] } | undefined)?.map ?? []).length > 0) return false;
  const plainStar = (item: Node | undefined) =>
    item?.class === "STAR" &&
    empty(item.exclude_list) &&
    empty(item.replace_list) &&
    empty(item.rename_list) &&
    empty(item.qualified_exclude_list) &&
    !item.columns &&
    !item.expr &&
    !item.relation_name;
  if (!plainStar(star) || list.slice(1).some((item) => item.class === "STAR" || !item.alias)) return false;
  let makesRows = false;
  walk(list, (item) => {
    if (item.class === "FUNCTION" && ROW_MAKERS.has(String(item.function_name).toLowerCase())) makesRows = true;
  });
  return !makesRows;
}

/** The statement with another relation in the place of `__THIS__`. */
export function over(statement: SelectStatement, relation: string): string {
  return statement.text.replaceAll(THIS, relation);
}
