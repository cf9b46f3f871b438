import type { InspectedColumn } from "@/lib/domain/datasets/file-inspection";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { OpenSource } from "../open-source";
import type { Session } from "../session";

const KEY_TYPES: readonly ColumnType[] = ["bigint", "string", "date", "timestamp"];
const KEY_NAME = /(^|_)(id|key|uuid|guid|code|number|no|nr|index|instant|isbn|sku|email)$/;
/** So many columns are tried together with another, best first. */
const MOST_TRIED = 8;
const MOST_ANSWERED = 5;

/** Columns, alone or two together, that tell all rows apart: whole numbers and names of keys before others. */
export async function findRowKeys(
  session: Session,
  opened: OpenSource,
  columns: readonly InspectedColumn[],
  rows: number,
): Promise<string[][]> {
  if (rows === 0) return [];
  const whole = columns.filter(({ type, missing }) => missing === 0 && KEY_TYPES.includes(type));
  const ranked = [...whole].sort((one, other) => rankOf(other) - rankOf(one));
  const isUnique = async (names: readonly string[]) => {
    const keys = names.map((name) => opened.columns.get(name)?.value.sql as string);
    const { n } = await session.row<{ n: number }>(
      `SELECT CAST(count(*) AS DOUBLE) AS n FROM (SELECT DISTINCT ${keys.map((key, i) => `${key} AS k${i}`).join(", ")} FROM ${opened.relation})`,
    );
    return n === rows;
  };
  const found: string[][] = [];
  // Estimates of large files are within a few per cent.
  for (const { name, distinct } of ranked)
    if (distinct >= rows * 0.9 && found.length < MOST_ANSWERED && (await isUnique([name]))) found.push([name]);
  if (found.length > 0) return found;
  const tried = ranked.slice(0, MOST_TRIED);
  for (const [at, one] of tried.entries())
    for (const other of tried.slice(at + 1)) {
      if (found.length >= MOST_ANSWERED || one.distinct * other.distinct < rows) continue;
      if (await isUnique([one.name, other.name])) found.push([one.name, other.name]);
    }
  return found;
}

/** Of two columns the one with the higher rank is the likelier key. */
function rankOf({ name, type, distinct }: InspectedColumn): number {
  const isTime = type === "timestamp" || type === "date";
  return (
    (KEY_NAME.test(name) ? 4 : 0) +
    (type === "bigint" ? 2 : type === "string" ? 1 : 0) -
    (isTime ? 1 : 0) +
    (distinct > 1 ? 0.5 : 0)
  );
}
