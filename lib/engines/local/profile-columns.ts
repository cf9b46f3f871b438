/**
 * Profiles of columns over many selections at once. A column with few different values (nearly all are) is counted by
 * value and cell in one scan, and every figure of every profile comes exactly from those counts; a column with many is
 * summed by cell in one scan, and only its quantiles look at the rows again.
 */
import type { CategoricalHistogram, Histogram } from "@/lib/domain/drift/histogram";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions";
import type { ColumnProfile, ColumnStats, RunControl, VariantPlan } from "../engine";
import { type Frame, type FrameColumn, valueSql } from "./frame";
import type { Frames } from "./frames";
import { equalWidthEdges, histogramBucket, numericHistogram, quantileEdges } from "./histogram-edges";
import { groupBy } from "./group-by";
import { type Targets, findTargets } from "./profile-targets";
import { quoteName, quoteText } from "./quote";
import type { Session } from "./session";

/** Up to so many different values a column is counted by value. */
const COUNTED_LIMIT = 50_000;
/** Integers with no more different values than this are categories. */
const CATEGORY_LIMIT = 30;
const TOP_VALUES = 50;
const TOP_SHOWN = 10;
const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const CELL = quoteName("#cell");

type Wanted = VariantPlan["profile"]["columns"][number];
type Shape = "number" | "instant" | "text" | "opaque";

const SHAPES: Record<ColumnType, Shape> = {
  boolean: "text",
  string: "text",
  bigint: "number",
  double: "number",
  date: "instant",
  timestamp: "instant",
  vector: "opaque",
  strings: "opaque",
};

/** What a profile needs to know of one column over one target. */
interface Figures {
  stats: ColumnStats;
  /** Ascending values at the deciles, least and greatest included; empty when nothing is finite. */
  deciles: number[];
}

interface ColumnRequest {
  session: Session;
  name: string;
  type: ColumnType;
  shape: Shape;
  /** SQL of the value over `rows`: numbers and instants as numbers, the rest as text. */
  value: string;
  /** The frame with each row's cell. */
  rows: string;
  targets: Targets;
  given: Wanted;
}

export async function profileColumns(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  control: RunControl,
  say: (message: string) => void,
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  const byFrame = new Map<Frame, { given: Wanted; found: FrameColumn }[]>();
  for (const given of plan.profile.columns) {
    const frame = await frames.holding(splitColumn(given.column)[0], [given]);
    const found = await frames.own(frame, given.column, given.instance, "The profile");
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), { given, found }]);
  }
  for (const [frame, columns] of byFrame) {
    const targets = await findTargets(session, frame, plan.profile, control.log);
    const rows = quoteName(frames.fresh(`cells of ${frame.entity.name}`));
    // A hash of every key is too dear to be computed once for each column.
    const hashed = plan.profile.selections.some((selection) => selection.split?.policy.type === "hash");
    await session.run(
      `CREATE ${hashed ? "TABLE" : "VIEW"} ${rows} AS SELECT *, ${targets.cell} AS ${CELL} FROM ${frame.relation}`,
    );
    await session.run(
      `CREATE OR REPLACE TABLE cell_targets AS SELECT CAST(target AS INTEGER) AS target, CAST(cell AS BIGINT) AS cell FROM (VALUES ${cellValues(targets)}) t(target, cell)`,
    );

    const requests = columns.map(({ given, found }) => toRequest(session, given, found, rows, targets));
    const distinct = await countDistinct(session, requests, rows);
    for (const [i, request] of requests.entries()) {
      say(`profile of ${request.name}`);
      profiles.push(
        ...(await profileColumn(request, distinct[i] ?? 0)).map((profile) => ({
          ...profile,
          instance: request.given.instance,
        })),
      );
    }
    await session.run(`DROP ${hashed ? "TABLE" : "VIEW"} ${rows}`);
  }
  return profiles;
}

