/**
 * Judges arms of an A/B test: every arm's rows are chosen by a hash, joined with their labels by row key and summed up in
 * DuckDB. What leaves it is a handful of figures for each arm.
 */
import { DomainError } from "@/lib/domain/errors";
import type { ArmOutcomes, OutcomeMetric, OutcomeRequest } from "../engine";
import { keyName } from "./frame";
import { outcomeIdentity, readLabels, readOutput, storeRows } from "./outcome-rows";
import { quoteName } from "./quote";
import { hashCondition } from "./row-selection";
import type { Session } from "./session";

/** Probabilities are kept this far from 0 and 1 in the log loss, as in the metrics of a run. */
const CLIP = 1e-15;

/** SQL of one row's value over `p` and `y`. */
const METRICS: Record<OutcomeRequest["task"], Partial<Record<OutcomeMetric, string>>> = {
  classification: {
    logLoss: `-ln(least(greatest(CASE WHEN y = 1 THEN p ELSE 1 - p END, ${CLIP}), 1 - ${CLIP}))`,
    brier: "(p - y) * (p - y)",
    error: "CASE WHEN (p >= 0.5) = (y = 1) THEN 0e0 ELSE 1e0 END",
  },
  regression: { squaredError: "(p - y) * (p - y)", absoluteError: "abs(p - y)" },
};

/** See `Engine.compareOutcomes`. */
export async function compareOutcomes(session: Session, request: OutcomeRequest): Promise<ArmOutcomes[]> {
  checkRequest(request);
  const { arms, label } = request;
  await session.confine(
    [label, ...arms].flatMap(({ files }) => files),
    [session.scratch],
  );
  const rows = await storeRows(session, "labels", await readLabels(session, request), request, "label");
  const pairs: string[] = [];
  for (const [i, arm] of arms.entries()) {
    const predictions = await storeRows(
      session,
      `arm ${i}`,
      await readOutput(session, request, arm, `arm ${arm.name}`),
      request,
      `arm ${arm.name}`,
    );
    pairs.push(pairsOf(request, i, rows, predictions));
  }
  await session.run(`CREATE TABLE pairs AS ${pairs.join(" UNION ALL ")}`);
  await checkValues(session, request);
  return sumUp(session, request);
}

function checkRequest({ policy, arms }: OutcomeRequest): void {
  for (const { name, parts, files } of arms) {
    const unknown = parts.filter((part) => !Object.hasOwn(policy.parts, part));
    if (unknown.length > 0)
      throw new DomainError(
        "invalid",
        `Arm ${name} is judged on part ${unknown.join(", ")} of split policy ${policy.name}, which only has ${Object.keys(policy.parts).join(", ")}.`,
      );
    if (files.length === 0)
      throw new DomainError("invalid", `Arm ${name} has no predictions yet. Wait for its first run.`);
  }
}

/** SELECT of an arm's `arm`, `p` and `y`; null stands for what is absent. */
function pairsOf(
  request: OutcomeRequest,
  arm: number,
  labels: { table: string; assigned: boolean },
  predictions: { table: string },
): string {
  const { entity, policy, arms } = request;
  const parts = arms[arm]?.parts ?? [];
  const index = entity.joinKeys.findIndex((key) => key.name === policy.key);
  if (index < 0 && !labels.assigned)
    throw new DomainError(
      "invalid",
      `Split policy ${policy.name} goes by ${policy.key}, which is no join key of ${entity.name} and no column beside the label. Choose a policy by ${entity.joinKeys.map((key) => key.name).join(" or ")}.`,
    );
  const condition = hashCondition(policy, parts, index < 0 ? "bucket_key" : quoteName(keyName(index)));
  const same = outcomeIdentity(request)
    .map((name) => `l.${name} IS NOT DISTINCT FROM r.${name}`)
    .join(" AND ");
  const finite = (sql: string) => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
  const right = index < 0 ? predictions.table : `(SELECT * FROM ${predictions.table} WHERE ${condition})`;
  return `SELECT ${arm} AS arm, ${finite("r.value")} AS p, ${finite("l.value")} AS y FROM (SELECT * FROM ${labels.table} WHERE ${condition}) l ${index < 0 ? "LEFT" : "FULL"} JOIN ${right} r ON ${same}`;
}

