import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { TestRow } from "@/lib/domain/definitions/stage-test";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import { quoteName, quoteText, SQL_TYPES } from "../quote";
import { openSession, type SessionOptions } from "../session";
import { digestFile } from "@/lib/config/file-digest";

const LISTS: ReadonlySet<ColumnType> = new Set(["vector", "strings"]);

/** Writes rows to a Parquet file whose columns have exactly the given types. Throws what DuckDB says of a value that does not fit. */
export async function writeTestRows(
  options: SessionOptions,
  folder: string,
  dataset: string,
  columns: readonly { name: string; type: ColumnType }[],
  rows: readonly TestRow[],
): Promise<DatasetSnapshot> {
  const json = join(folder, `${dataset}.ndjson`);
  const parquet = join(folder, `${dataset}.parquet`);
  const whole = rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])));
  await writeFile(json, whole.map((row) => `${JSON.stringify(row)}\n`).join(""));
  // Read as text and cast, so that an integer beyond 2^53 and the word NaN are what they say.
  const read = columns.map(
    ({ name, type }) => `${quoteText(name)}: ${quoteText(LISTS.has(type) ? SQL_TYPES[type] : "VARCHAR")}`,
  );
  const select = columns.map(
    ({ name, type }) => `CAST(${quoteName(name)} AS ${SQL_TYPES[type]}) AS ${quoteName(name)}`,
  );
  const session = await openSession(options);
  try {
    await session.run(
      `COPY (SELECT ${select.join(", ")} FROM read_json(${quoteText(json)}, format = 'newline_delimited', columns = {${read.join(", ")}})) TO ${quoteText(parquet)} (FORMAT parquet)`,
    );
  } finally {
    await session.close();
  }
  return {
    dataset,
    version: 1,
    files: [{ path: parquet, ...(await digestFile(parquet)) }],
    rows: rows.length,
    time: null,
  };
}
