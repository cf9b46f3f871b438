import type { ConfusionMatrix, PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import { intervalOf } from "@/lib/domain/statistics/interval-of";
import type { Session } from "../session";
import { ALPHA } from "./judge-binary";
import type { Judged } from "./judged-rows";

/** A matrix of more classes is neither kept nor read by anybody; its metrics are. */
const MOST_SHOWN_CLASSES = 50;
/** As in the log loss of two classes. */
const CLIP = 1e-15;

/**
 * Predicted classes against the true ones: `accuracy`; `macroF1`, the mean of F1 over the classes that occur among labels or
 * predictions; `weightedF1`, weighted by how often the label has each; `logLoss` where there are probabilities; `classes`, how
 * many the label has in these rows. Definitions are scikit-learn's.
 * @param relation SQL of rows with `said` and `truth` as text, and `p`, the probability of the true class, or null for all
 * @param order of the classes by their text; others follow
 */
export async function judgeClasses(
  session: Session,
  relation: string,
  order: readonly string[],
): Promise<Judged<PartEvaluation>> {
  const found = await session.rows<{ truth: string; said: string; n: number }>(
    `SELECT truth, said, CAST(count(*) AS DOUBLE) AS n FROM (${relation}) WHERE truth IS NOT NULL AND said IS NOT NULL GROUP BY ALL ORDER BY ALL`,
  );
  const rows = found.reduce((sum, { n }) => sum + n, 0);
  if (rows === 0) return { metrics: { rows: 0 }, detail: { intervals: {} } };
  const loss = await session.row<{ mean: number | null; variance: number | null; n: number }>(
    `SELECT avg(loss) AS mean, var_samp(loss) AS variance, CAST(count(loss) AS DOUBLE) AS n FROM (SELECT CASE WHEN p IS NOT NULL THEN -ln(least(greatest(p, ${CLIP}), 1 - ${CLIP})) END AS loss FROM (${relation}) WHERE truth IS NOT NULL AND said IS NOT NULL)`,
  );
  const matrix = confusionOf(found, order);
  const support = matrix.counts.map((row) => row.reduce((sum, n) => sum + n, 0));
  const f1 = matrix.classes.map((_, at) => {
    const hit = matrix.counts[at]?.[at] ?? 0;
    const predicted = matrix.counts.reduce((sum, row) => sum + (row[at] ?? 0), 0);
    return (2 * hit) / (predicted + (support[at] ?? 0));
  });
  const right = matrix.classes.reduce((sum, _, at) => sum + (matrix.counts[at]?.[at] ?? 0), 0);
  const intervals: PartEvaluation["intervals"] = {};
  const accuracy = intervalOf({ n: rows, value: right / rows, variance: null }, "share", ALPHA);
  if (accuracy) intervals.accuracy = [accuracy.low, accuracy.high];
  const logLoss =
    loss.mean === null ? null : intervalOf({ n: loss.n, value: loss.mean, variance: loss.variance }, "mean", ALPHA);
  if (logLoss) intervals.logLoss = [logLoss.low, logLoss.high];
  return {
    metrics: {
      rows,
      accuracy: right / rows,
      macroF1: f1.reduce((sum, value) => sum + value, 0) / f1.length,
      weightedF1: f1.reduce((sum, value, at) => sum + value * (support[at] ?? 0), 0) / rows,
      ...(loss.mean !== null && { logLoss: loss.mean }),
      classes: support.filter((n) => n > 0).length,
    },
    detail: { intervals, ...(matrix.classes.length <= MOST_SHOWN_CLASSES && { confusion: matrix }) },
  };
}

function confusionOf(
  found: readonly { truth: string; said: string; n: number }[],
  order: readonly string[],
): ConfusionMatrix {
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const classes = [...new Set(found.flatMap(({ truth, said }) => [truth, said]))].sort(
    (one, other) => rank(one) - rank(other) || one.localeCompare(other, "en", { numeric: true }),
  );
  const at = new Map(classes.map((name, place) => [name, place]));
  const counts = classes.map(() => classes.map(() => 0));
  for (const { truth, said, n } of found) {
    const row = counts[at.get(truth) as number] as number[];
    row[at.get(said) as number] = n;
  }
  return { classes, counts };
}
