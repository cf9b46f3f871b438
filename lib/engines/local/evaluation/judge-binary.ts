import type { CurvePoint, PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import { FEWEST_OF_A_CLASS, type JudgedFigure } from "@/lib/domain/outcomes/judged-figure";
import type { OutcomeFigures } from "@/lib/domain/outcomes/outcomes";
import type { Session } from "../session";
import { checkPairs, sumUpPairs } from "./outcome-figures";
import { type Judged, type JudgedGroups, type JudgedRelation, NOTHING_JUDGED, oddLabels, TENTHS } from "./judged-rows";

/** A curve keeps a point wherever one of its rates has moved by a hundredth: at most some two hundred, whatever the rows. */
const CURVE_STEPS = 100;

interface Options {
  label: string;
  part: string;
  threshold: number;
}

/** Groups, and how uncertain it is how far the area of each is from that of all groups together. */
export interface JudgedBinary {
  groups: JudgedGroups;
  /** Group → variance of its area minus that of all; empty where detail is wanted, since then there is one group. */
  areaVariances: Map<number, number>;
}

/**
 * Probabilities of a yes against 0 and 1. `rows` are the number of rows that have both. Metrics as scikit-learn defines them:
 * `auc`, `prAuc` (average precision), `logLoss`, `brier`; and at the threshold `accuracy`, `precision`, `recall`, `f1`, of which
 * the last three are 0 where nothing was predicted or is a yes; and `positives`, the share of yeses.
 * @param relation with `p` and `y`, both DOUBLE; null where one is absent
 */
export async function judgeBinary(
  session: Session,
  { relation, hasDetail }: JudgedRelation,
  { label, part, threshold }: Options,
): Promise<JudgedBinary> {
  await session.run(`CREATE TABLE pairs AS SELECT grp, p, y FROM (${relation})`);
  try {
    const { odd } = await session.row<{ odd: number }>(
      "SELECT count(*) AS odd FROM pairs WHERE p IS NOT NULL AND y NOT IN (0, 1)",
    );
    if (odd > 0) throw oddLabels(label, odd, part, "true or false, or 1 or 0");
    await checkPairs(session, "classification", label, () => part);
    const figures = await sumUpPairs(session, "classification");
    const counts = await countDecisions(session, threshold);
    const precisions = await averagePrecisions(session);
    const groups: JudgedGroups = new Map();
    for (const [group, found] of figures) {
      const counted = counts.get(group);
      groups.set(
        group,
        counted ? toJudged(found, counted, found.auc ? precisions.get(group) : undefined) : NOTHING_JUDGED,
      );
    }
    if (!hasDetail) return { groups, areaVariances: await areaVariances(session) };
    const whole = groups.get(0);
    if (whole && whole !== NOTHING_JUDGED) {
      whole.detail.curve = whole.metrics.auc === undefined ? [] : await traceCurve(session);
      whole.detail.calibration = await calibrate(session);
    }
    return { groups, areaVariances: new Map() };
  } finally {
    await session.run("DROP TABLE pairs");
  }
}

interface Decisions {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

async function countDecisions(session: Session, threshold: number): Promise<Map<number, Decisions>> {
  const counts = (["tp", "fp", "fn", "tn"] as const).map((name) => {
    const [said, isRight] = [name.endsWith("p"), name.startsWith("t")];
    return `count(*) FILTER (WHERE (p >= ${threshold}) = ${said} AND (y = 1) = ${said === isRight}) AS ${name}`;
  });
  const rows = await session.rows<Decisions & { grp: number }>(
    `SELECT grp, ${counts.join(", ")} FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY grp`,
  );
  return new Map(rows.map(({ grp, ...counted }) => [grp, counted]));
}

function toJudged(
  { n, auc, metrics: means }: OutcomeFigures,
  { tp, fp, fn, tn }: Decisions,
  averagePrecision: number | undefined,
): Judged {
  const share = (part: number, of: number) => (of === 0 ? 0 : part / of);
  const shares: Record<string, [part: number, of: number]> = {
    accuracy: [tp + tn, n],
    precision: [tp, tp + fp],
    recall: [tp, tp + fn],
  };
  const figures: Record<string, JudgedFigure> = {};
  for (const [name, [count, of]] of Object.entries(shares))
    figures[name] = { kind: "share", n: of, value: share(count, of), variance: null };
  for (const name of ["logLoss", "brier"] as const) {
    const mean = means[name];
    if (mean) figures[name] = { kind: "mean", n, value: mean.mean, variance: mean.variance };
  }
  if (auc) figures.auc = { kind: "area", n, value: auc.value, variance: auc.variance };
  return {
    metrics: {
      rows: n,
      ...(auc && { auc: auc.value }),
      ...(averagePrecision !== undefined && { prAuc: averagePrecision }),
      logLoss: means.logLoss?.mean ?? 0,
      accuracy: share(tp + tn, n),
      precision: share(tp, tp + fp),
      recall: share(tp, tp + fn),
      f1: share(2 * tp, 2 * tp + fp + fn),
      brier: means.brier?.mean ?? 0,
      positives: share(tp + fn, n),
    },
    figures,
    detail: { confusion: { classes: ["no", "yes"], counts: [[tn, fp], [fn, tp]] } }, // prettier-ignore
  };
}

/** Rows from the highest probability down, group by group. */
const RANKED = `WITH groups AS (SELECT grp, p, sum(y) AS pos, sum(1 - y) AS neg FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY ALL),
  ranked AS (SELECT grp, p, pos, sum(pos) OVER w AS tp, sum(neg) OVER w AS fp, sum(pos) OVER all_of AS m, sum(neg) OVER all_of AS k
             FROM groups WINDOW w AS (PARTITION BY grp ORDER BY p DESC ROWS UNBOUNDED PRECEDING), all_of AS (PARTITION BY grp))`;

/** Group → the sum of each threshold's precision over its gain of recall. */
async function averagePrecisions(session: Session): Promise<Map<number, number>> {
  const rows = await session.rows<{ grp: number; average: number }>(
    `${RANKED} SELECT grp, sum(pos * tp / (tp + fp)) / any_value(m) AS average FROM ranked WHERE m > 0 GROUP BY grp`,
  );
  return new Map(rows.map(({ grp, average }) => [grp, average]));
}

async function traceCurve(session: Session): Promise<CurvePoint[]> {
  const cell = (rate: string) => `CAST(floor(${rate} * ${CURVE_STEPS}) AS INTEGER)`;
  const points = await session.rows<{ p: number; fpr: number; tpr: number; precision: number }>(
    `${RANKED}, rated AS (SELECT p, fp / k AS fpr, tp / m AS tpr, tp / (tp + fp) AS precision FROM ranked WHERE m > 0 AND k > 0)
     SELECT * FROM rated
     QUALIFY row_number() OVER (ORDER BY p DESC) = 1 OR row_number() OVER (ORDER BY p) = 1
       OR ${cell("fpr")} <> lag(${cell("fpr")}) OVER (ORDER BY p DESC) OR ${cell("tpr")} <> lag(${cell("tpr")}) OVER (ORDER BY p DESC)
     ORDER BY p DESC`,
  );
  return points.map(({ p, fpr, tpr, precision }) => ({
    threshold: p,
    falsePositiveRate: fpr,
    truePositiveRate: tpr,
    precision,
  }));
}

async function calibrate(session: Session): Promise<PartEvaluation["calibration"]> {
  return session.rows(
    `WITH groups AS (SELECT p, sum(y) AS pos, count(*) AS n FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY p),
     placed AS (SELECT *, ${TENTHS} AS tenth FROM groups)
     SELECT CAST(sum(n) AS DOUBLE) AS rows, sum(p * n) / sum(n) AS predicted, sum(pos) / sum(n) AS observed FROM placed GROUP BY tenth ORDER BY tenth`,
  );
}

/**
 * A row moves its group's area by its component there (DeLong, DeLong and Clarke-Pearson 1988), and the area of all rows by its
 * component among all. The variance of the difference is that of both less twice their covariance, each over yeses and noes with a
 * divisor of one less. Groups with few rows of a class are left out.
 */
async function areaVariances(session: Session): Promise<Map<number, number>> {
  const components = (by: string) =>
    `SELECT *, sum(pos * v10) OVER ${by} / m AS area FROM (
       SELECT *, (sum(neg) OVER (${by.slice(1, -1)} ORDER BY p ROWS UNBOUNDED PRECEDING) - neg / 2) / k AS v10,
              (m - sum(pos) OVER (${by.slice(1, -1)} ORDER BY p ROWS UNBOUNDED PRECEDING) + pos / 2) / m AS v01
       FROM (SELECT *, sum(pos) OVER ${by} AS m, sum(neg) OVER ${by} AS k FROM counted) WHERE m >= ${FEWEST_OF_A_CLASS} AND k >= ${FEWEST_OF_A_CLASS})`;
  const rows = await session.rows<{ grp: number; variance: number }>(
    `WITH groups AS (SELECT grp, p, sum(y) AS pos, sum(1 - y) AS neg FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY ALL),
     whole AS (WITH counted AS (SELECT p, sum(pos) AS pos, sum(neg) AS neg FROM groups GROUP BY p)
               SELECT p, pos * yes * yes * m / (m - 1) + neg * no * no * k / (k - 1) AS square, yes, no
               FROM (SELECT p, pos, neg, m, k, (v10 - area) / m AS yes, (v01 - area) / k AS no FROM (${components("()")}))),
     slices AS (WITH counted AS (SELECT * FROM groups)
                SELECT grp, p, pos * m / (m - 1) AS pos, neg * k / (k - 1) AS neg, (v10 - area) / m AS yes, (v01 - area) / k AS no FROM (${components("(PARTITION BY grp)")}))
     SELECT s.grp, greatest(0, (SELECT sum(square) FROM whole)
              + sum(s.pos * s.yes * (s.yes - 2 * w.yes) + s.neg * s.no * (s.no - 2 * w.no))) AS variance
     FROM slices s JOIN whole w USING (p) GROUP BY s.grp`,
  );
  return new Map(rows.map(({ grp, variance }) => [grp, variance]));
}
