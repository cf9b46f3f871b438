import { quoteNumber } from "../quote";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import { bucketValue } from "./buckets";
import {
  type FitContext,
  type Fitted,
  type LocalOperator,
  addUp,
  doubles,
  notFiniteRows,
  settle,
  storeFitRows,
} from "./local-operator";

/** Rows that the starting centres are chosen from; every row takes part in moving them. */
const SAMPLE = 10_000;
/** Starts tried on the sample; the best goes on. One start can end in a poor optimum. */
const STARTS = 5;
const SAMPLE_ROUNDS = 10;

type Point = number[];

function squaredDistance(a: Point, b: Point): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}

/** k-means++: each next centre is a point drawn with probability proportional to its squared distance from the centres so far. Fewer than k when there are fewer different points. */
function chooseCentres(points: Point[], k: number, random: () => number): Point[] {
  const first = points[Math.floor(random() * points.length)];
  if (!first) return [];
  const centres = [first];
  const nearest = points.map((point) => squaredDistance(point, first));
  while (centres.length < k) {
    const total = nearest.reduce((sum, d) => sum + d, 0);
    if (total === 0) break;
    let draw = random() * total;
    let chosen = nearest.findIndex((d) => (draw -= d) < 0 && d > 0);
    if (chosen < 0) chosen = nearest.findIndex((d) => d > 0);
    const centre = points[chosen];
    if (!centre) break;
    centres.push(centre);
    points.forEach((point, i) => (nearest[i] = Math.min(nearest[i] ?? Infinity, squaredDistance(point, centre))));
  }
  return centres;
}

/** Some rounds of Lloyd on the sample, to compare starts. */
function refine(points: Point[], start: Point[]): { centres: Point[]; cost: number } {
  let centres = start;
  let cost = Infinity;
  for (let round = 0; round < SAMPLE_ROUNDS; round++) {
    const sums = centres.map((centre) => ({ n: 0, sum: centre.map(() => 0) }));
    cost = 0;
    for (const point of points) {
      let best = 0;
      let least = Infinity;
      centres.forEach((centre, c) => {
        const d = squaredDistance(point, centre);
        if (d < least) [least, best] = [d, c];
      });
      cost += least;
      const group = sums[best];
      if (!group) continue;
      group.n++;
      point.forEach((x, i) => (group.sum[i] = (group.sum[i] ?? 0) + x));
    }
    centres = centres.map((centre, c) => {
      const group = sums[c];
      return group && group.n > 0 ? group.sum.map((x) => x / group.n) : centre;
    });
  }
  return { centres, cost };
}

function distances(xs: string[], centres: Point[]): string[] {
  return centres.map((centre) =>
    addUp(
      xs.map((x, i) => {
        const step = `(${x} - ${quoteNumber(centre[i] ?? 0)})`;
        return `${step} * ${step}`;
      }),
    ),
  );
}

/** The number of the nearest centre, the lowest of equals, from named distances. */
function nearestCase(ds: string[], value: (cluster: number) => string): string {
  const branches = ds.slice(0, -1).map((d, i) => {
    const others = ds.slice(i + 1);
    return `WHEN ${others.map((other) => `${d} <= ${other}`).join(" AND ")} THEN ${value(i)}`;
  });
  // A branch is only reached when every earlier centre lost against some other, so comparing with the later ones decides
  // among those that can still win.
  return branches.length === 0 ? value(0) : `CASE ${branches.join(" ")} ELSE ${value(ds.length - 1)} END`;
}

async function moveCentres(context: FitContext, xs: string[], centres: Point[]) {
  const ds = centres.map((_, i) => `d${i}`);
  const select = distances(xs, centres).map((d, i) => `${d} AS d${i}`);
  const means = xs.map((x) => `avg(${x}) AS ${x}`);
  return context.session.rows<{ c: number; n: number; cost: number } & Record<string, number>>(
    `SELECT ${nearestCase(ds, String)} AS c, count(*) AS n, sum(least(${ds.join(", ")})) AS cost, ${means.join(", ")}
     FROM (SELECT ${xs.join(", ")}, ${select.join(", ")} FROM fit_rows) GROUP BY 1 ORDER BY 1`,
  );
}

function compareCentres(a: Point, b: Point): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

/**
 * `learned.centres`, in order of their first coordinate, then the next: so equal fits number equal groups alike, whatever
 * the start. `learned.sizes` says how many of the fit rows are nearest to each.
 */
export const kMeans: LocalOperator = {
  async fit(context): Promise<Fitted> {
    const { session, params, stage } = context;
    const { size, rows } = await storeFitRows(context, "fit_rows", null);
    const xs = Array.from({ length: size }, (_, i) => `x${i}`);
    const k = Number(params.k);
    const seed = Number(params.seed);

    // Ordered by a hash of the values, not by position: the sample is the same however the rows are stored.
    const sample = await session.rows<Record<string, number>>(
      `SELECT ${xs.join(", ")} FROM fit_rows ORDER BY hash(${[...xs, seed].join(", ")}), ${xs.join(", ")} LIMIT ${SAMPLE}`,
    );
    const points = sample.map((row) => xs.map((x) => row[x] ?? 0));
    const random = seededRandom(seed);
    const starts = Array.from({ length: STARTS }, () => refine(points, chooseCentres(points, k, random)));
    let centres = starts
      .reduce((best, start) => (start.cost < best.cost ? start : best))
      .centres.map((centre) => centre.map(settle));
    if (centres.length < k)
      context.warn(`Stage ${stage.name} makes ${centres.length} of ${k} groups: there are no more different rows.`);

    const maxIter = Number(params.maxIter);
    const tol = Number(params.tol);
    let iterations = 0;
    for (let moved = Infinity; iterations < maxIter && moved > tol; iterations++) {
      const groups = await moveCentres(context, xs, centres);
      const next = centres.map((centre, c) => {
        const group = groups.find((candidate) => candidate.c === c);
        return group ? xs.map((x) => settle(group[x] ?? 0)) : centre;
      });
      moved = Math.max(...next.map((centre, c) => Math.sqrt(squaredDistance(centre, centres[c] ?? centre))));
      centres = next;
      context.step(`round ${iterations + 1}, centres moved ${moved.toPrecision(3)}`);
    }
    centres.sort(compareCentres);
    const groups = await moveCentres(context, xs, centres);
    await session.run("DROP TABLE fit_rows");
    const sizes = centres.map((_, c) => groups.find((group) => group.c === c)?.n ?? 0);
    const cost = settle(groups.reduce((sum, group) => sum + group.cost, 0));
    return { learned: { centres, sizes }, summary: { groups: centres.length, iterations, cost, rows } };
  },
  score({ inputs, stage, params, learned }) {
    const xs = inputs.flatMap(doubles);
    const value = bucketValue(stage.outputs[0]?.type ?? "bigint", String(params.labelPrefix ?? "cluster_"));
    const ds = distances(xs, learned.centres as Point[]);
    return [
      { scalar: `CASE WHEN ${xs.map((x) => `${x} IS NOT NULL`).join(" AND ")} THEN ${nearestCase(ds, value)} END` },
    ];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
  finite: () => true,
};
