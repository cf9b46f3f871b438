/** A query over rows that are given anew for each asking, planned once. */
import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { plainValue } from "../plain-value";

export class PreparedQuery {
  private constructor(private readonly statement: DuckDBPreparedStatement) {}

  /** @param sql with a text as `$1`, `$2` … */
  static async prepare(connection: DuckDBConnection, sql: string) {
    return new PreparedQuery(await connection.prepare(sql));
  }

  /** The query's columns. One asking at a time. */
  async ask(texts: readonly string[]): Promise<unknown[][]> {
    texts.forEach((text, i) => this.statement.bindVarchar(i + 1, text));
    const reader = await this.statement.runAndReadAll();
    return reader.convertColumns(plainValue) as unknown[][];
  }

  /** Before its connection is closed. */
  close(): void {
    this.statement.destroySync();
  }
}
