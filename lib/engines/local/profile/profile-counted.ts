/** Profiles of numbers and instants with few different values, from how often each occurs. */
import { CATEGORY_LIMIT } from "@/lib/domain/statistics/reference-values";
import { histogramBucket } from "../histogram-edges";
import type { ColumnRequest, Profile } from "./column-request";
import { TOP_SHOWN, countListed, countValues, topValues } from "./count-values";
import {
  type Figures,
  PROBABILITIES,
  integerCategories,
  referenceFigures,
  toFigures,
  withCategories,
  withNumericHistograms,
} from "./numeric-figures";

/** Type-7 quantile from values counted in order: `c` rows are at or below `x`. */
function countedQuantile(p: number, i: number): string {
  const at = `(total - 1) * ${p}e0`;
  return `min(x) FILTER (WHERE c > floor(${at})) AS lo${i}, min(x) FILTER (WHERE c > ceil(${at})) AS hi${i}`;
}

export async function profileCounted(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, type, shape } = request;
  await countValues(request);
  const finite = "v IS NOT NULL AND isfinite(CAST(v AS DOUBLE))";
  const common = await session.rows<Record<string, number>>(
    `SELECT target, sum(n)::BIGINT AS total, ${sumWhere("v IS NULL", "missing")}, ${sumWhere("isnan(CAST(v AS DOUBLE))", "nan")},
            ${sumWhere("CAST(v AS DOUBLE) = 'Infinity'::DOUBLE", "inf")}, ${sumWhere("CAST(v AS DOUBLE) = '-Infinity'::DOUBLE", "ninf")},
            ${sumWhere("v = 0", "zeros")}, ${sumWhere("v < 0", "negative")}, count(v) FILTER (WHERE NOT isnan(CAST(v AS DOUBLE))) AS kinds
     FROM value_counts GROUP BY 1`,
  );
  const moments = await session.rows<Record<string, number | string | null>>(
    // Moments of the distance from the target's least value, which keeps the digits that a large offset would take.
    `WITH finite AS (SELECT target, v, CAST(v AS DOUBLE) AS x, n FROM value_counts WHERE ${finite}),
          origins AS (SELECT target, min(x) AS origin, sum(n)::BIGINT AS total FROM finite GROUP BY 1),
          centres AS (SELECT target, fsum(n * (x - origin)) / any_value(total) AS centre FROM finite JOIN origins USING (target) GROUP BY 1),
          ranked AS (SELECT *, x - origin - centre AS d, sum(n) OVER (PARTITION BY target ORDER BY x)::BIGINT AS c
                     FROM finite JOIN origins USING (target) JOIN centres USING (target))
     SELECT target, any_value(total) AS n, any_value(origin) + any_value(centre) AS mean, ${type === "bigint" ? "sum(CAST(v AS HUGEINT) * n)" : "fsum(n * x)"} AS sum, min(v) AS low, max(v) AS high,
            fsum(n * d ** 2) / any_value(total) AS m2, fsum(n * d ** 3) / any_value(total) AS m3,
            ${PROBABILITIES.map(countedQuantile).join(", ")}
     FROM ranked GROUP BY 1`,
  );
  const top = await topValues(session, type === "bigint" ? CATEGORY_LIMIT + 1 : TOP_SHOWN);
  const commonOf = new Map(common.map((row) => [row.target, row]));
  const momentsOf = new Map(moments.map((row) => [Number(row.target), row]));
  const figures = targets.list.map((_, target): Figures => {
    const counts = commonOf.get(target);
    const moment = momentsOf.get(target);
    const n = Number(moment?.n ?? 0);
    const quantiles = moment
      ? PROBABILITIES.map((p, i) => {
          const low = Number(moment[`lo${i}`]);
          const high = Number(moment[`hi${i}`] ?? moment[`lo${i}`]);
          const h = (n - 1) * p;
          return low + (h - Math.floor(h)) * (high - low);
        })
      : [];
    const std = Math.sqrt(Number(moment?.m2 ?? 0));
    return toFigures(shape, {
      rows: counts?.total ?? 0,
      missing: counts?.missing ?? 0,
      nan: counts?.nan ?? 0,
      inf: counts?.inf ?? 0,
      ninf: counts?.ninf ?? 0,
      zeros: counts?.zeros ?? 0,
      negative: counts?.negative ?? 0,
      distinct: counts?.kinds ?? 0,
      distinctIsExact: true,
      n,
      min: moment?.low ?? null,
      max: moment?.high ?? null,
      sum: moment?.sum ?? 0,
      mean: Number(moment?.mean ?? 0),
      std,
      skew: Number(moment?.m3 ?? 0) / std ** 3,
      quantiles,
      top: shape === "number" ? (top.get(target) ?? []).slice(0, TOP_SHOWN) : [],
    });
  });

  const reference = referenceFigures(request, figures);
  const categories = integerCategories(request, reference, () =>
    (top.get(reference ? figures.indexOf(reference) : 0) ?? []).map(({ value }) => value),
  );
  if (categories) {
    const counts = await countListed(session, categories);
    return withCategories(request, categories, figures, counts);
  }
  const source = `SELECT target, CAST(v AS DOUBLE) AS x, n FROM value_counts WHERE v IS NOT NULL AND NOT isnan(CAST(v AS DOUBLE))`;
  return withNumericHistograms(request, figures, async (edges) =>
    session.rows(
      `SELECT target, ${histogramBucket("x", edges)} AS b, sum(n)::BIGINT AS n FROM (${source}) GROUP BY 1, 2`,
    ),
  );
}

function sumWhere(condition: string, name: string): string {
  return `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::BIGINT AS ${name}`;
}
