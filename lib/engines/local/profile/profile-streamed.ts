/** Profiles of numbers and instants with many different values: summed by cell, and looked at again for quantiles only. */
import { type CentralMoments, combineMoments } from "@/lib/domain/statistics/moments";
import { histogramBucket } from "../histogram-edges";
import { CELL, type ColumnRequest, type Profile } from "./column-request";
import { type Figures, PROBABILITIES, toFigures, withNumericHistograms } from "./numeric-figures";

export async function profileStreamed(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, shape, value, rows, type } = request;
  const x = `CAST(v AS DOUBLE)`;
  // Powers of the distance from the cell's own mean, which do not lose digits as powers of the values would.
  const d = "(x - shift)";
  const cells = new Map(
    (
      await session.rows<Cell>(
        `WITH given AS (SELECT *, x IS NOT NULL AND isfinite(x) AS ok FROM (SELECT cell, v, ${x} AS x FROM (SELECT ${CELL} AS cell, ${value} AS v FROM ${rows}))),
              shifts AS (SELECT cell, favg(x) AS shift FROM given WHERE ok GROUP BY 1)
         SELECT cell, count(*) AS total, count(*) - count(v) AS missing, count(*) FILTER (WHERE isnan(x)) AS nan,
                count(*) FILTER (WHERE x = 'Infinity'::DOUBLE) AS inf, count(*) FILTER (WHERE x = '-Infinity'::DOUBLE) AS ninf,
                count(*) FILTER (WHERE x = 0) AS zeros, count(*) FILTER (WHERE x < 0) AS negative, count(*) FILTER (WHERE ok) AS n,
                min(v) FILTER (WHERE ok) AS low, max(v) FILTER (WHERE ok) AS high, any_value(shift) AS shift,
                ${type === "bigint" ? "sum(CAST(v AS HUGEINT))" : "fsum(x)"} FILTER (WHERE ok) AS total_sum,
                fsum(${d}) FILTER (WHERE ok) AS s1, fsum(${d} * ${d}) FILTER (WHERE ok) AS s2, fsum(${d} * ${d} * ${d}) FILTER (WHERE ok) AS s3
         FROM given LEFT JOIN shifts USING (cell) GROUP BY 1`,
      )
    ).map((row) => [Number(row.cell), row]),
  );
  const details = await findDetails(request);
  const figures = targets.list.map(({ cells: own }, target): Figures => {
    const parts = own.flatMap((cell) => cells.get(cell) ?? []);
    const count = (name: "total" | "missing" | "nan" | "inf" | "ninf" | "zeros" | "negative" | "n") =>
      parts.reduce((sum, part) => sum + Number(part[name]), 0);
    const n = count("n");
    const detail = details.get(target);
    const moments = combineMoments(parts.map(centralOf));
    const std = moments ? Math.sqrt(moments.m2 / n) : 0;
    const filled = parts.filter((part) => Number(part.n) > 0);
    return toFigures(shape, {
      rows: count("total"),
      missing: count("missing"),
      nan: count("nan"),
      inf: count("inf"),
      ninf: count("ninf"),
      zeros: count("zeros"),
      negative: count("negative"),
      // An estimate, which may say more than there are values.
      distinct: Math.min(detail?.kinds ?? 0, n),
      distinctIsExact: n === 0,
      n,
      min: endOf(
        filled.map((part) => part.low),
        -1,
      ),
      max: endOf(
        filled.map((part) => part.high),
        1,
      ),
      sum: sumOf(
        type,
        filled.map((part) => part.total_sum ?? 0),
      ),
      mean: moments ? moments.mean + moments.rest : 0,
      std,
      skew: moments ? moments.m3 / n / std ** 3 : NaN,
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

/** What is known of the values in one cell. Integers beyond 2^53 are decimal strings. */
interface Cell {
  cell: number;
  total: number;
  missing: number;
  nan: number;
  inf: number;
  ninf: number;
  zeros: number;
  negative: number;
  n: number;
  low: number | string | null;
  high: number | string | null;
  shift: number | null;
  total_sum: number | string | null;
  /** Σ (x − shift), its squares and its cubes. */
  s1: number | null;
  s2: number | null;
  s3: number | null;
}

function centralOf({ n: rows, shift, s1, s2, s3 }: Cell): CentralMoments {
  const n = Number(rows);
  if (n === 0) return { n, mean: 0, rest: 0, m2: 0, m3: 0 };
  const m1 = (s1 ?? 0) / n;
  const m2 = Math.max(0, (s2 ?? 0) - n * m1 * m1);
  return { n, mean: shift ?? 0, rest: m1, m2, m3: (s3 ?? 0) - 3 * m1 * m2 - n * m1 ** 3 };
}

/** The least or greatest of numbers, of which some may be decimal strings that a double would round. */
function endOf(values: readonly (number | string | null)[], sign: -1 | 1): number | string | null {
  const exact = (value: number | string) =>
    typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
  return values.reduce<number | string | null>((end, value) => {
    if (value === null) return end;
    if (end === null) return value;
    return exact(value) > exact(end) === sign > 0 ? value : end;
  }, null);
}

/** Integers are added exactly. */
function sumOf(type: ColumnRequest["type"], sums: readonly (number | string)[]): number | string {
  if (type !== "bigint") return sums.reduce<number>((total, sum) => total + Number(sum), 0);
  const exact = sums.reduce((total, sum) => total + BigInt(sum), 0n);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact.toString();
}
