import type { Histogram } from "@/lib/domain/statistics/histogram";
import { judgeDrift } from "@/lib/domain/drift/judge-drift";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";

/** Plausible distributions, exactly repeatable: counts come from closed forms, never from random numbers. */
export type Distribution =
  | {
      kind: "numeric";
      integer: boolean;
      mean: number;
      std: number;
      min: number;
      max: number;
      /** Share of rows without a value. */
      missing: number;
      /** How much the mean moves each month. */
      shift: number;
      /** Rows a month. */
      rows: number;
    }
  | {
      kind: "values";
      shares: Record<string, number>;
      /** Shares of June; the months between go from one to the other. */ june: Record<string, number>;
      rows: number;
    };

const month = (index: number) => new Date(Date.UTC(2001, index, 1)).toISOString();
/** `[from, to)` of January to June 2001. */
export const MONTHS = [0, 1, 2, 3, 4, 5].map((index) => [month(index), month(index + 1)] as const);

const FLIGHTS = 500_000;
const AIRPORTS = 9_150;
const numeric = (values: Omit<Extract<Distribution, { kind: "numeric" }>, "kind">): Distribution => ({
  kind: "numeric",
  ...values,
});
const values = (shares: Record<string, number>, june: Record<string, number>, rows: number): Distribution => ({
  kind: "values",
  shares,
  june,
  rows,
});

/** Column → the distribution of its first version and, where the second run makes another, of that one. */
export const DISTRIBUTIONS: Record<string, Distribution[]> = {
  "flight.delay": [
    numeric({ integer: true, mean: 8, std: 31, min: -99, max: 1438, missing: 0, shift: 0.6, rows: FLIGHTS }),
  ],
  "flight.distance": [
    numeric({ integer: true, mean: 720, std: 570, min: 21, max: 4962, missing: 0, shift: 0, rows: FLIGHTS }),
  ],
  "flight.hour": [numeric({ integer: true, mean: 13, std: 5, min: 0, max: 23, missing: 0, shift: 0, rows: FLIGHTS })],
  "flight.origin": [values({ ATL: 0.41, ORD: 0.36, DFW: 0.23 }, { ATL: 0.4, ORD: 0.37, DFW: 0.23 }, FLIGHTS)],
  "flight.is_weekend": [values({ false: 0.72, true: 0.28 }, { false: 0.7, true: 0.3 }, FLIGHTS)],
  "flight.distance_band": [values({ short: 0.61, long: 0.39 }, { short: 0.6, long: 0.4 }, FLIGHTS)],
  "flight.origin_delay_mean_7d": [
    numeric({ integer: false, mean: 8, std: 5, min: -12, max: 74, missing: 0.031, shift: 0.9, rows: FLIGHTS }),
  ],
  "flight.late_probability": [
    numeric({ integer: false, mean: 0.21, std: 0.09, min: 0.01, max: 0.97, missing: 0, shift: 0.01, rows: FLIGHTS }),
    numeric({ integer: false, mean: 0.22, std: 0.11, min: 0.02, max: 0.93, missing: 0, shift: 0.008, rows: FLIGHTS }),
  ],
  "airport.departures_7d": [
    numeric({ integer: true, mean: 240, std: 190, min: 0, max: 6902, missing: 0, shift: 38, rows: AIRPORTS }),
  ],
  "airport.delay_mean_7d": [
    numeric({ integer: false, mean: 8.4, std: 6.2, min: -31, max: 180, missing: 0.012, shift: 0.8, rows: AIRPORTS }),
  ],
  "airport.late_share_7d": [
    numeric({ integer: false, mean: 0.2, std: 0.1, min: 0, max: 1, missing: 0.012, shift: 0.003, rows: AIRPORTS }),
  ],
  "airport.segment": [
    values(
      { segment_0: 0.55, segment_1: 0.3, segment_2: 0.15 },
      { segment_0: 0.38, segment_1: 0.34, segment_2: 0.28 },
      AIRPORTS,
    ),
    values({ band_0: 0.34, band_1: 0.33, band_2: 0.33 }, { band_0: 0.32, band_1: 0.33, band_2: 0.35 }, AIRPORTS),
  ],
};