function cellValues({ list }: Targets): string {
  const pairs = list.flatMap((target, i) => target.cells.map((cell) => `(${i}, ${cell})`));
  return pairs.length > 0 ? pairs.join(", ") : "(-1, -1)";
}

function toRequest(session: Session, given: Wanted, found: FrameColumn, rows: string, targets: Targets): ColumnRequest {
  const shape = SHAPES[found.type];
  const sql = valueSql(found);
  const value =
    shape === "instant"
      ? `epoch_ms(CAST(${sql} AS TIMESTAMP))`
      : shape === "text" && found.type !== "string"
        ? `CAST(${sql} AS VARCHAR)`
        : // Adding 0 makes −0 and 0 one value.
          found.type === "double"
          ? `${sql} + 0e0`
          : sql;
  return { session, name: given.column, type: found.type, shape, value, rows, targets, given };
}

async function countDistinct(session: Session, requests: ColumnRequest[], rows: string): Promise<number[]> {
  const asked = requests.map(({ shape, value }, i) =>
    shape === "number" || shape === "instant" ? `approx_count_distinct(${value}) AS c${i}` : `0 AS c${i}`,
  );
  const row = await session.row<Record<string, number>>(`SELECT ${asked.join(", ")} FROM ${rows}`);
  return requests.map((_, i) => row[`c${i}`] ?? 0);
}

type Profile = Omit<ColumnProfile, "instance">;

async function profileColumn(request: ColumnRequest, distinct: number): Promise<Profile[]> {
  if (request.shape === "opaque") return profileOpaque(request);
  if (request.shape === "text") return profileText(request);
  return distinct <= COUNTED_LIMIT ? profileCounted(request) : profileStreamed(request);
}

function assemble(
  { name, targets }: ColumnRequest,
  make: (target: number) => Pick<Profile, "stats" | "histogram" | "equalWidth">,
): Profile[] {
  return targets.list.flatMap(({ part, window, reported }, target) =>
    reported ? [{ column: name, part, window, ...make(target) }] : [],
  );
}

// ---- vectors and lists -------------------------------------------------------------------------------------------------

async function profileOpaque(request: ColumnRequest): Promise<Profile[]> {
  const counts = await request.session.rows<{ target: number; n: number; present: number }>(
    `SELECT target, sum(n)::BIGINT AS n, sum(present)::BIGINT AS present FROM (SELECT ${CELL} AS cell, count(*) AS n, count(${request.value}) AS present FROM ${request.rows} GROUP BY 1) JOIN cell_targets USING (cell) GROUP BY 1`,
  );
  return assemble(request, (target) => {
    const { n = 0, present = 0 } = counts.find((row) => row.target === target) ?? {};
    return {
      stats: { rows: n, missing: n - present },
      histogram: { kind: "categorical", values: [], counts: [], other: present, missing: n - present },
      equalWidth: null,
    };
  });
}

// ---- by value ----------------------------------------------------------------------------------------------------------

/** `value_counts(target, v, n)`: how often each value occurs in each target. */
async function countValues({ session, value, rows }: ColumnRequest): Promise<void> {
  await session.run(
    `CREATE OR REPLACE TABLE value_counts AS SELECT target, v, sum(n)::BIGINT AS n FROM (SELECT ${CELL} AS cell, ${value} AS v, count(*) AS n FROM ${rows} GROUP BY ALL) JOIN cell_targets USING (cell) GROUP BY ALL`,
  );
}

async function topValues(session: Session, limit: number): Promise<Map<number, { value: string; count: number }[]>> {
  const rows = await session.rows<{ target: number; v: string; n: number }>(
    `SELECT target, CAST(v AS VARCHAR) AS v, n FROM value_counts WHERE v IS NOT NULL QUALIFY row_number() OVER (PARTITION BY target ORDER BY n DESC, value_counts.v) <= ${limit} ORDER BY target, n DESC, value_counts.v`,
  );
  const top = groupBy(rows, (row) => row.target);
  return new Map([...top].map(([target, list]) => [target, list.map(({ v, n }) => ({ value: v, count: n }))]));
}

