import type { ConfusionMatrix } from "@/lib/domain/outcomes/evaluation";
import type { JudgedFigure } from "@/lib/domain/outcomes/judged-figure";
import { groupBy } from "@/lib/domain/group-by";
import type { Session } from "../session";
import { type Judged, type JudgedGroups, type JudgedRelation, NOTHING_JUDGED } from "./judged-rows";

/** A matrix of more classes is neither kept nor read by anybody; its metrics are. */
const MOST_SHOWN_CLASSES = 50;
/** As in the log loss of two classes. */
const CLIP = 1e-15;

interface Pair {
  truth: string;
  said: string;
  n: number;
}

interface Loss {
  mean: number | null;
  variance: number | null;
  n: number;
}

/**
 * Predicted classes against the true ones: `accuracy`; `macroF1`, the mean of F1 over the classes that occur among labels or
 * predictions; `weightedF1`, weighted by how often the label has each; `logLoss` where there are probabilities; `classes`, how
 * many the label has in these rows. Definitions are scikit-learn's.
 * @param relation with `said` and `truth` as text, and `p`, the probability of the true class, or null for all
 * @param order of the classes by their text; others follow
 */
export async function judgeClasses(
  session: Session,
  { relation }: Pick<JudgedRelation, "relation">,
  order: readonly string[],
): Promise<JudgedGroups> {
  const judged = `FROM (${relation}) WHERE truth IS NOT NULL AND said IS NOT NULL`;
  const pairs = await session.rows<Pair & { grp: number }>(
    `SELECT grp, truth, said, CAST(count(*) AS DOUBLE) AS n ${judged} GROUP BY ALL ORDER BY ALL`,
  );
  const losses = await session.rows<Loss & { grp: number }>(
    `SELECT grp, avg(loss) AS mean, var_samp(loss) AS variance, CAST(count(loss) AS DOUBLE) AS n FROM (SELECT grp, CASE WHEN p IS NOT NULL THEN -ln(least(greatest(p, ${CLIP}), 1 - ${CLIP})) END AS loss ${judged}) GROUP BY grp`,
  );
  const lossOf = new Map(losses.map((loss) => [loss.grp, loss]));
  const nothing: Loss = { mean: null, variance: null, n: 0 };
  const groups: JudgedGroups = new Map([[0, NOTHING_JUDGED]]);
  for (const [group, found] of groupBy(pairs, ({ grp }) => grp))
    groups.set(group, toJudged(found, lossOf.get(group) ?? nothing, order));
  return groups;
}

function toJudged(found: readonly Pair[], loss: Loss, order: readonly string[]): Judged {
  const rows = found.reduce((sum, { n }) => sum + n, 0);
  const matrix = confusionOf(found, order);
  const support = matrix.counts.map((row) => row.reduce((sum, n) => sum + n, 0));
  const f1 = matrix.classes.map((_, at) => {
    const hit = matrix.counts[at]?.[at] ?? 0;
    const predicted = matrix.counts.reduce((sum, row) => sum + (row[at] ?? 0), 0);
    return (2 * hit) / (predicted + (support[at] ?? 0));
  });
  const right = matrix.classes.reduce((sum, _, at) => sum + (matrix.counts[at]?.[at] ?? 0), 0);
  const figures: Record<string, JudgedFigure> = {
    accuracy: { kind: "share", n: rows, value: right / rows, variance: null },
    ...(loss.mean !== null && {
      logLoss: { kind: "mean" as const, n: loss.n, value: loss.mean, variance: loss.variance },
    }),
  };
  return {
    metrics: {
      rows,
      accuracy: right / rows,
      macroF1: f1.reduce((sum, value) => sum + value, 0) / f1.length,
      weightedF1: f1.reduce((sum, value, at) => sum + value * (support[at] ?? 0), 0) / rows,
      ...(loss.mean !== null && { logLoss: loss.mean }),
      classes: support.filter((n) => n > 0).length,
    },
    figures,
    detail: matrix.classes.length <= MOST_SHOWN_CLASSES ? { confusion: matrix } : {},
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
