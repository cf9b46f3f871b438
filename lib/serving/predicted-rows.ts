/** What an engine scored, row by row, as a caller reads it. */
import type { PredictedRow } from "@/lib/contracts/serving-predictions";
import { findOperator, operatorName, predictionKind, resolveParams } from "@/lib/domain/operators/operator-table";
import type { ScoredRows, ScoringPlan } from "@/lib/domain/runs/scoring-plan";
import type { ServedModel } from "@/lib/registry/serving/served-model";
import type { ReadColumn } from "./kept-columns";

interface Scored {
  /** In the order of the plan's given columns. */
  columns: (ReadColumn & { name: string })[];
  rows: ScoredRows;
  count: number;
}

export function toPredictedRows(
  model: ServedModel,
  plan: ScoringPlan,
  { columns, rows, count }: Scored,
): PredictedRow[] {
  const own = plan.outputs.map(({ column }) => model.stage.outputs.some((output) => output.column === column));
  const read = readerOf(model, plan, own);
  const findings = new Map<number, ScoredRows["findings"]>();
  for (const finding of rows.findings)
    for (const row of finding.rows) {
      const own = findings.get(row);
      if (own) own.push(finding);
      else findings.set(row, [finding]);
    }
  const gaps = columns.filter(({ statuses }) => statuses.some((status) => status !== "PRESENT"));
  const ranges = new Map(plan.ranges.map(({ name, min, max }) => [name, { min, max }]));
  const names = plan.outputs.map(({ column }) => column);
  return Array.from({ length: count }, (_, row): PredictedRow => {
    const values = rows.outputs.map((output) => output[row] ?? null);
    const outputs: Record<string, unknown> = {};
    names.forEach((name, i) => (outputs[name] = jsonValue(values[i])));
    return {
      ...read(values),
      outputs,
      missing: gaps.flatMap(({ name, statuses }) => {
        const status = statuses[row];
        return status === undefined || status === "PRESENT" ? [] : [{ column: name, status }];
      }),
      ...describeFindings(findings.get(row) ?? [], ranges),
    };
  });
}

function describeFindings(
  found: ScoredRows["findings"],
  ranges: ReadonlyMap<string, { min: number; max: number }>,
): Pick<PredictedRow, "unseen" | "beyond" | "refused"> {
  // Most rows are as the model expects them.
  if (found.length === 0) return { unseen: [], beyond: [], refused: [] };
  const columnsOf = (kind: (typeof found)[number]["kind"]) => [
    ...new Set(found.filter((one) => one.kind === kind).map(({ column }) => column)),
  ];
  return {
    unseen: columnsOf("unseen"),
    beyond: columnsOf("beyond").flatMap((column) => {
      const range = ranges.get(column);
      return range ? [{ column, ...range }] : [];
    }),
    refused: found.filter(({ kind }) => kind === "refused").map(({ message }) => message),
  };
}

type Prediction = Pick<PredictedRow, "prediction" | "className" | "probability" | "probabilities">;

/** How the model's own outputs are read, by the type that says what each is. */
function readerOf(model: ServedModel, { outputs }: ScoringPlan, own: readonly boolean[]): (values: unknown[]) => Prediction {
  const { stage, threshold, classNames, isYesOrNo } = model;
  const at = (...types: string[]) => outputs.findIndex(({ type }, i) => own[i] === true && types.includes(type));
  if (predictionKind(stage) !== "class") {
    const first = own.indexOf(true);
    return (values) => ({ prediction: plain(values[first]) });
  }
  const [single, vector, chosen] = [at("double"), at("vector"), at("boolean", "bigint")];
  const { thresholds, threshold: least } = resolveParams(stage);
  if (findOperator(operatorName(stage))?.writesMargin) {
    const margin = (values: unknown[]) => (single >= 0 ? values[single] : (values[vector] as number[] | null)?.[1]);
    return (values) => {
      if (chosen >= 0) return { prediction: plain(values[chosen]) };
      const m = margin(values);
      if (typeof m !== "number") return { prediction: null };
      return { prediction: isYesOrNo ? m > Number(least) : Number(m > Number(least)) };
    };
  }
  return (values) => {
    const p = single < 0 ? null : values[single];
    const all = vector < 0 ? null : (values[vector] as (number | null)[] | null);
    const decided =
      chosen >= 0
        ? plain(values[chosen])
        : typeof p === "number"
          ? isYesOrNo
            ? p >= threshold
            : Number(p >= threshold)
          : all
            ? largest(all, thresholds)
            : null;
    const className = typeof decided === "number" ? classNames[decided] : undefined;
    return {
      prediction: decided,
      ...(className !== undefined && { className }),
      ...(single >= 0 && { probability: figure(p) }),
      ...(vector >= 0 && {
        probabilities: (all ?? []).map((value, k) => ({ class: classNames[k] ?? String(k), probability: figure(value) })),
      }),
    };
  };
} // prettier-ignore

/** The class of the largest probability divided by its threshold, the lower one of equals, as the class output is. */
function largest(probabilities: (number | null)[], thresholds: unknown): number | null {
  const weighed = probabilities.map((value, k) => {
    const threshold = Array.isArray(thresholds) ? Number(thresholds[k]) : 1;
    return threshold > 0 ? Number(value) / threshold : Number(value) > 0 ? Infinity : 0;
  });
  return weighed.length === 0 ? null : weighed.indexOf(Math.max(...weighed));
}

/** A number as JSON can carry it: what it has no word for is a text, as in online answers. */
function figure(value: unknown): number | string | null {
  if (typeof value !== "number") return null;
  return Number.isFinite(value) ? value : String(value);
}

function plain(value: unknown): PredictedRow["prediction"] {
  if (typeof value === "number") return figure(value);
  return typeof value === "boolean" || typeof value === "string" ? value : null;
}

function jsonValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonValue);
  return typeof value === "number" ? figure(value) : (value ?? null);
}