async function categoricalHistograms(
  session: Session,
  values: string[],
  totals: Map<number, { rows: number; missing: number }>,
): Promise<Map<number, CategoricalHistogram>> {
  const listed = values.map(quoteText).join(", ");
  const rows =
    values.length === 0
      ? []
      : await session.rows<{ target: number; v: string; n: number }>(
          `SELECT target, CAST(v AS VARCHAR) AS v, n FROM value_counts WHERE CAST(v AS VARCHAR) IN (${listed})`,
        );
  const counts = new Map(rows.map((row) => [`${row.target}|${row.v}`, row.n]));
  return new Map(
    [...totals].map(([target, { rows: total, missing }]) => {
      const own = values.map((value) => counts.get(`${target}|${value}`) ?? 0);
      const other = total - missing - own.reduce((sum, n) => sum + n, 0);
      return [target, { kind: "categorical", values, counts: own, other, missing }];
    }),
  );
}

async function profileText(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, given, type } = request;
  await countValues(request);
  const rows = await session.rows<{
    target: number;
    n: number;
    missing: number;
    kinds: number;
    letters: number | null;
    empty: number;
  }>(
    `SELECT target, sum(n)::BIGINT AS n, coalesce(sum(n) FILTER (WHERE v IS NULL), 0)::BIGINT AS missing, count(v) AS kinds, sum(n * length(v))::DOUBLE AS letters, coalesce(sum(n) FILTER (WHERE v = ''), 0)::BIGINT AS empty FROM value_counts GROUP BY 1`,
  );
  const top = await topValues(session, TOP_VALUES);
  const totals = new Map(
    targets.list.map((_, i) => [
      i,
      {
        rows: rows.find((row) => row.target === i)?.n ?? 0,
        missing: rows.find((row) => row.target === i)?.missing ?? 0,
      },
    ]),
  );
  const values =
    given.edges?.kind === "categorical"
      ? given.edges.values
      : type === "boolean"
        ? ["false", "true"]
        : (top.get(targets.reference) ?? []).map(({ value }) => value);
  const histograms = await categoricalHistograms(session, values, totals);
  return assemble(request, (target) => {
    const row = rows.find((candidate) => candidate.target === target);
    const present = row ? row.n - row.missing : 0;
    const stats: ColumnStats = {
      rows: row?.n ?? 0,
      missing: row?.missing ?? 0,
      distinct: row?.kinds ?? 0,
      top: (top.get(target) ?? []).slice(0, TOP_SHOWN),
    };
    if (type === "string") {
      stats.emptyStrings = row?.empty ?? 0;
      if (present > 0) stats.averageLength = (row?.letters ?? 0) / present;
    }
    const histogram: Histogram = histograms.get(target) ?? {
      kind: "categorical",
      values,
      counts: values.map(() => 0),
      other: 0,
      missing: 0,
    };
    return { stats, histogram, equalWidth: null };
  });
}

/** Type-7 quantile from values counted in order: `c` rows are at or below `x`. */
function countedQuantile(p: number, i: number): string {
  const at = `(total - 1) * ${p}e0`;
  return `min(x) FILTER (WHERE c > floor(${at})) AS lo${i}, min(x) FILTER (WHERE c > ceil(${at})) AS hi${i}`;
}

