/** Permutation importance (Breiman 2001), as scikit-learn's permutation_importance computes it. */
import { groupBy } from "@/lib/domain/group-by";
import { resolveParams, operatorName } from "@/lib/domain/operators/operator-table";
import {
  columnBehind,
  importanceOf,
  type PermutationImportance,
  SHUFFLES,
} from "@/lib/domain/outcomes/permutation-importance";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { FrameColumn } from "../frame";
import { componentNames } from "../operators/local-operator";
import { LOCAL_OPERATORS } from "../operators/local-operators";
import { quoteName } from "../quote";
import type { Session } from "../session";
import { type InputSample, SHUFFLE_SEED, shuffleOrder } from "./input-sample";
import type { JudgedGroups } from "./judged-rows";

export interface ShuffledQuestion {
  metric: string;
  /** Output of the instance that is judged. */
  prediction: { column: string; type: FrameColumn["type"] };
  /** Quoted name of a relation with the sample's rows and their label. */
  relation: string;
  /** Judges rows of a relation by the groups in its column `#group`, with the prediction as bound there. */
  judge(relation: string, prediction: FrameColumn): Promise<JudgedGroups>;
}

/** Every input is shuffled among the sample's rows some times, and the model scores them again with all else as it was. */
export async function shuffleInputs(
  session: Session,
  { instance, inputs }: InputSample,
  model: FittedModel,
  { metric, prediction, relation, judge }: ShuffledQuestion,
): Promise<PermutationImportance> {
  const { stage } = instance;
  const operator = LOCAL_OPERATORS[operatorName(stage)];
  const place = stage.outputs.findIndex(({ column }) => column === prediction.column);
  const context = { stage, params: resolveParams(stage), learned: model.learned, inputs };
  const common = operator?.intermediate?.(context) ?? [];
  const values = common.map((_, at) => quoteName(`v${at}`));
  const scored = operator?.score({ ...context, values })[place];
  if (!scored || "sparse" in scored) return { reason: "What the model writes cannot be computed for shuffled rows." };
  const sql = "scalar" in scored ? [scored.scalar] : scored.components;
  const names = sql.map((_, at) => `p${at}`);
  const column: FrameColumn = {
    type: prediction.type,
    physical: "scalar" in scored ? { kind: "scalar", name: "p0" } : { kind: "components", names },
    finite: false,
  };
  const scoresOf = async (rows: string): Promise<number[]> => {
    const shared = common.map((each, at) => `${each} AS ${values[at]}`);
    const groups = await judge(
      `(SELECT *, ${sql.map((each, at) => `${each} AS ${quoteName(names[at] ?? "")}`).join(", ")} FROM (SELECT ${["*", ...shared].join(", ")} FROM (${rows})))`,
      column,
    );
    return [...groups].toSorted(([one], [other]) => one - other).flatMap(([, { metrics }]) => metrics[metric] ?? []);
  };
  const [score] = await scoresOf(`SELECT *, 0 AS "#group" FROM ${relation}`);
  const { rows } = await session.row<{ rows: number }>(`SELECT CAST(count(*) AS DOUBLE) AS rows FROM ${relation}`);
  if (score === undefined) return { reason: `${metric} has no value on the rows of the validation part.` };
  const components = inputs.flatMap((input) => componentNames([input]).map((name, at) => ({ name, sql: input.sql[at] ?? "" }))); // prettier-ignore
  const found = [];
  for (const [feature, own] of groupBy(components, ({ name }) => columnBehind(name))) {
    const moved = own.map((one) => one.sql);
    const shuffled = Array.from({ length: SHUFFLES }, (_, repeat) => {
      const order = shuffleOrder(`"#i"`, SHUFFLE_SEED, `${feature}:${repeat}`);
      return `SELECT s.* REPLACE (${moved.map((each) => `m.${each} AS ${each}`).join(", ")}), ${repeat} AS "#group" FROM ${relation} s
              JOIN (SELECT ${moved.join(", ")}, row_number() OVER (ORDER BY ${order}) AS "#i" FROM ${relation}) m USING ("#i")`;
    });
    found.push(importanceOf(feature, metric, score, await scoresOf(shuffled.join(" UNION ALL "))));
  }
  return {
    metric,
    part: "validation",
    rows,
    repeats: SHUFFLES,
    seed: SHUFFLE_SEED,
    score,
    inputs: found.toSorted((one, other) => other.value - one.value),
  };
}
