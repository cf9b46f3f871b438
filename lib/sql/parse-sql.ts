/**
 * Parses SQL of users with DuckDB's own parser. Parsing evaluates nothing, opens nothing and is bounded by the length of the text,
 * so it is the one thing that is done to a user's SQL in the process that serves others; describing it is not.
 */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { LONGEST_STATEMENT } from "@/lib/domain/sql/read-select";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";

const holder = globalThis as typeof globalThis & { tributarySqlParser?: Promise<DuckDBConnection> };

async function openParser(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "128MB",
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  return instance.connect();
}

/** A statement's tree, or why there is none. */
export async function parseSql(text: string): Promise<SerializedSql> {
  if (text.length > LONGEST_STATEMENT)
    return {
      error: true,
      error_type: "parser",
      error_message: `it has ${text.length} characters, and ${LONGEST_STATEMENT} are allowed. Make several stages of it.`,
    };
  const connection = await (holder.tributarySqlParser ??= openParser());
  const statement = await connection.prepare(
    "SELECT json_serialize_sql($1::VARCHAR, skip_empty := true, skip_null := true)::VARCHAR AS tree",
  );
  try {
    statement.bindVarchar(1, text);
    const [[tree] = []] = (await statement.runAndReadAll()).getRowsJS();
    return readTree(String(tree));
  } finally {
    statement.destroySync();
  }
}

/** A number that no double holds is written as `Infinity`, which is no JSON. */
function readTree(tree: string): SerializedSql {
  try {
    return JSON.parse(tree) as SerializedSql;
  } catch {
    return {
      error: true,
      error_type: "parser",
      error_message:
        "it has a number that is too large for any type, such as 1e400. Write CAST('infinity' AS DOUBLE) where that is meant",
    };
  }
}

/** Trees are read at every look at a lineage and change with no one's doing. */
const kept = new Map<string, SerializedSql>();
/** Characters of the statements in it; a tree is some hundred times as large. */
const MOST_KEPT = 200_000;
let keptCharacters = 0;

/** The trees of statements, from memory where they were parsed before. */
export async function parseStatements(texts: readonly string[]): Promise<Map<string, SerializedSql>> {
  const trees = new Map<string, SerializedSql>();
  for (const text of new Set(texts)) {
    const tree = kept.get(text) ?? (await parseSql(text));
    trees.set(text, tree);
    if (!kept.delete(text)) keptCharacters += text.length;
    kept.set(text, tree);
    for (const oldest of kept.keys()) {
      if (keptCharacters <= MOST_KEPT) break;
      kept.delete(oldest);
      keptCharacters -= oldest.length;
    }
  }
  return trees;
}

/** More semicolons than this among comments behind a statement are left to the parser to refuse. */
const MOST_CUTS = 100;

/** The text up to its last statement's end, without the semicolons that may follow: so that it can stand in brackets. */
export async function withoutSemicolons(text: string, parsed: SerializedSql): Promise<string> {
  const wanted = JSON.stringify(parsed);
  let rest = text.replace(/[;\s]+$/, "");
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    // In a comment, or before one: nothing is lost where the tree stays as it is.
    const at = rest.lastIndexOf(";");
    if (at < 0 || JSON.stringify(await parseSql(rest.slice(0, at))) !== wanted) return rest;
    rest = rest.slice(0, at);
  }
  return rest;
}
