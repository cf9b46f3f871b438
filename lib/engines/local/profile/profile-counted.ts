/** Profiles of numbers and instants with few different values, from how often each occurs. */
import { histogramBucket } from "../histogram-edges";
import { type ColumnRequest, type Profile, assemble } from "./column-request";
import { TOP_SHOWN, categoricalHistograms, countValues, topValues } from "./count-values";
import { type Figures, PROBABILITIES, toFigures, withNumericHistograms } from "./numeric-figures";

/** Integers with no more different values than this are categories. */
const CATEGORY_LIMIT = 30;

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
    `WITH finite AS (SELECT target, v, CAST(v AS DOUBLE) AS x, n FROM value_counts WHERE ${finite}),
          ranked AS (SELECT *, sum(n) OVER (PARTITION BY target ORDER BY x)::BIGINT AS c, sum(n) OVER (PARTITION BY target)::BIGINT AS total,
                            sum(n * x) OVER (PARTITION BY target) / sum(n) OVER (PARTITION BY target) AS mean FROM finite)
     SELECT target, any_value(total) AS n, any_value(mean) AS mean, min(v) AS low, max(v) AS high,
            sum(n * (x - mean) ** 2) / any_value(total) AS m2, sum(n * (x - mean) ** 3) / any_value(total) AS m3,
            ${PROBABILITIES.map(countedQuantile).join(", ")}
     FROM ranked GROUP BY 1`,
  );
  const top = await topValues(session, type === "bigint" ? CATEGORY_LIMIT + 1 : TOP_SHOWN);
  const figures = targets.list.map((_, target): Figures => {
    const counts = common.find((row) => row.target === target);
    const moment = moments.find((row) => row.target === target);
    const n = Number(moment?.n ?? 0);
    const quantiles = moment
      ? PROBABILITIES.map((p, i) => {
          const low = Number(moment[`lo${i}`]);
          const high = Number(moment[`hi${i}`] ?? moment[`lo${i}`]);
          const h = (n - 1) * p;
          return low + (h - Math.floor(h)) * (high - low);
        })
      : [];
    return toFigures(shape, {
      rows: counts?.total ?? 0,
      missing: counts?.missing ?? 0,
      nan: counts?.nan ?? 0,
      inf: counts?.inf ?? 0,
      ninf: counts?.ninf ?? 0,
      zeros: counts?.zeros ?? 0,
      negative: counts?.negative ?? 0,
      distinct: counts?.kinds ?? 0,
      n,
      min: moment?.low ?? null,
      max: moment?.high ?? null,
      mean: Number(moment?.mean ?? 0),
      m2: Number(moment?.m2 ?? 0),
      m3: Number(moment?.m3 ?? 0),
      quantiles,
      isInteger: type === "bigint",
      top: (top.get(target) ?? []).slice(0, TOP_SHOWN),
    });
  });

  const { given } = request;
  const categories = given.edges
    ? given.edges.kind === "categorical"
      ? given.edges.values
      : null
    : integerCategories(request, figures, top);
  if (categories) {
    const totals = new Map(figures.map(({ stats }, target) => [target, { rows: stats.rows, missing: stats.missing }]));
    const histograms = await categoricalHistograms(session, categories, totals);
    return assemble(request, (target) => ({
      stats: figures[target]?.stats ?? { rows: 0, missing: 0 },
      histogram: histograms.get(target) ?? {
        kind: "categorical",
        values: categories,
        counts: categories.map(() => 0),
        other: 0,
        missing: 0,
      },
      equalWidth: null,
    }));
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

/** The reference's values in order of size, when they are few. */
function integerCategories(
  { type, targets }: ColumnRequest,
  figures: Figures[],
  top: Map<number, { value: string }[]>,
): string[] | null {
  const distinct = figures[targets.reference]?.stats.distinct ?? 0;
  if (type !== "bigint" || distinct === 0 || distinct > CATEGORY_LIMIT) return null;
  return (top.get(targets.reference) ?? []).map(({ value }) => value).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}
