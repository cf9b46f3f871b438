/** Profiles of texts and truth values, by value. */
import type { ColumnStats } from "../../engine";
import { referenceOf } from "../profile-targets";
import { type ColumnRequest, type Profile, assemble } from "./column-request";
import { TOP_SHOWN, countListed, countValues, topValues } from "./count-values";
import { toCategorical } from "./numeric-figures";

const TOP_VALUES = 50;
/** What reading bytes that are not UTF-8 leaves. */
const REPLACEMENT = "chr(65533)";

interface TextCounts {
  target: number;
  n: number;
  missing: number;
  kinds: number;
  letters: number | null;
  empty: number;
  invalid: number;
}

const NOTHING = { n: 0, missing: 0, kinds: 0, letters: 0, empty: 0, invalid: 0 };

export async function profileText(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, given, type } = request;
  await countValues(request);
  const sumWhere = (condition: string) => `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::BIGINT`;
  const rows = await session.rows<TextCounts>(
    `SELECT target, sum(n)::BIGINT AS n, ${sumWhere("v IS NULL")} AS missing, count(v) AS kinds, sum(n * length(v))::DOUBLE AS letters, ${sumWhere("v = ''")} AS empty, ${sumWhere(`contains(v, ${REPLACEMENT})`)} AS invalid FROM value_counts GROUP BY 1`,
  );
  const byTarget = new Map(rows.map((row) => [row.target, row]));
  const countsOf = (target: number) => byTarget.get(target) ?? NOTHING;
  const top = await topValues(session, TOP_VALUES);
  const reference = referenceOf(targets, (target) => countsOf(target).n - countsOf(target).missing);
  const values =
    given.edges?.kind === "categorical"
      ? given.edges.values
      : type === "boolean"
        ? ["false", "true"]
        : (top.get(reference) ?? []).map(({ value }) => value);
  const listed = await countListed(session, values);
  return assemble(request, (target) => {
    const { n, missing, kinds, letters, empty, invalid } = countsOf(target);
    const stats: ColumnStats = {
      rows: n,
      missing,
      distinct: kinds,
      distinctIsExact: true,
      top: (top.get(target) ?? []).slice(0, TOP_SHOWN),
    };
    if (type !== "boolean") {
      stats.emptyStrings = empty;
      stats.invalidUtf8 = invalid;
      if (n > missing) stats.averageLength = (letters ?? 0) / (n - missing);
    }
    return { stats, histogram: toCategorical(values, listed(target), stats), equalWidth: null };
  });
}
