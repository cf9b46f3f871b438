import type { Measured } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import { toSplitRule } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import { EVENT_TIME } from "../frame";
import { quoteName, quoteText } from "../quote";
import { hashCondition, interval } from "../row-selection";
import { type SessionOptions, openSession } from "../session";
import { measureRules } from "./measure-rules";

/** See `Engine.measureOutputRules`. */
export async function measureOutputRules(
  options: SessionOptions,
  output: OutputToCheck,
  rules: readonly Rule[],
): Promise<Measured[]> {
  const session = await openSession(options);
  try {
    const { entity, files } = output;
    await session.confine(files, [session.scratch]);
    const list = `[${files.map(quoteText).join(", ")}]`;
    const held = await session.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM read_parquet(${list})`);
    const has = new Set(held.map(({ column_name: name }) => name));
    const time = entity.eventTime !== undefined && has.has(entity.eventTime) ? entity.eventTime : null;
    const fixed = [
      ...entity.joinKeys.filter(({ name }) => has.has(name)),
      ...(time === null ? [] : [{ name: time, type: "timestamp" as const }]),
    ];
    const written = output.columns.filter(({ file, name }) => has.has(file) && !fixed.some((key) => key.name === name));
    const selected = [
      ...fixed.map(({ name }) => quoteName(name)),
      ...written.map(({ name, file }) => `${quoteName(file)} AS ${quoteName(name)}`),
      ...(time === null ? [] : [`${quoteName(time)} AS ${quoteName(EVENT_TIME)}`]),
      `${files.length === 1 ? `"file_row_number"` : "row_number() OVER ()"} AS "__position"`,
    ];
    await session.run(
      `CREATE VIEW output AS SELECT ${selected.join(", ")} FROM read_parquet(${list}, file_row_number = true)`,
    );
    const types = new Map([...fixed, ...written].map(({ name, type }) => [name, type]));
    const fileName = new Map(written.map(({ name, file }) => [name, file]));
    return await measureRules(session, "output", types, rules, {
      train: trainCondition(output, types, time !== null),
      keys: fixed.map(({ name }) => name),
      bytes: (column) => columnBytes(session, list, fileName.get(column) ?? column),
      milliseconds: output.milliseconds,
    });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `The output of ${output.entity.name} cannot be checked: ${error instanceof Error ? (error.message.split("\n")[0] as string) : String(error)}`,
    );
  } finally {
    await session.close();
  }
}

/** Null where the split goes by something that the file does not have: then all rows count. */
function trainCondition(
  { train }: OutputToCheck,
  types: ReadonlyMap<string, unknown>,
  timed: boolean,
): { condition: string; part: string } | null {
  if (train === null) return null;
  const { policy, parts } = train;
  const part = parts.join(" and ");
  const rule = toSplitRule(policy);
  if (rule.by === "hash")
    return types.has(rule.key) ? { condition: hashCondition(rule, parts, quoteName(rule.key)), part } : null;
  if (!timed || rule.by === "assignment") return null;
  const ranges = parts.map((name) => interval(rule.parts[name] ?? [null, null]));
  return { condition: `(${ranges.join(" OR ")})`, part };
}

/** Compressed, as it lies in the files. */
export async function columnBytes(
  session: { row<Row>(sql: string): Promise<Row> },
  files: string,
  column: string,
): Promise<number> {
  const { bytes } = await session.row<{ bytes: number | null }>(
    `SELECT sum(total_compressed_size)::BIGINT AS bytes FROM parquet_metadata(${files}) WHERE path_in_schema = ${quoteText(column)} OR starts_with(path_in_schema, ${quoteText(`${column},`)})`,
  );
  return Number(bytes ?? 0);
}
