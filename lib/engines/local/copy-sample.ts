import path from "node:path";
import type { FileSource, SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { openSource, unreadable } from "./open-source";
import { quoteName, quoteText } from "./quote";
import { openSession, type SessionOptions } from "./session";
import { resolveFiles, type SourceFolders } from "./source-location";

/** Of this many shares of the rows, by the hash of their keys, as many are taken as are wanted. */
const SHARES = 100_000;

export interface CopiedSample {
  /** The source as the copy has it: Parquet with the declared columns and types. */
  source: SourceDefinition;
  rows: number;
  /** Rows of the source. */
  of: number;
}

/**
 * Copies about `rows` rows of a source to the Parquet file `file`, all of them where there are no more: those whose row keys have the
 * smallest hashes, so that the same rows are taken every time, from all of its time. Throws `invalid` when the files are not as declared.
 */
export async function copySample(
  options: SessionOptions,
  { source, folders, rows, file }: { source: FileSource; folders: SourceFolders; rows: number; file: string },
): Promise<CopiedSample> {
  const session = await openSession(options);
  try {
    const paths = resolveFiles(source, folders);
    await session.confine(paths, [session.scratch, path.dirname(file)]);
    const opened = await openSource(session, source, paths);
    if (opened.issues.length > 0)
      throw new DomainError("invalid", `Source ${source.name} is not as it is declared.`, { issues: opened.issues });
    const columns = source.columns.map(({ name }) => `${opened.expression(name)} AS ${quoteName(name)}`);
    const all = `(SELECT ${columns.join(", ")} FROM ${opened.relation})`;
    const { total } = await session.row<{ total: number }>(`SELECT count(*) AS total FROM ${opened.relation}`);
    const key = source.rowKey.map((name) => `CAST(${quoteName(name)} AS VARCHAR)`).join(", ");
    const share = Math.ceil((rows / Math.max(total, 1)) * SHARES);
    const some = total <= rows ? "" : ` WHERE hash(concat_ws(':', ${key})) % ${SHARES} < ${share}`;
    await session.run(`COPY (SELECT * FROM ${all}${some}) TO ${quoteText(file)} (FORMAT parquet)`);
    const { taken } = await session.row<{ taken: number }>(
      `SELECT count(*) AS taken FROM read_parquet(${quoteText(file)})`,
    );
    const { reading: _, rowNumber: __, ...kept } = source;
    const declared = source.columns.map(({ from: ___, ...column }) => column);
    return { source: { ...kept, format: "parquet", location: file, columns: declared }, rows: taken, of: total };
  } catch (error) {
    throw unreadable(source, error);
  } finally {
    await session.close();
  }
}

/** Column → how many rows of Parquet files have a value in it, and the number of rows. */
export async function countValues(
  options: SessionOptions,
  files: string[],
): Promise<{ rows: number; values: Record<string, number> }> {
  const session = await openSession(options);
  try {
    const relation = `read_parquet([${files.map(quoteText).join(", ")}])`;
    const columns = await session.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${relation}`);
    const counts = columns.map(({ column_name: name }) => `count(${quoteName(name)}) AS ${quoteName(name)}`);
    const { "#rows": rows = 0, ...values } = await session.row<Record<string, number>>(
      `SELECT count(*) AS "#rows", ${counts.join(", ")} FROM ${relation}`,
    );
    return { rows, values };
  } finally {
    await session.close();
  }
}
