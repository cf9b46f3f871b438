/** What the Spark engine does with each operator that it runs: why it refuses a stage, Spark's class, and the columns around it. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { toNumber } from "@/lib/domain/operators/operator-params";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { OperatorStep, RefusedRows, SparkColumn } from "./spark-plan";
import { sparkNumber } from "./spark-sql";

/** A column as a frame holds it. */
export interface PlacedColumn {
  /** `entity.column`. */
  column: string;
  type: ColumnType;
  /** Its name in the frame. Of a vector it is never null: `ok` says in which rows it means something. */
  name: string;
  ok: string | null;
  /** Whether Spark knows how many category numbers it can hold. */
  isNominal: boolean;
}

interface OperatorContext {
  stage: StageDefinition;
  params: Record<string, unknown>;
  inputs: PlacedColumn[];
  fitInputs: PlacedColumn[];
  /** A name that no other column has. */
  fresh(): string;
}

interface CompiledOperator {
  step: Pick<OperatorStep, "className" | "params" | "scoring" | "before" | "lists" | "refused" | "after">;
  /** Condition on rows that the fit can use, and what tells classes apart; null for a transformer. */
  fit: { usable: string; classes: NonNullable<OperatorStep["fit"]>["classes"] } | null;
  /** The outputs, in order. */
  outputs: Pick<PlacedColumn, "name" | "ok" | "isNominal">[];
}

export interface SparkOperator {
  /** Why a stage of it is not run, after "it"; null when it is. @param inputs types of its inputs, and the operator that writes each */
  refusal?(stage: StageDefinition, params: Record<string, unknown>, inputs: { type: ColumnType; column: string; writer: string | null }[]): string | null; // prettier-ignore
  compile(context: OperatorContext): CompiledOperator;
}

const all = (conditions: string[]): string => (conditions.length === 0 ? "true" : conditions.join(" AND "));

/** True in rows where a number is there: no null, NaN or infinity. */
function present({ name, type, ok }: PlacedColumn): string {
  if (ok !== null) return ok;
  return type === "double" ? `(${name} IS NOT NULL AND NOT isnan(${name}) AND abs(${name}) < ${sparkNumber(Infinity)})` : `(${name} IS NOT NULL)`; // prettier-ignore
}

function missing(inputs: PlacedColumn[], advice: string): RefusedRows[] {
  return inputs.map((input) => ({
    column: input.column,
    condition: `NOT ${present(input)}`,
    problem: input.type === "double" ? "missing, NaN or infinite values" : "missing values",
    advice,
  }));
}

/** Names by which an operator of several inputs writes its raw outputs. */
const rawNames = ({ inputs, fresh }: OperatorContext): string[] => inputs.map(() => fresh());

const stringIndexer: SparkOperator = {
  refusal: (_, __, inputs) => {
    const number = inputs.find(({ type }) => type === "double");
    return number
      ? `numbers the doubles of ${number.column}, whose text differs between engines; give it a string or a bigint`
      : null;
  },
  compile(context) {
    const { inputs, params, fresh } = context;
    const [texts, raw, outputs] = [rawNames(context), rawNames(context), rawNames(context)];
    const keeps = params.handleInvalid === "keep";
    return {
      step: {
        className: "pyspark.ml.feature.StringIndexer",
        // What is fitted is as the stage says; it scores with a number for what it does not know, which is then made null or refused.
        params: { inputCols: texts, outputCols: raw, stringOrderType: params.stringOrderType, handleInvalid: params.handleInvalid }, // prettier-ignore
        scoring: { handleInvalid: "keep" },
        before: inputs.map(({ name }, i): SparkColumn => ({ as: texts[i] ?? fresh(), sql: `CAST(${name} AS STRING)` })),
        lists: [],
        refused:
          params.handleInvalid === "error"
            ? inputs.map(({ column }, i) => ({
                column,
                condition: `${raw[i]} >= {size${i}}`,
                problem: "values that are missing or were not there when the stage was fitted",
                advice: "Set handleInvalid to keep, which numbers them all the same, or to skip, which leaves the output empty.", // prettier-ignore
              }))
            : [],
        after: outputs.map((as, i) => ({
          as,
          sql: keeps ? (raw[i] ?? "") : `CASE WHEN ${raw[i]} < {size${i}} THEN ${raw[i]} END`,
          categoriesOf: i,
        })),
      },
      // Nulls are no labels, and each input is numbered by itself.
      fit: { usable: "true", classes: null },
      outputs: outputs.map((name) => ({ name, ok: null, isNominal: true })),
    };
  },
};

