/** How rows lie in JSON files: an object for each row, alone on its line or in an array, or a table as pandas writes it. */
import { stat } from "node:fs/promises";
import { DomainError } from "@/lib/domain/errors";
import { quoteName, quoteText } from "./quote";
import type { Session } from "./session";

export interface JsonLayout {
  relation: string;
  /** Keys of the rows. */
  names: string[];
  /** The same with the members of objects in their place, as `geo.lat`. Reads every row. */
  fields(): Promise<string[]>;
  /** SQL of a row's value as JSON; null when no row has it. `geo.lat` is a key, else a member of `geo`. */
  value(name: string): string | null;
}

export interface JsonFiles {
  paths: readonly string[];
  /** Of each file, the values of its partition. */
  folders: readonly ReadonlyMap<string, string | null>[];
  /** Keys of folders that every file has; they become columns of text. */
  partitions: readonly string[];
  /** Names that `value` will be asked for. */
  wanted: readonly string[];
  /** Rows that are looked at; all when left out. */
  most?: number | undefined;
}

/** Files with the same kind of rows. */
export async function jsonLayout(
  session: Session,
  { paths, folders, partitions, wanted, most }: JsonFiles,
): Promise<JsonLayout> {
  const list = `[${paths.map(quoteText).join(", ")}]`;
  let objects = `read_json_objects(${list}, format = 'auto', filename = true)`;
  try {
    await session.row(`SELECT count(*) AS n FROM (SELECT json FROM ${objects} LIMIT 1)`);
  } catch (error) {
    if (!String(error).includes("maximum_object_size")) throw error;
    // A table in one object is as large as its file.
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    objects = `read_json_objects(${list}, format = 'auto', filename = true, maximum_object_size = ${Math.max(...sizes) + 1})`;
  }
  if (most !== undefined) objects = `(SELECT * FROM ${objects} LIMIT ${most})`;
  const keyColumns = partitions.map((key) => {
    const cases = paths.map((path, i) => `WHEN ${quoteText(path)} THEN ${literal(folders[i]?.get(key) ?? null)}`);
    return `, CASE filename ${cases.join(" ")} END AS ${quoteName(key)}`;
  });
  const whole = `(SELECT json${keyColumns.join("")} FROM ${objects})`;
  const { n, first } = await session.row<{ n: number; first: string | null }>(
    `SELECT count(*) AS n, any_value(json_type(json)) AS first FROM (SELECT json FROM ${objects} LIMIT 2)`,
  );
  if (n === 1 && first === "OBJECT" && paths.length === 1) {
    const table = await pandasTable(session, objects);
    if (table) return table;
  }
  const { others, kind } = await session.row<{ others: number; kind: string | null }>(
    `SELECT count(*) AS others, any_value(json_type(json)) AS kind FROM ${objects} WHERE json_type(json) IS DISTINCT FROM 'OBJECT'`,
  );
  if (others > 0)
    throw new DomainError(
      "invalid",
      `The file holds ${others.toLocaleString("en")} rows that are no objects but ${kind ?? "NULL"}: ${paths.join(", ")}. Write each row as an object with its columns.`,
    );
  const rows = await session.rows<{ key: string }>(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${objects} WHERE json_type(json) = 'OBJECT' ORDER BY key`,
  );
  const names = rows.map(({ key }) => key);
  const known = new Set(names);
  const members = new Set<string>();
  for (const name of wanted) {
    const path = name.split(".");
    if (known.has(name) || path.length === 1 || !known.has(path[0] ?? "")) continue;
    const { some } = await session.row<{ some: boolean | null }>(
      `SELECT bool_or(json_exists(json, ${pointer(path)})) AS some FROM ${objects}`,
    );
    if (some) members.add(name);
  }
  return {
    relation: whole,
    names,
    fields: () => membersOf(session, objects, names, []),
    value(name) {
      if (known.has(name)) return `json_extract(json, ${pointer([name])})`;
      return members.has(name) ? `json_extract(json, ${pointer(name.split("."))})` : null;
    },
  };
}

/** `to_json(orient="split")` and `to_json(orient="columns")`; null for a file with one row. */
async function pandasTable(session: Session, objects: string): Promise<JsonLayout | null> {
  const key = "'/' || replace(replace(k, '~', '~0'), '/', '~1')";
  const { shape } = await session.row<{ shape: string }>(
    `SELECT CASE WHEN json_type(json, '/data') = 'ARRAY' AND json_type(json, '/columns') = 'ARRAY' THEN 'split'
      WHEN len(json_keys(json)) > 0 AND list_bool_and(list_transform(json_keys(json), lambda k: json_type(json, ${key}) = 'OBJECT'))
        AND len(list_distinct(list_transform(json_keys(json), lambda k: json_keys(json, ${key})))) = 1 THEN 'columns' ELSE 'row' END AS shape FROM ${objects}`,
  );
  if (shape === "split") {
    const names = await session.rows<{ name: string }>(
      `SELECT unnest(CAST(json_extract(json, '/columns') AS VARCHAR[])) AS name FROM ${objects}`,
    );
    return {
      relation: `(SELECT unnest(CAST(json_extract(json, '/data') AS JSON[])) AS json FROM ${objects})`,
      names: names.map(({ name }) => name),
      fields: () => Promise.resolve(names.map(({ name }) => name)),
      value: (name) => {
        const place = names.findIndex((one) => one.name === name);
        return place < 0 ? null : `json_extract(json, '/${place}')`;
      },
    };
  }
  if (shape !== "columns") return null;
  const keys = await session.rows<{ key: string }>(`SELECT unnest(json_keys(json)) AS key FROM ${objects}`);
  const names = keys.map(({ key }) => key);
  const values = names.map(
    (name) =>
      `unnest(map_values(CAST(json_extract(json, ${pointer([name])}) AS MAP(VARCHAR, JSON)))) AS ${quoteName(name)}`,
  );
  return {
    relation: `(SELECT ${values.join(", ")} FROM ${objects})`,
    names,
    fields: () => Promise.resolve(names),
    value: (name) => (names.includes(name) ? quoteName(name) : null),
  };
}

/** Objects are taken apart so deep. */
const MOST_LEVELS = 4;

/** Names below a path, objects in them taken apart where every row that has one has an object. */
async function membersOf(
  session: Session,
  objects: string,
  names: readonly string[],
  path: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const place = [...path, name];
    const value = `json_extract(json, ${pointer(place)})`;
    const { others, some } = await session.row<{ others: number; some: number }>(
      `SELECT count(*) FILTER (WHERE json_type(${value}) NOT IN ('OBJECT', 'NULL')) AS others, count(*) FILTER (WHERE json_type(${value}) = 'OBJECT') AS some FROM ${objects}`,
    );
    if (some === 0 || others > 0 || place.length >= MOST_LEVELS) {
      found.push(place.join("."));
      continue;
    }
    const keys = await session.rows<{ key: string }>(
      `SELECT DISTINCT unnest(json_keys(${value})) AS key FROM ${objects} WHERE json_type(${value}) = 'OBJECT' ORDER BY key`,
    );
    const members = await membersOf(session, objects, keys.map(({ key }) => key), place); // prettier-ignore
    found.push(...members);
  }
  return found;
}

function pointer(path: readonly string[]): string {
  return quoteText(path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
}

function literal(text: string | null): string {
  return text === null ? "NULL" : quoteText(text);
}
