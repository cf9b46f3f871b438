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
            sum(s1) AS s1, sum(s2) AS s2, sum(s3) AS s3
     FROM (SELECT cell, count(*) AS total, count(*) - count(v) AS missing, count(*) FILTER (WHERE isnan(x)) AS nan,
                  count(*) FILTER (WHERE x = 'Infinity'::DOUBLE) AS inf, count(*) FILTER (WHERE x = '-Infinity'::DOUBLE) AS ninf,
                  count(*) FILTER (WHERE x = 0) AS zeros, count(*) FILTER (WHERE x < 0) AS negative, count(*) FILTER (WHERE ok) AS n,
                  min(v) FILTER (WHERE ok) AS low, max(v) FILTER (WHERE ok) AS high,
                  sum(${d}) FILTER (WHERE ok) AS s1, sum(${d} * ${d}) FILTER (WHERE ok) AS s2, sum(${d} * ${d} * ${d}) FILTER (WHERE ok) AS s3
           FROM (SELECT *, x IS NOT NULL AND isfinite(x) AS ok FROM (SELECT cell, v, ${x} AS x FROM (SELECT ${CELL} AS cell, ${value} AS v FROM ${rows}))) GROUP BY 1)
     JOIN cell_targets USING (cell) GROUP BY 1`,
  );
  const figures: Figures[] = [];
  for (const [target, { cells }] of targets.list.entries()) {
    const row = sums.find((candidate) => candidate.target === target);
    const n = Number(row?.n ?? 0);
    // Instants are drawn, not summarised: only the reference's deciles are needed, for the edges.
    const wanted = n > 0 && (shape === "number" || target === targets.reference);
    const detail = wanted
      ? await session.row<{ q: number[]; kinds: number }>(
          `SELECT quantile_cont(x, [${PROBABILITIES.join(", ")}]) AS q, approx_count_distinct(x) AS kinds FROM (SELECT CAST(${value} AS DOUBLE) AS x FROM ${rows} WHERE ${CELL} IN (${cells.join(", ")})) WHERE x IS NOT NULL AND isfinite(x)`,
        )
      : { q: [], kinds: 0 };
    const [m1, r2, r3] = n > 0 ? [Number(row?.s1) / n, Number(row?.s2) / n, Number(row?.s3) / n] : [0, 0, 0];
    figures.push(
      toFigures(shape, {
        rows: Number(row?.total ?? 0),
        missing: Number(row?.missing ?? 0),
        nan: Number(row?.nan ?? 0),
        inf: Number(row?.inf ?? 0),
        ninf: Number(row?.ninf ?? 0),
        zeros: Number(row?.zeros ?? 0),
        negative: Number(row?.negative ?? 0),
        distinct: detail.kinds,
        n,
        min: row?.low ?? null,
        max: row?.high ?? null,
        mean: (shift ?? 0) + m1,
        m2: Math.max(0, r2 - m1 * m1),
        m3: r3 - 3 * m1 * r2 + 2 * m1 ** 3,
        quantiles: detail.q,
        isInteger: type === "bigint",
        top: [],
      }),
    );
  }
  return withNumericHistograms(request, figures, async (edges) =>
    session.rows(
      `SELECT target, b, sum(n)::BIGINT AS n FROM (SELECT cell, ${histogramBucket("x", edges)} AS b, count(*) AS n FROM (SELECT ${CELL} AS cell, CAST(${value} AS DOUBLE) AS x FROM ${rows}) WHERE x IS NOT NULL AND NOT isnan(x) GROUP BY 1, 2) JOIN cell_targets USING (cell) GROUP BY 1, 2`,
    ),
  );
}