const oneHotEncoder: SparkOperator = {
  refusal: (_, __, inputs) => {
    const other = inputs.find(({ writer }) => writer !== "StringIndexer");
    return other ? `encodes ${other.column}, which no StringIndexer numbers` : null;
  },
  compile(context) {
    const { inputs, params, fresh } = context;
    const [numbers, raw] = [rawNames(context), rawNames(context)];
    const ok = fresh();
    return {
      step: {
        className: "pyspark.ml.feature.OneHotEncoder",
        params: { inputCols: numbers, outputCols: raw, dropLast: params.dropLast, handleInvalid: params.handleInvalid },
        scoring: {},
        // A number beyond all categories is invalid as null is, which Spark could not read.
        before: inputs.map(({ name }, i) => ({
          as: numbers[i] ?? fresh(),
          sql: `coalesce(${name}, 2147483647D)`,
          like: name,
        })),
        lists: [],
        refused:
          params.handleInvalid === "error"
            ? inputs.map(({ column }, i) => ({
                column,
                condition: `${numbers[i]} >= {size${i}}`,
                problem: "category numbers that are missing or were not there when the stage was fitted",
                advice: "Set handleInvalid to keep, which makes them a category of their own.",
              }))
            : [],
        after: [{ as: ok, sql: "true" }],
      },
      fit: { usable: "true", classes: null },
      outputs: raw.map((name) => ({ name, ok, isNominal: false })),
    };
  },
};

const imputer: SparkOperator = {
  refusal: ({ outputs }) => {
    const other = outputs.find(({ type }) => type !== "double");
    return other ? `writes ${other.column} as ${other.type}, and Spark's Imputer fills doubles only` : null;
  },
  compile(context) {
    const { inputs, params } = context;
    // What an Imputer fitted is kept under its inputs' names, so that these are the same in every plan.
    const [values, outputs] = [inputs.map((_, i) => `imputed${i}`), rawNames(context)];
    const missingValue = toNumber(params.missingValue) ?? NaN;
    const isMissing = (x: string) => `isnan(${x})${Number.isNaN(missingValue) ? "" : ` OR ${x} = ${sparkNumber(missingValue)}`}`; // prettier-ignore
    return {
      step: {
        className: "pyspark.ml.feature.Imputer",
        params: { inputCols: values, outputCols: outputs, strategy: params.strategy },
        scoring: {},
        before: inputs.map(({ name }, i) => {
          const x = `CAST(${name} AS DOUBLE)`;
          return { as: values[i] ?? "", sql: `CASE WHEN ${isMissing(x)} THEN NULL ELSE ${x} END` };
        }),
        lists: [],
        refused: [],
        after: [],
      },
      fit: { usable: "true", classes: null },
      outputs: outputs.map((name) => ({ name, ok: null, isNominal: false })),
    };
  },
};

const vectorAssembler: SparkOperator = {
  refusal: (_, params) =>
    params.handleInvalid === "keep" ? "keeps rows with NaN in their vectors (handleInvalid: keep)" : null,
  compile(context) {
    const { inputs, params, fresh } = context;
    const [name, ok] = [fresh(), fresh()];
    const isWhole = all(inputs.map(present));
    const parts = inputs.map((input) => (input.ok === null ? fresh() : input.name));
    return {
      step: {
        className: "pyspark.ml.feature.VectorAssembler",
        params: { inputCols: parts, outputCol: name },
        scoring: {},
        before: inputs.flatMap((input, i) =>
          input.ok === null
            ? [{ as: parts[i] ?? "", sql: `CASE WHEN ${present(input)} THEN CAST(${input.name} AS DOUBLE) ELSE 0D END` }] // prettier-ignore
            : [],
        ),
        lists: [],
        refused:
          params.handleInvalid === "error"
            ? missing(inputs, "Fill them with an Imputer, or set handleInvalid to skip.")
            : [],
        after: [{ as: ok, sql: isWhole }],
      },
      fit: null,
      outputs: [{ name, ok, isNominal: false }],
    };
  },
};

