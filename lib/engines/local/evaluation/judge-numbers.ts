import type { PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import type { Session } from "../session";
import { type Judged, type JudgedGroups, type JudgedRelation, NOTHING_JUDGED, TENTHS } from "./judged-rows";

/**
 * Predicted numbers against the true ones, as scikit-learn defines them: `rmse`, `mae`, `medianAe`, `r2` (absent for fewer than
 * two rows; for a constant label 1 when every row is right and else 0), `mape` (a share; absent where a label is 0).
 * @param relation with `p` and `y`, both DOUBLE; null where one is absent
 */
export async function judgeNumbers(session: Session, { relation, hasDetail }: JudgedRelation): Promise<JudgedGroups> {
  await session.run(`CREATE TABLE pairs AS SELECT grp, p, y FROM (${relation}) WHERE p IS NOT NULL AND y IS NOT NULL`);
  try {
    const rows = await session.rows<Sums>(
      `SELECT grp, CAST(count(*) AS DOUBLE) AS n, avg((y - p) * (y - p)) AS square, var_samp((y - p) * (y - p)) AS squares, avg(abs(y - p)) AS mae,
              var_samp(abs(y - p)) AS maes, median(abs(y - p)) AS median, var_pop(y) AS spread,
              CASE WHEN count(*) FILTER (WHERE y = 0) = 0 THEN avg(abs((y - p) / y)) END AS mape FROM pairs GROUP BY grp`,
    );
    const groups: JudgedGroups = new Map([[0, NOTHING_JUDGED]]);
    for (const row of rows) groups.set(row.grp, toJudged(row));
    const whole = groups.get(0);
    if (hasDetail && whole && whole !== NOTHING_JUDGED) whole.detail.residuals = await residualsOf(session);
    return groups;
  } finally {
    await session.run("DROP TABLE pairs");
  }
}

type Figure = "square" | "squares" | "mae" | "maes" | "median" | "spread" | "mape";
type Sums = Record<Figure, number | null> & { grp: number; n: number };

function toJudged(row: Sums): Judged {
  const { n } = row;
  const square = row.square ?? 0;
  const spread = row.spread ?? 0;
  const r2 = n < 2 ? null : spread > 0 ? 1 - square / spread : square === 0 ? 1 : 0;
  return {
    metrics: {
      rows: n,
      rmse: Math.sqrt(square),
      mae: row.mae ?? 0,
      medianAe: row.median ?? 0,
      ...(r2 !== null && { r2 }),
      ...(row.mape !== null && { mape: row.mape }),
    },
    figures: {
      mae: { kind: "mean", n, value: row.mae ?? 0, variance: row.maes },
      rmse: { kind: "root", n, value: square, variance: row.squares },
    },
    detail: {},
  };
}

async function residualsOf(session: Session): Promise<PartEvaluation["residuals"]> {
  return session.rows(
    `WITH groups AS (SELECT p, count(*) AS n FROM pairs GROUP BY p), placed AS (SELECT p, ${TENTHS} AS tenth FROM groups)
     SELECT CAST(count(*) AS DOUBLE) AS rows, avg(p) AS predicted, avg(y - p) AS residual, quantile_cont(y - p, 0.1) AS p10,
            quantile_cont(y - p, 0.5) AS median, quantile_cont(y - p, 0.9) AS p90
     FROM pairs JOIN placed USING (p) GROUP BY tenth ORDER BY tenth`,
  );
}
