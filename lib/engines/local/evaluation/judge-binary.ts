import type { CurvePoint, PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import { intervalOf } from "@/lib/domain/statistics/interval-of";
import type { Session } from "../session";
import { checkPairs, sumUpPairs } from "./outcome-figures";
import { type Judged, oddLabels, TENTHS } from "./judged-rows";

/** Confidence of every interval: 95 %. */
export const ALPHA = 0.05;
/** A curve keeps a point wherever one of its rates has moved by a hundredth: at most some two hundred, whatever the rows. */
const CURVE_STEPS = 100;

/**
 * Probabilities of a yes against 0 and 1. `rows` are the number of rows that have both. Metrics as scikit-learn defines them:
 * `auc`, `prAuc` (average precision), `logLoss`, `brier`; and at the threshold `accuracy`, `precision`, `recall`, `f1`, of which
 * the last three are 0 where nothing was predicted or is a yes; and `positives`, the share of yeses.
 * @param relation SQL of rows with `p` and `y`, both DOUBLE; null where one is absent
 */
export async function judgeBinary(
  session: Session,
  relation: string,
  { label, part, threshold }: { label: string; part: string; threshold: number },
): Promise<Judged<PartEvaluation>> {
  await session.run(`CREATE TABLE pairs AS SELECT 0 AS grp, p, y FROM (${relation})`);
  try {
    const { odd } = await session.row<{ odd: number }>(
      "SELECT count(*) AS odd FROM pairs WHERE p IS NOT NULL AND y NOT IN (0, 1)",
    );
    if (odd > 0) throw oddLabels(label, odd, part, "true or false, or 1 or 0");
    await checkPairs(session, "classification", label, () => part);
    const figures = (await sumUpPairs(session, "classification")).get(0);
    if (!figures || figures.n === 0) return { metrics: { rows: 0 }, detail: { intervals: {} } };
    const { n, auc, metrics: means } = figures;
    const counted = await session.row<{ tp: number; fp: number; fn: number; tn: number }>(
      `SELECT ${(["tp", "fp", "fn", "tn"] as const)
        .map((name) => {
          const [said, true_] = [name.endsWith("p"), name.startsWith("t")];
          return `count(*) FILTER (WHERE (p >= ${threshold}) = ${said} AND (y = 1) = ${said === true_}) AS ${name}`;
        })
        .join(", ")} FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL`,
    );
    const { tp, fp, fn, tn } = counted;
    const share = (part: number, of: number) => (of === 0 ? 0 : part / of);
    const shares: Record<string, [part: number, of: number]> = {
      accuracy: [tp + tn, n],
      precision: [tp, tp + fp],
      recall: [tp, tp + fn],
    };
    const intervals: PartEvaluation["intervals"] = {};
    const note = (name: string, interval: { low: number; high: number } | null) => {
      if (interval) intervals[name] = [interval.low, interval.high];
    };
    for (const [name, [count, of]] of Object.entries(shares))
      note(name, intervalOf({ n: of, value: share(count, of), variance: null }, "share", ALPHA));
    for (const name of ["logLoss", "brier"] as const) {
      const mean = means[name];
      if (mean) note(name, intervalOf({ n, value: mean.mean, variance: mean.variance }, "mean", ALPHA));
    }
    if (auc) note("auc", intervalOf({ n, value: auc.value, variance: auc.variance }, "area", ALPHA));
    const curve = auc ? await traceCurve(session) : { points: [], averagePrecision: null };
    return {
      metrics: {
        rows: n,
        ...(auc && { auc: auc.value }),
        ...(curve.averagePrecision !== null && { prAuc: curve.averagePrecision }),
        logLoss: means.logLoss?.mean ?? 0,
        accuracy: share(tp + tn, n),
        precision: share(tp, tp + fp),
        recall: share(tp, tp + fn),
        f1: share(2 * tp, 2 * tp + fp + fn),
        brier: means.brier?.mean ?? 0,
        positives: share(tp + fn, n),
      },
      detail: {
        intervals,
        curve: curve.points,
        calibration: await calibrate(session),
        confusion: { classes: ["no", "yes"], counts: [[tn, fp], [fn, tp]] }, // prettier-ignore
      },
    };
  } finally {
    await session.run("DROP TABLE pairs");
  }
}

/** Rows from the highest probability down. Average precision is the sum of each threshold's precision over its gain of recall. */
const RANKED = `WITH groups AS (SELECT p, sum(y) AS pos, sum(1 - y) AS neg FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY p),
  ranked AS (SELECT p, pos, sum(pos) OVER w AS tp, sum(neg) OVER w AS fp, sum(pos) OVER () AS m, sum(neg) OVER () AS k
             FROM groups WINDOW w AS (ORDER BY p DESC ROWS UNBOUNDED PRECEDING))`;

async function traceCurve(session: Session): Promise<{ points: CurvePoint[]; averagePrecision: number | null }> {
  const { average } = await session.row<{ average: number | null }>(
    `${RANKED} SELECT sum(pos * tp / (tp + fp)) / any_value(m) AS average FROM ranked WHERE m > 0`,
  );
  const cell = (rate: string) => `CAST(floor(${rate} * ${CURVE_STEPS}) AS INTEGER)`;
  const points = await session.rows<{ p: number; fpr: number; tpr: number; precision: number }>(
    `${RANKED}, rated AS (SELECT p, fp / k AS fpr, tp / m AS tpr, tp / (tp + fp) AS precision FROM ranked WHERE m > 0 AND k > 0)
     SELECT * FROM rated
     QUALIFY row_number() OVER (ORDER BY p DESC) = 1 OR row_number() OVER (ORDER BY p) = 1
       OR ${cell("fpr")} <> lag(${cell("fpr")}) OVER (ORDER BY p DESC) OR ${cell("tpr")} <> lag(${cell("tpr")}) OVER (ORDER BY p DESC)
     ORDER BY p DESC`,
  );
  return {
    points: points.map(({ p, fpr, tpr, precision }) => ({
      threshold: p,
      falsePositiveRate: fpr,
      truePositiveRate: tpr,
      precision,
    })),
    averagePrecision: average,
  };
}

async function calibrate(session: Session): Promise<PartEvaluation["calibration"]> {
  return session.rows(
    `WITH groups AS (SELECT p, sum(y) AS pos, count(*) AS n FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY p),
     placed AS (SELECT *, ${TENTHS} AS tenth FROM groups)
     SELECT CAST(sum(n) AS DOUBLE) AS rows, sum(p * n) / sum(n) AS predicted, sum(pos) / sum(n) AS observed FROM placed GROUP BY tenth ORDER BY tenth`,
  );
}
