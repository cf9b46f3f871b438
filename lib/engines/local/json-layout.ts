/** How rows lie in JSON files: an object for each row, alone on its line or in an array, or a table as pandas writes it. */
import { stat } from "node:fs/promises";
import { DomainError, type Issue } from "@/lib/domain/errors";
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
  /** The same as the source names them: what is read may be a copy. */
  files: readonly string[];
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
  { paths, files, folders, partitions, wanted, most }: JsonFiles,
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
  const reading: JsonRows = { session, objects, paths, files };
  const keyColumns = partitions.map((key) => {
    const cases = paths.map((path, i) => `WHEN ${quoteText(path)} THEN ${literal(folders[i]?.get(key) ?? null)}`);
    return `, CASE filename ${cases.join(" ")} END AS ${quoteName(key)}`;
  });
  const whole = `(SELECT json${keyColumns.join("")} FROM ${objects})`;
  const { n, first } = await session.row<{ n: number; first: string | null }>(
    `SELECT count(*) AS n, any_value(json_type(json)) AS first FROM (SELECT json FROM ${objects} LIMIT 2)`,
  );
  if (n === 1 && first === "OBJECT" && paths.length === 1) {
    const table = await pandasTable(reading, wanted);
    if (table) return table;
  }
  const { others, kind } = await session.row<{ others: number; kind: string | null }>(
    `SELECT count(*) AS others, any_value(json_type(json)) AS kind FROM ${objects} WHERE json_type(json) IS DISTINCT FROM 'OBJECT'`,
  );
  if (others > 0)
    throw new DomainError(
      "invalid",
      `The file holds ${others.toLocaleString("en")} rows that are no objects but ${kind ?? "NULL"}: ${files.join(", ")}. Write each row as an object with its columns.`,
    );
  const rows = await session.rows<{ key: string }>(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${objects} WHERE json_type(json) = 'OBJECT' ORDER BY key`,
  );
  const names = rows.map(({ key }) => key);
  const known = new Set(names);
  const members = new Set<string>();
  await assertSingleKeys(reading, wanted);
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

interface JsonRows extends Pick<JsonFiles, "paths" | "files"> {
  session: Session;
  /** Query of the objects, with the file of each. */
  objects: string;
}

/**
 * Throws `invalid` when an object has a key twice that is asked for: which of the two counts is said nowhere, and DuckDB takes the first.
 * @param wanted keys; `geo.lat` is a key, else `lat` of the object `geo`
 */
async function assertSingleKeys(rows: JsonRows, wanted: readonly string[]): Promise<void> {
  const { n } = await rows.session.row<{ n: number }>(
    `SELECT count(*) AS n FROM ${rows.objects} WHERE len(json_keys(json)) <> list_unique(json_keys(json))`,
  );
  const names = new Set(wanted.flatMap((name) => [name, name.split(".")[0] ?? ""]));
  if (n > 0) await assertOnce(rows, [], [...names]);
  const inner = new Map<string, { path: string[]; keys: string[] }>();
  for (const path of wanted.map((name) => name.split(".")))
    for (let depth = 1; depth < path.length; depth += 1) {
      const place = JSON.stringify(path.slice(0, depth));
      const known = inner.get(place) ?? { path: path.slice(0, depth), keys: [] };
      known.keys.push(path[depth] as string);
      inner.set(place, known);
    }
  for (const { path, keys } of inner.values()) await assertOnce(rows, path, keys);
}

/** The same of the object at a place in each row. */
async function assertOnce(
  { session, objects, paths, files }: JsonRows,
  path: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const list = `[${keys.map(quoteText).join(", ")}]`;
  const found = `list_filter(json_keys(json, ${pointer(path)}), lambda k: list_contains(${list}, k))`;
  const repeated = `coalesce(len(${found}) <> list_unique(${found}), false)`;
  const { n } = await session.row<{ n: number }>(`SELECT count(*) AS n FROM ${objects} WHERE ${repeated}`);
  if (n === 0) return;
  for (const [at, read] of paths.entries()) {
    // Rows are counted within their file.
    const [first] = await session.rows<{ row: number; key: string }>(
      `SELECT row, key FROM (SELECT row_number() OVER () AS row, ${repeated} AS wanted, list_filter(${found}, lambda k: len(list_filter(${found}, lambda o: o = k)) > 1)[1] AS key FROM (SELECT * FROM ${objects} WHERE filename = ${quoteText(read)})) WHERE wanted ORDER BY row LIMIT 1`,
    );
    if (!first) continue;
    const file = files[at] ?? read;
    const key = [...path, first.key].join(".");
    throw new DomainError(
      "invalid",
      `Key ${key} stands more than once in ${n === 1 ? "an object" : `${n.toLocaleString("en")} objects`}, first in row ${first.row.toLocaleString("en")} of ${file} (rows of data from 1), and nothing says which value counts. Write each key of an object once.`,
      { issues: [{ path: ["location"], message: `Key ${key} stands more than once in an object.`, expected: "each key once", found: key, file }] satisfies Issue[] }, // prettier-ignore
    );
  }
}

/** `to_json(orient="split")` and `to_json(orient="columns")`; null for a file with one row. */
async function pandasTable(rows: JsonRows, wanted: readonly string[]): Promise<JsonLayout | null> {
  const { session, objects } = rows;
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
    await assertSingleKeys(rows, ["columns", "data"]);
    await assertRectangular(rows, names.map(({ name }) => name), wanted); // prettier-ignore
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
  await assertSingleKeys(rows, wanted);
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

/** Throws `invalid` when a wanted column has its name twice, or a row of the table has more or fewer values than there are columns. */
async function assertRectangular(
  { session, objects, files }: JsonRows,
  names: readonly string[],
  wanted: readonly string[],
): Promise<void> {
  const file = files.join(", ");
  const refuse = (message: string) => new DomainError("invalid", `${message}. Write the table with a name for each column and a value for each name.`); // prettier-ignore
  const twice = wanted.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw refuse(`Column ${twice} stands more than once among the columns of ${file}`);
  const [ragged] = await session.rows<{ row: number; values: number | null }>(
    `SELECT row, values FROM (SELECT generate_subscripts(data, 1) AS row, json_array_length(unnest(data)) AS values FROM (SELECT CAST(json_extract(json, '/data') AS JSON[]) AS data FROM ${objects})) WHERE values IS DISTINCT FROM ${names.length} ORDER BY row LIMIT 1`,
  );
  if (ragged)
    throw refuse(
      `Row ${ragged.row.toLocaleString("en")} of ${file} does not have as many values (${ragged.values ?? "it is no list"}) as there are names of columns (${names.length})`,
    );
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