/** An estimator from a vector to a vector of equal length. */
function scaler(className: string, names: readonly string[]): SparkOperator {
  return {
    compile({ inputs, params, fresh }) {
      const [input] = inputs;
      const name = fresh();
      const ok = input?.ok ?? "true";
      return {
        step: {
          className: `pyspark.ml.feature.${className}`,
          params: { inputCol: input?.name, outputCol: name, ...Object.fromEntries(names.map((param) => [param, params[param]])) }, // prettier-ignore
          scoring: {},
          before: [],
          lists: [],
          refused: [],
          after: [],
        },
        fit: { usable: ok, classes: null },
        outputs: [{ name, ok, isNominal: false }],
      };
    },
  };
}

/** Spark's LINEAR parameters are the operator table's. */
const LINEAR = ["regParam", "elasticNetParam", "fitIntercept", "standardization", "maxIter", "tol"];

function linear(className: string, isClassifier: boolean): SparkOperator {
  return {
    compile({ stage, params, inputs, fitInputs, fresh }) {
      const [features] = inputs;
      const [label, weight] = fitInputs;
      const [y, w, prediction, probability, raw, shares] = [fresh(), fresh(), fresh(), fresh(), fresh(), fresh()];
      const ok = features?.ok ?? "true";
      const names = isClassifier ? [...LINEAR, "family", "thresholds"] : LINEAR;
      const given = names.flatMap((name) => (params[name] === null || params[name] === undefined ? [] : [[name, params[name]]])); // prettier-ignore
      const outputs = stage.outputs.map(({ type }) => ({ type, name: type === "vector" && isClassifier ? probability : fresh() })); // prettier-ignore
      const valueOf = (type: ColumnType): string => {
        if (!isClassifier) return prediction;
        if (type === "double") return `${shares}[1]`;
        return type === "boolean" ? `${prediction} = 1D` : `CAST(${prediction} AS BIGINT)`;
      };
      return {
        step: {
          className,
          params: {
            featuresCol: features?.name,
            labelCol: y,
            predictionCol: prediction,
            ...(weight && { weightCol: w }),
            ...(isClassifier && { probabilityCol: probability, rawPredictionCol: raw }),
            ...Object.fromEntries(given),
          },
          scoring: {},
          before: [
            ...(label ? [{ as: y, sql: `CAST(${label.name} AS DOUBLE)` }] : []),
            ...(weight ? [{ as: w, sql: `CAST(${weight.name} AS DOUBLE)` }] : []),
          ],
          lists: isClassifier ? [{ from: probability, as: shares }] : [],
          refused: [],
          after: outputs.flatMap(({ type, name }) =>
            name === probability ? [] : [{ as: name, sql: `CASE WHEN ${ok} THEN ${valueOf(type)} END` }],
          ),
        },
        fit: {
          usable: all([ok, ...(label ? [present(label)] : []), ...(weight ? [`${present(weight)} AND ${weight.name} > 0`] : [])]), // prettier-ignore
          classes:
            isClassifier && label
              ? { label: y, column: label.column, binary: outputs.some(({ type }) => type === "double" || type === "boolean") } // prettier-ignore
              : null,
        },
        outputs: outputs.map(({ type, name }) => ({ name, ok: type === "vector" ? ok : null, isNominal: false })),
      };
    },
  };
}

/** By the operator table's names; `sql` has a form of its own (spark-sql.ts). Every other operator is refused by name. */
export const SPARK_OPERATORS: Readonly<Record<string, SparkOperator>> = {
  StringIndexer: stringIndexer,
  OneHotEncoder: oneHotEncoder,
  Imputer: imputer,
  VectorAssembler: vectorAssembler,
  StandardScaler: scaler("StandardScaler", ["withMean", "withStd"]),
  MinMaxScaler: scaler("MinMaxScaler", ["min", "max"]),
  MaxAbsScaler: scaler("MaxAbsScaler", []),
  LogisticRegression: linear("pyspark.ml.classification.LogisticRegression", true),
  LinearRegression: linear("pyspark.ml.regression.LinearRegression", false),
};

/** The stage's operator, with its parameters and defaults; undefined for one that is not run. */
export function sparkOperatorOf(
  stage: StageDefinition,
): { operator: SparkOperator; params: Record<string, unknown> } | undefined {
  const name = operatorName(stage);
  const operator = Object.hasOwn(SPARK_OPERATORS, name) ? SPARK_OPERATORS[name] : undefined;
  return operator && { operator, params: resolveParams(stage) };
}