async function checkValues(session: Session, { task, arms, label }: OutcomeRequest): Promise<void> {
  if (task === "regression") return;
  const { odd } = await session.row<{ odd: number }>("SELECT count(*) AS odd FROM pairs WHERE y NOT IN (0, 1)");
  if (odd > 0)
    throw new DomainError(
      "invalid",
      `The label ${label.column} must be true or false, or 1 or 0; ${odd} rows hold something else. Compare numbers as a regression.`,
    );
  const [outside] = await session.rows<{ arm: number; n: number }>(
    "SELECT arm, count(*) AS n FROM pairs WHERE p < 0 OR p > 1 GROUP BY arm ORDER BY arm LIMIT 1",
  );
  if (outside)
    throw new DomainError(
      "invalid",
      `${outside.n} predictions of arm ${arms[outside.arm]?.name} are no probabilities between 0 and 1.`,
    );
}

// ---- figures ---------------------------------------------------------------------------------------------------------

async function sumUp(session: Session, { task, arms }: OutcomeRequest): Promise<ArmOutcomes[]> {
  const metrics = Object.entries(METRICS[task]) as [OutcomeMetric, string][];
  const sums = metrics.flatMap(([name, sql]) => {
    const value = `CASE WHEN p IS NOT NULL AND y IS NOT NULL THEN ${sql} END`;
    return [`avg(${value}) AS "${name} mean"`, `var_samp(${value}) AS "${name} variance"`];
  });
  const rows = await session.rows<Record<string, number | null> & { arm: number }>(
    `SELECT arm, count(*) FILTER (WHERE p IS NOT NULL AND y IS NOT NULL) AS n, count(*) FILTER (WHERE p IS NULL AND y IS NOT NULL) AS no_p, count(*) FILTER (WHERE p IS NOT NULL AND y IS NULL) AS no_y, count(*) FILTER (WHERE p IS NOT NULL AND y = 1) AS positives, ${sums.join(", ")} FROM pairs GROUP BY arm`,
  );
  const areas = task === "classification" ? await areasUnderCurve(session) : new Map<number, ArmOutcomes["auc"]>();
  return arms.map(({ name }, arm) => {
    const row = rows.find((candidate) => candidate.arm === arm);
    const n = row?.n ?? 0;
    return {
      name,
      n,
      missingPredictions: row?.no_p ?? 0,
      missingLabels: row?.no_y ?? 0,
      metrics:
        n === 0
          ? {}
          : Object.fromEntries(
              metrics.map(([metric]) => [
                metric,
                { mean: row?.[`${metric} mean`] ?? 0, variance: row?.[`${metric} variance`] ?? null },
              ]),
            ),
      auc: areas.get(arm) ?? null,
      positives: task === "classification" ? (row?.positives ?? 0) : null,
    };
  });
}

/**
 * Of m yeses and k noes, every yes has the share of noes it beats, ties half (V10), and every no the share of yeses that
 * beat it (V01). Both have the area A as their mean, and var A = s²(V10) / m + s²(V01) / k. Equal predictions are one
 * group, so that this takes a sort and not m · k comparisons.
 */
async function areasUnderCurve(session: Session): Promise<Map<number, ArmOutcomes["auc"]>> {
  const rows = await session.rows<{ arm: number; area: number; variance: number | null }>(
    `WITH groups AS (SELECT arm, p, sum(y) AS pos, sum(1 - y) AS neg FROM pairs WHERE p IS NOT NULL AND y IS NOT NULL GROUP BY ALL),
     ranked AS (SELECT *, sum(neg) OVER w - neg AS below, sum(pos) OVER w AS upto, sum(pos) OVER all_of AS m, sum(neg) OVER all_of AS k
                FROM groups WINDOW w AS (PARTITION BY arm ORDER BY p ROWS UNBOUNDED PRECEDING), all_of AS (PARTITION BY arm)),
     placed AS (SELECT *, (below + neg / 2) / k AS v10, (m - upto + pos / 2) / m AS v01 FROM ranked WHERE m > 0 AND k > 0),
     meant AS (SELECT *, sum(pos * v10) OVER (PARTITION BY arm) / m AS area FROM placed)
     SELECT arm, any_value(area) AS area,
            CASE WHEN any_value(m) > 1 AND any_value(k) > 1 THEN
              sum(pos * (v10 - area) * (v10 - area)) / (any_value(m) - 1) / any_value(m)
              + sum(neg * (v01 - area) * (v01 - area)) / (any_value(k) - 1) / any_value(k) END AS variance
     FROM meant GROUP BY arm`,
  );
  return new Map(rows.map(({ arm, area, variance }) => [arm, { value: area, variance }]));
}
