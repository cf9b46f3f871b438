/** Profiles of numbers and instants with many different values: summed by cell, and looked at again for quantiles only. */
import { histogramBucket } from "../histogram-edges";
import { CELL, type ColumnRequest, type Profile } from "./column-request";
import { type Figures, PROBABILITIES, toFigures, withNumericHistograms } from "./numeric-figures";

export async function profileStreamed(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, shape, value, rows, type } = request;
  const x = `CAST(v AS DOUBLE)`;
  const { shift } = await session.row<{ shift: number | null }>(
    `SELECT avg(x) AS shift FROM (SELECT CAST(${value} AS DOUBLE) AS x FROM ${rows}) WHERE x IS NOT NULL AND isfinite(x)`,
  );
  // Powers of the distance from the overall mean, which do not lose digits as powers of the values would.
  const d = `(x - '${shift ?? 0}'::DOUBLE)`;
  const sums = await session.rows<Record<string, number | string | null>>(
    `SELECT target, sum(total)::BIGINT AS total, sum(missing)::BIGINT AS missing, sum(nan)::BIGINT AS nan, sum(inf)::BIGINT AS inf, sum(ninf)::BIGINT AS ninf,
            sum(zeros)::BIGINT AS zeros, sum(negative)::BIGINT AS negative, sum(n)::BIGINT AS n, min(low) AS low, max(high) AS high,
            sum(total_sum) AS total_sum, sum(s1) AS s1, sum(s2) AS s2, sum(s3) AS s3
     FROM (SELECT cell, count(*) AS total, count(*) - count(v) AS missing, count(*) FILTER (WHERE isnan(x)) AS nan,
                  count(*) FILTER (WHERE x = 'Infinity'::DOUBLE) AS inf, count(*) FILTER (WHERE x = '-Infinity'::DOUBLE) AS ninf,
                  count(*) FILTER (WHERE x = 0) AS zeros, count(*) FILTER (WHERE x < 0) AS negative, count(*) FILTER (WHERE ok) AS n,
                  min(v) FILTER (WHERE ok) AS low, max(v) FILTER (WHERE ok) AS high,
                  sum(${type === "bigint" ? "CAST(v AS HUGEINT)" : "x"}) FILTER (WHERE ok) AS total_sum, sum(${d}) FILTER (WHERE ok) AS s1, sum(${d} * ${d}) FILTER (WHERE ok) AS s2, sum(${d} * ${d} * ${d}) FILTER (WHERE ok) AS s3
           FROM (SELECT *, x IS NOT NULL AND isfinite(x) AS ok FROM (SELECT cell, v, ${x} AS x FROM (SELECT ${CELL} AS cell, ${value} AS v FROM ${rows}))) GROUP BY 1)
     JOIN cell_targets USING (cell) GROUP BY 1`,
  );
  const details = await findDetails(request);
  const sumOf = new Map(sums.map((row) => [Number(row.target), row]));
  const figures = targets.list.map((_, target): Figures => {
    const row = sumOf.get(target);
    const n = Number(row?.n ?? 0);
    const detail = details.get(target);
    const [m1, r2, r3] = n > 0 ? [Number(row?.s1) / n, Number(row?.s2) / n, Number(row?.s3) / n] : [0, 0, 0];
    const std = Math.sqrt(Math.max(0, r2 - m1 * m1));
    return toFigures(shape, {
      rows: Number(row?.total ?? 0),
      missing: Number(row?.missing ?? 0),
      nan: Number(row?.nan ?? 0),
      inf: Number(row?.inf ?? 0),
      ninf: Number(row?.ninf ?? 0),
      zeros: Number(row?.zeros ?? 0),
      negative: Number(row?.negative ?? 0),
      // An estimate, which may say more than there are values.
      distinct: Math.min(detail?.kinds ?? 0, n),
      distinctIsExact: n === 0,
      n,
      min: row?.low ?? null,
      max: row?.high ?? null,
      sum: row?.total_sum ?? 0,
      mean: (shift ?? 0) + m1,
      std,
      skew: (r3 - 3 * m1 * r2 + 2 * m1 ** 3) / std ** 3,
      quantiles: detail?.q ?? [],
      top: [],
    });
  });
  return withNumericHistograms(request, figures, async (edges) =>
    session.rows(
      `SELECT target, b, sum(n)::BIGINT AS n FROM (SELECT cell, ${histogramBucket("x", edges)} AS b, count(*) AS n FROM (SELECT ${CELL} AS cell, CAST(${value} AS DOUBLE) AS x FROM ${rows}) WHERE x IS NOT NULL AND NOT isnan(x) GROUP BY 1, 2) JOIN cell_targets USING (cell) GROUP BY 1, 2`,
    ),
  );
}

/** Target → quantiles and about how many different values. Windows share one scan; what overlaps is read again. */
async function findDetails({ session, targets, value, rows }: ColumnRequest) {
  const details = new Map<number, { q: number[]; kinds: number }>();
  const windows = new Set(targets.windows);
  const find = async (wanted: number[]) => {
    const cells = wanted.flatMap((target) => (targets.list[target]?.cells ?? []).map((cell) => `(${target}, ${cell})`));
    if (cells.length === 0) return;
    const found = await session.rows<{ target: number; q: number[]; kinds: number }>(
      `SELECT target, quantile_cont(x, [${PROBABILITIES.join(", ")}]) AS q, approx_count_distinct(x) AS kinds FROM (SELECT ${CELL} AS cell, CAST(${value} AS DOUBLE) AS x FROM ${rows}) JOIN (VALUES ${cells.join(", ")}) c(target, cell) USING (cell) WHERE x IS NOT NULL AND isfinite(x) GROUP BY 1`,
    );
    for (const { target, ...detail } of found) details.set(target, detail);
  };
  for (const target of targets.list.keys()) if (!windows.has(target)) await find([target]);
  await find(targets.windows);
  return details;
}