/** Abramowitz and Stegun 7.1.26: good to 1.5e-7, which is finer than the counts. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(x) / Math.SQRT2));
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-(x * x) / 2);
  return x >= 0 ? 1 - tail / 2 : tail / 2;
}

const Z = [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816];

type Numeric = Extract<Distribution, { kind: "numeric" }>;

function countsOf(distribution: Numeric, months: readonly number[], edges: number[]) {
  const counts = edges.slice(1).map(() => 0);
  let underflow = 0;
  let overflow = 0;
  for (const at of months) {
    const rows = distribution.rows * (1 - distribution.missing);
    const below = (edge: number) =>
      normalCdf((edge - distribution.mean - distribution.shift * at) / distribution.std) * rows;
    // What a normal would put outside the range lies on its ends.
    underflow += edges[0] === distribution.min ? 0 : below(edges[0] as number);
    overflow += edges[edges.length - 1] === distribution.max ? 0 : rows - below(edges[edges.length - 1] as number);
    counts.forEach((_, index) => {
      const from = index === 0 && edges[0] === distribution.min ? 0 : below(edges[index] as number);
      const to =
        index === counts.length - 1 && edges[index + 1] === distribution.max ? rows : below(edges[index + 1] as number);
      counts[index] = (counts[index] as number) + to - from;
    });
  }
  return { counts: counts.map(Math.round), underflow: Math.round(underflow), overflow: Math.round(overflow) };
}

function sharesOf(
  distribution: Extract<Distribution, { kind: "values" }>,
  months: readonly number[],
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(distribution.shares).map(([value, share]) => [
      value,
      months.reduce(
        (sum, at) =>
          sum + Math.round((share + (((distribution.june[value] ?? 0) - share) * at) / 5) * distribution.rows),
        0,
      ),
    ]),
  );
}

export interface FixtureProfile {
  rows: bigint;
  stats: ColumnStats;
  histogram: Histogram;
  equalWidth: Histogram | null;
}

export function profileOf(distribution: Distribution, months: readonly number[]): FixtureProfile {
  const rows = distribution.rows * months.length;
  if (distribution.kind === "values") {
    const counts = sharesOf(distribution, months);
    const top = Object.entries(counts)
      .map(([value, count]) => ({ value, count }))
      .sort((one, other) => other.count - one.count);
    return {
      rows: BigInt(rows),
      stats: { rows, missing: 0, distinct: top.length, top, averageLength: 9, emptyStrings: 0 },
      histogram: {
        kind: "categorical",
        values: Object.keys(counts),
        counts: Object.values(counts),
        other: 0,
        missing: 0,
      },
      equalWidth: null,
    };
  }
  const missing = Math.round(rows * distribution.missing);
  const mean = distribution.mean + (distribution.shift * months.reduce((sum, at) => sum + at, 0)) / months.length;
  const clamp = (value: number) => Math.min(Math.max(value, distribution.min), distribution.max);
  const figure = (value: number) => (distribution.integer ? Math.round(value) : Number(value.toFixed(4)));
  const decile = (z: number, centre: number) => figure(clamp(centre + z * distribution.std));
  const inner = [...new Set(Z.map((z) => decile(z, distribution.mean)))].filter(
    (edge) => edge > distribution.min && edge < distribution.max,
  );
  const edges = [distribution.min, ...inner, distribution.max];
  const from = Math.max(distribution.min, distribution.mean - 3 * distribution.std);
  const to = Math.min(distribution.max, distribution.mean + 4 * distribution.std);
  const width = (to - from) / 24;
  const even = Array.from({ length: 25 }, (_, index) => Number((from + index * width).toFixed(4)));
  const numeric = { missing, nan: 0 };
  return {
    rows: BigInt(rows),
    stats: {
      rows,
      missing,
      distinct: distribution.integer ? Math.min(rows, distribution.max - distribution.min) : Math.round(rows / 3),
      zeros: Math.round(rows * 0.012),
      negative: distribution.min < 0 ? Math.round(rows * 0.3) : 0,
      nan: 0,
      positiveInfinity: 0,
      negativeInfinity: 0,
      min: distribution.min,
      max: distribution.max,
      mean: Number(mean.toFixed(4)),
      sampleStd: distribution.std,
      populationStd: distribution.std,
      skew: 0,
      quantiles: Object.fromEntries(Z.map((z, index) => [`0.${index + 1}`, decile(z, mean)])),
    },
    histogram: { kind: "numeric", edges, ...countsOf(distribution, months, edges), ...numeric },
    equalWidth: { kind: "numeric", edges: even, ...countsOf(distribution, months, even), ...numeric },
  };
}

/** The month against January by PSI, with the product's thresholds. */
export function driftOf(distribution: Distribution, at: number) {
  const { figure, warn, critical, state, score, severity, explanation } = judgeDrift({
    metric: "natural",
    reference: profileOf(distribution, [0]),
    current: profileOf(distribution, [at]),
  });
  return { metric: figure, params: { warn, critical }, state, score, severity, explanation };
}
