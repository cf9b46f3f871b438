import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Measured } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import { quoteName, quoteText } from "../quote";
import { type SessionOptions, openSession } from "../session";
import { openSource } from "../open-source";
import { assertUnchanged } from "../source-file";
import { columnBytes } from "./check-output";
import { measureRules } from "./measure-rules";

/** See `Engine.measureRules`. */
export async function measureSourceRules(
  options: SessionOptions,
  source: SourceDefinition,
  snapshot: DatasetSnapshot,
  rules: readonly Rule[],
): Promise<Measured[]> {
  const session = await openSession(options);
  try {
    await assertUnchanged(source, snapshot);
    const files = snapshot.files.map((file) => file.path);
    await session.confine(files, [session.scratch]);
    const opened = await openSource(session, source, files);
    const columns = source.columns.map(({ name }) => `${opened.expression(name)} AS ${quoteName(name)}`);
    // Rules about order need each row's place in the file.
    await session.run(
      `CREATE VIEW source AS SELECT ${[...columns, `${opened.position} AS "__position"`].join(", ")} FROM ${opened.relation}`,
    );
    const types = new Map(source.columns.map((column) => [column.name, column.type]));
    const declared = new Map(source.columns.map((column) => [column.name, column]));
    return await measureRules(session, "source", types, rules, {
      train: null,
      keys: source.rowKey,
      bytes: async (column) => {
        if (source.format === "parquet" || source.format === "postgres")
          return columnBytes(session, `[${files.map(quoteText).join(", ")}]`, declared.get(column)?.from ?? column);
        const { bytes } = await session.row<{ bytes: number | null }>(
          `SELECT sum(strlen(${quoteName(column)}::VARCHAR))::BIGINT AS bytes FROM source`,
        );
        return Number(bytes ?? 0);
      },
      milliseconds: {},
    });
  } finally {
    await session.close();
  }
}
