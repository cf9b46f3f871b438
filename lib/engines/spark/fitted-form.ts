/**
 * What Spark learned in the form that the local engine scores from. The numbers are Spark's, so that both engines score alike; Spark's
 * own files are kept beside it, and are what Spark scores with.
 */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import { DomainError } from "@/lib/domain/errors";
import { displayColumn } from "../local/frame";
import { expressionsOf } from "../local/operator-stage";
import { type Bound, componentNames } from "../local/operators/local-operator";
import { LOCAL_OPERATORS } from "../local/operators/local-operators";
import { type DeclaredColumn } from "./column-types";
import type { SparkFit } from "./spark-plan";

/** Columns of a plan as the local engine binds them, stage by stage. */
export class FittedForms {
  private readonly vectors = new Map<string, { size: number; components: string[] | null }>();

  constructor(private readonly columns: ReadonlyMap<string, DeclaredColumn>) {}

  /** Takes an instance in the order in which they run, with what it learned. Answers its model; null for a transformer. */
  take(instance: EngineInstance, fit: SparkFit | null, saved: string | null): FittedModel | null {
    const { stage } = instance;
    const operator = LOCAL_OPERATORS[operatorName(stage)];
    if (!operator) return null;
    const given = instance.fit?.fitted;
    // Values of an earlier run are read, and so is nothing that they were made of.
    if (instance.values || (operator.fit && !given && !fit)) return given ?? null;
    const inputs = stage.inputs.map((column) => this.bound(instance, column, fit));
    if (inputs.some(({ sql }) => sql.length === 0)) return given ?? null;
    const learned = given?.learned ?? (fit ? learnedOf(operatorName(stage), fit.learned) : {});
    const context = { stage, params: resolveParams(stage), learned, inputs };
    const display = inputs.map((input) => displayColumn(input.column, stage.entity, input));
    const shown = { ...context, inputs: display };
    const values = (operator.intermediate?.(shown) ?? []).map((sql) => `(${sql})`);
    const scored = operator.score({ ...shown, values });
    const components = operator.components?.(context) ?? [];
    stage.outputs.forEach(({ column }, i) => {
      const one = scored[i];
      if (one && "components" in one)
        this.vectors.set(`${column}|${instance.key}`, {
          size: one.components.length,
          components: components[i] ?? null,
        });
    });
    if (given || !fit) return given ?? null;
    return {
      operator: operatorName(stage),
      learned,
      expressions: expressionsOf(stage.outputs, scored),
      summary: summaryOf(fit),
      ...termsOf(fit, inputs),
      ...(saved !== null && { saved: { engine: "spark", folder: saved } }),
    };
  }

  /** A vector that was read is as long as what was learned of it; of no known length where nothing was. */
  private bound(instance: EngineInstance, column: string, fit: SparkFit | null): Bound {
    const declared = this.columns.get(column);
    if (!declared) throw new DomainError("invalid", `Nothing in the plan declares ${column}.`);
    const known = this.vectors.get(`${column}|${instance.inputs[column] ?? ""}`);
    const { mean, min, maxAbs, std } = fit?.learned ?? {};
    const size = [mean, min, maxAbs, std].find((one) => Array.isArray(one))?.length ?? 0;
    const vector = known ?? (declared.type === "vector" ? { size, components: null } : undefined);
    const sql = vector
      ? Array.from({ length: vector.size }, (_, i) => `${splitColumn(column)[1]}[${i + 1}]`)
      : [column];
    return { column, type: declared.type, sql, finite: true, categories: null, components: vector?.components ?? null };
  }
}

/** By Spark's names → by the local engine's. */
function learnedOf(operator: string, spark: Record<string, unknown>): Record<string, unknown> {
  if (operator === "LinearRegression") return { coefficients: spark.coefficients, intercept: spark.intercept };
  if (operator !== "LogisticRegression") return spark;
  const coefficients = spark.coefficients as number[][];
  const intercepts = spark.intercepts as number[];
  if (coefficients.length === 1) return { coefficients: coefficients[0], intercept: intercepts[0] };
  const classes = Number(spark.classes);
  return { coefficients, intercepts, classes, present: Array.from({ length: classes }, (_, c) => c) };
}

function summaryOf({ used, learned }: SparkFit): FittedModel["summary"] {
  return { rows: used, ...(typeof learned.iterations === "number" && { iterations: learned.iterations }) };
}

/** Of linear forms: what each component of the inputs weighs, in its units and per standard deviation. */
function termsOf({ learned }: SparkFit, inputs: Bound[]): Pick<FittedModel, "terms"> {
  if (!Array.isArray(learned.std) || !("iterations" in learned)) return {};
  const std = learned.std as number[];
  const names = componentNames(inputs);
  const isOne =
    !Array.isArray((learned.coefficients as unknown[])[0]) || (learned.coefficients as unknown[]).length === 1;
  const rows = (
    Array.isArray((learned.coefficients as unknown[])[0]) ? learned.coefficients : [learned.coefficients]
  ) as number[][];
  const intercepts = (learned.intercepts ?? [learned.intercept]) as number[];
  const classOf = (k: number) => (isOne ? null : String(k));
  return {
    terms: {
      measure: "coefficient",
      terms: rows.flatMap((own, k) =>
        own.map((value, j) => ({
          feature: names[j] ?? String(j),
          class: classOf(k),
          value,
          standardised: value * (std[j] ?? 0),
        })),
      ),
      intercepts: intercepts.map((value, k) => ({ class: classOf(k), value })),
    },
  };
}
