/** Profiles of texts and true/false values, by value. */
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import { TEXT_VALUES } from "@/lib/domain/statistics/reference-values";
import { referenceOf } from "../profile-targets";
import { type ColumnRequest, type Profile, assemble } from "./column-request";
import { TOP_SHOWN, countListed, countValues, topValues } from "./count-values";
import { toCategorical } from "./numeric-figures";

/** What reading bytes that are not UTF-8 leaves. */
const REPLACEMENT = "chr(65533)";

/** What a profile needs to know of texts over one target. */
export interface TextFigures {
  n: number;
  missing: number;
  /** Different values. */
  kinds: number;
  /** Code points of all values. */
  letters: number | null;
  empty: number;
  invalid: number;
  /** Most frequent first; at least TEXT_VALUES where there are as many. */
  top: { value: string; count: number }[];
}

const NOTHING = { n: 0, missing: 0, kinds: 0, letters: 0, empty: 0, invalid: 0 };

export async function profileText(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets } = request;
  await countValues(request);
  const sumWhere = (condition: string) => `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::BIGINT`;
  const rows = await session.rows<TextFigures & { target: number }>(
    `SELECT target, sum(n)::BIGINT AS n, ${sumWhere("v IS NULL")} AS missing, count(v) AS kinds, sum(n * length(v))::DOUBLE AS letters, ${sumWhere("v = ''")} AS empty, ${sumWhere(`contains(v, ${REPLACEMENT})`)} AS invalid FROM value_counts GROUP BY 1`,
  );
  const byTarget = new Map(rows.map((row) => [row.target, row]));
  const top = await topValues(session, TEXT_VALUES);
  const figures = targets.list.map((_, target) => ({
    ...NOTHING,
    ...byTarget.get(target),
    top: top.get(target) ?? [],
  }));
  const values = categoriesOf(request, figures);
  const listed = await countListed(session, values);
  return withTextHistograms(request, figures, () => listed);
}

/** The values that the column is counted by. */
function categoriesOf({ given, type, targets }: ColumnRequest, figures: readonly TextFigures[]): string[] {
  if (given.edges?.kind === "categorical") return given.edges.values;
  if (type === "boolean") return ["false", "true"];
  const reference = referenceOf(targets, (target) => (figures[target]?.n ?? 0) - (figures[target]?.missing ?? 0));
  return (figures[reference]?.top ?? []).slice(0, TEXT_VALUES).map(({ value }) => value);
}

/** @param count of the values: target → how often each of them occurs there */
export function withTextHistograms(
  request: ColumnRequest,
  figures: readonly TextFigures[],
  count: (values: string[]) => (target: number) => number[],
): Profile[] {
  const values = categoriesOf(request, figures);
  const listed = count(values);
  return assemble(request, (target) => {
    const { n, missing, kinds, letters, empty, invalid, top } = figures[target] ?? { ...NOTHING, top: [] };
    const stats: ColumnStats = {
      rows: n,
      missing,
      distinct: kinds,
      distinctIsExact: true,
      top: top.slice(0, TOP_SHOWN),
    };
    if (request.type !== "boolean") {
      stats.emptyStrings = empty;
      stats.invalidUtf8 = invalid;
      if (n > missing) stats.averageLength = (letters ?? 0) / (n - missing);
    }
    return { stats, histogram: toCategorical(values, listed(target), stats), equalWidth: null };
  });
}