async function profileCounted(request: ColumnRequest): Promise<Profile[]> {
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

// ---- by cell -----------------------------------------------------------------------------------------------------------

async function profileStreamed(request: ColumnRequest): Promise<Profile[]> {
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

// ---- numbers -----------------------------------------------------------------------------------------------------------

interface RawFigures {
  rows: number;
  missing: number;
  nan: number;
  inf: number;
  ninf: number;
  zeros: number;
  negative: number;
  distinct: number;
  /** Finite values. */
  n: number;
  min: number | string | null;
  max: number | string | null;
  mean: number;
  /** Central moments, divided by n. */
  m2: number;
  m3: number;
  /** At PROBABILITIES. */
  quantiles: number[];
  isInteger: boolean;
  top: { value: string; count: number }[];
}

function toFigures(shape: Shape, raw: RawFigures): Figures {
  const deciles =
    raw.n > 0 && raw.quantiles.length > 0
      ? [Number(raw.min), ...DECILES.map((p) => raw.quantiles[PROBABILITIES.indexOf(p)] ?? NaN), Number(raw.max)]
      : [];
  const stats: ColumnStats = { rows: raw.rows, missing: raw.missing };
  if (raw.distinct > 0 || raw.n === 0) stats.distinct = raw.distinct;
  if (shape === "instant") {
    if (raw.n > 0) {
      stats.min = new Date(Number(raw.min)).toISOString();
      stats.max = new Date(Number(raw.max)).toISOString();
    }
    return { stats, deciles };
  }
  Object.assign(stats, {
    zeros: raw.zeros,
    negative: raw.negative,
    nan: raw.nan,
    positiveInfinity: raw.inf,
    negativeInfinity: raw.ninf,
  });
  if (raw.n > 0) {
    const std = Math.sqrt(raw.m2);
    stats.min = raw.min ?? 0;
    stats.max = raw.max ?? 0;
    // Values near the largest double have a variance beyond it: what cannot be said is left out.
    if (Number.isFinite(raw.mean)) stats.mean = raw.mean;
    if (Number.isFinite(std)) {
      stats.populationStd = std;
      if (raw.n > 1) stats.sampleStd = std * Math.sqrt(raw.n / (raw.n - 1));
      const skew = raw.m3 / std ** 3;
      if (Number.isFinite(skew)) stats.skew = skew;
    }
    stats.quantiles = Object.fromEntries(PROBABILITIES.map((p, i) => [String(p), raw.quantiles[i] ?? 0]));
  }
  if (raw.top.length > 0) stats.top = raw.top;
  return { stats, deciles };
}

async function withNumericHistograms(
  request: ColumnRequest,
  figures: Figures[],
  count: (edges: number[]) => Promise<{ target: number; b: number; n: number }[]>,
): Promise<Profile[]> {
  const { given, targets, shape } = request;
  const reference = figures[targets.reference];
  const deciles = reference?.deciles ?? [];
  const quantiles = reference?.stats.quantiles;
  const [least = 0] = deciles;
  const greatest = deciles.at(-1) ?? 0;
  const edges = given.edges?.kind === "numeric" ? given.edges.edges : quantileEdges(deciles);
  const wide =
    given.equalWidth?.kind === "numeric"
      ? given.equalWidth.edges
      : deciles.length === 0
        ? []
        : shape === "instant"
          ? equalWidthEdges(least, greatest, least, greatest)
          : equalWidthEdges(quantiles?.["0.01"] ?? least, quantiles?.["0.99"] ?? greatest, least, greatest);
  const make = async (chosen: number[]) => {
    const buckets = new Map<number, Map<number, number>>();
    for (const { target, b, n } of await count(chosen)) {
      const own = buckets.get(target) ?? new Map<number, number>();
      buckets.set(target, own);
      own.set(b, n);
    }
    return (target: number) => {
      const stats = figures[target]?.stats;
      return numericHistogram(
        chosen,
        buckets.get(target) ?? new Map<number, number>(),
        stats?.missing ?? 0,
        stats?.nan ?? 0,
      );
    };
  };
  const byQuantile = await make(edges);
  const byWidth = await make(wide);
  return assemble(request, (target) => ({
    stats: figures[target]?.stats ?? { rows: 0, missing: 0 },
    histogram: byQuantile(target),
    equalWidth: byWidth(target),
  }));
}
