/** Figures of groups of predictions with their labels: what arms of an A/B test and windows of time are both summed up by. */
import { DomainError } from "@/lib/domain/errors";
import type { OutcomeFigures, OutcomeMetric, OutcomeTask } from "@/lib/domain/outcomes/outcomes";
import type { Session } from "../session";

/** Probabilities are kept this far from 0 and 1 in the log loss, as in the metrics of a run. */
const CLIP = 1e-15;

/** SQL of one row's value over `p` and `y`. */
const METRICS: Record<OutcomeTask, Partial<Record<OutcomeMetric, string>>> = {
  classification: {
    logLoss: `-ln(least(greatest(CASE WHEN y = 1 THEN p ELSE 1 - p END, ${CLIP}), 1 - ${CLIP}))`,
    brier: "(p - y) * (p - y)",
    error: "CASE WHEN (p >= 0.5) = (y = 1) THEN 0e0 ELSE 1e0 END",
  },
  regression: { squaredError: "(p - y) * (p - y)", absoluteError: "abs(p - y)" },
};

/** SQL of a finite value; null stands for what is absent, and NaN and infinities are absent. */
export function finite(sql: string): string {
  return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
}

/**
 * Table `pairs` has `grp` (a whole number), `p` and `y`, null where one is absent. Throws `invalid` when a classification has
 * other labels than 0 and 1 or predictions that are no probabilities.
 * @param predictionsOf says whose predictions those of a group are
 */
export async function checkPairs(
  session: Session,
  task: OutcomeTask,
  label: string,
  predictionsOf: (group: number) => string,
): Promise<void> {
  if (task === "regression") return;
  const { odd } = await session.row<{ odd: number }>("SELECT count(*) AS odd FROM pairs WHERE y NOT IN (0, 1)");
  if (odd > 0)
    throw new DomainError(
      "invalid",
      `The label ${label} must be true or false, or 1 or 0; ${odd} rows hold something else. Compare numbers as a regression.`,
    );
  const [outside] = await session.rows<{ grp: number; n: number }>(
    "SELECT grp, count(*) AS n FROM pairs WHERE p < 0 OR p > 1 GROUP BY grp ORDER BY grp LIMIT 1",
  );
  if (outside)
    throw new DomainError(
      "invalid",
      `${outside.n} predictions of ${predictionsOf(outside.grp)} are no probabilities between 0 and 1.`,
    );
}

/** Group → its figures, for every group that `pairs` has. */
export async function sumUpPairs(session: Session, task: OutcomeTask): Promise<Map<number, OutcomeFigures>> {
  const metrics = Object.entries(METRICS[task]) as [OutcomeMetric, string][];
  const sums = metrics.flatMap(([name, sql]) => {
    const value = `CASE WHEN p IS NOT NULL AND y IS NOT NULL THEN ${sql} END`;
    return [`avg(${value}) AS "${name} mean"`, `var_samp(${value}) AS "${name} variance"`];
  });
  const rows = await session.rows<Record<string, number | null> & { grp: number }>(
    `SELECT grp, count(*) FILTER (WHERE p IS NOT NULL AND y IS NOT NULL) AS n, count(*) FILTER (WHERE p IS NULL AND y IS NOT NULL) AS no_p, count(*) FILTER (WHERE p IS NOT NULL AND y IS NULL) AS no_y, count(*) FILTER (WHERE p IS NOT NULL AND y = 1) AS positives, ${sums.join(", ")} FROM pairs GROUP BY grp`,
  );
  const areas = task === "classification" ? await areasUnderCurve(session) : new Map<number, OutcomeFigures["auc"]>();
  return new Map(
    rows.map((row) => {
      const n = row.n ?? 0;
      const values = metrics.map(([metric]) => [
        metric,
        { mean: row[`${metric} mean`] ?? 0, variance: row[`${metric} variance`] ?? null },
      ]);
      return [
        row.grp,
        {
          n,
          missingPredictions: row.no_p ?? 0,
          missingLabels: row.no_y ?? 0,
          metrics: n === 0 ? {} : (Object.fromEntries(values) as OutcomeFigures["metrics"]),
          auc: areas.get(row.grp) ?? null,
          positives: task === "classification" ? (row.positives ?? 0) : null,
        },
      ];
    }),
  );
}

/** What is known of a group that no pair belongs to. */
export function noFigures(task: OutcomeTask): OutcomeFigures {
  const positives = task === "classification" ? 0 : null;
  return { n: 0, missingPredictions: 0, missingLabels: 0, metrics: {}, auc: null, positives };
}

/**
 * Of m yeses and k noes, every yes has the share of noes it beats, ties half (V10), and every no the share of yeses that
 * beat it (V01). Both have the area A as their mean, and var A = s²(V10) / m + s²(V01) / k. Equal predictions are one
 * group, so that this takes a sort and not m · k comparisons.
 */
async function areasUnderCurve(session: Session): Promise<Map<number, OutcomeFigures["auc"]>> {
  const rows = await session.rows<{ grp: number; area: number; variance: number | null }>(
    `WITH groups AS (SELECT grp, p, sum(y) AS pos, sum(1 - y) AS neg FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY ALL),
     ranked AS (SELECT *, sum(neg) OVER w - neg AS below, sum(pos) OVER w AS upto, sum(pos) OVER all_of AS m, sum(neg) OVER all_of AS k
                FROM groups WINDOW w AS (PARTITION BY grp ORDER BY p ROWS UNBOUNDED PRECEDING), all_of AS (PARTITION BY grp)),
     placed AS (SELECT *, (below + neg / 2) / k AS v10, (m - upto + pos / 2) / m AS v01 FROM ranked WHERE m > 0 AND k > 0),
     meant AS (SELECT *, sum(pos * v10) OVER (PARTITION BY grp) / m AS area FROM placed)
     SELECT grp, any_value(area) AS area,
            CASE WHEN any_value(m) > 1 AND any_value(k) > 1 THEN
              sum(pos * (v10 - area) * (v10 - area)) / (any_value(m) - 1) / any_value(m)
              + sum(neg * (v01 - area) * (v01 - area)) / (any_value(k) - 1) / any_value(k) END AS variance
     FROM meant GROUP BY grp`,
  );
  return new Map(rows.map(({ grp, area, variance }) => [grp, { value: area, variance }]));
}
