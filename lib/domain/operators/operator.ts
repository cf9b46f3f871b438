/** What an operator is before any engine sees it, and the words that the table's entries are written in. */
import type { ColumnType } from "../definitions/column-type";
import type { EngineName } from "../definitions/engine-name";
import type { EstimatorClass } from "../definitions/stage";

export interface OperatorParam {
  name: string;
  type: "number" | "integer" | "boolean" | "string" | "numbers" | "integers" | "strings";
  /** Undefined: the parameter must be given. Null: it may be left out and then does nothing. */
  default?: unknown;
  /** Inclusive bounds of a number; of the length for lists. */
  min?: number;
  max?: number;
  oneOf?: readonly string[];
  /** Of numbers: they need not increase. */
  isUnordered?: boolean;
  description: string;
}

export interface OperatorPort {
  types: readonly ColumnType[];
  min: number;
  /** Null: as many as wanted. */
  max: number | null;
}

export interface Operator {
  name: string;
  kind: "transformer" | "estimator";
  /** What an estimator learns, unless the stage says otherwise; null for a transformer. */
  class: EstimatorClass | null;
  /** What a supervised estimator predicts; left out of others. */
  predicts?: "class" | "number";
  /** Of a classifier: its double and vector outputs are margins, and no probabilities. */
  writesMargin?: boolean;
  description: string;
  params: readonly OperatorParam[];
  inputs: OperatorPort;
  /** Columns needed to fit only. */
  fitInputs: OperatorPort;
  outputs: OperatorPort & {
    /** One output for every input, in order. */
    perInput: boolean;
  };
  engines: readonly EngineName[];
}

export const NUMERIC = ["bigint", "double"] as const;
const SCALAR = ["boolean", "bigint", "double", "string", "date", "timestamp"] as const;
export const ANY = [...SCALAR, "vector", "strings"] as const;
const NONE: OperatorPort = { types: [], min: 0, max: 0 };
export const BOTH: readonly EngineName[] = ["local", "spark"];
export const SPARK: readonly EngineName[] = ["spark"];

export const one = (...types: ColumnType[]): OperatorPort => ({ types, min: 1, max: 1 });
/** One or two: what is predicted, then what each row weighs. */
export const labelled = (...types: ColumnType[]): OperatorPort => ({ types, min: 1, max: 2 });
export const many = (...types: ColumnType[]): OperatorPort => ({ types, min: 1, max: null });
export const single = (...types: ColumnType[]) => ({ ...one(...types), perInput: false });
export const several = (...types: ColumnType[]) => ({ ...many(...types), perInput: false });
export const perInput = (...types: ColumnType[]) => ({ ...many(...types), perInput: true });

export const integer = (
  name: string,
  value: number | null,
  min: number,
  max: number,
  description: string,
): OperatorParam => ({
  name,
  type: "integer",
  default: value,
  min,
  max,
  description,
});
export const number = (
  name: string,
  value: number | null,
  min: number,
  max: number,
  description: string,
): OperatorParam => ({
  name,
  type: "number",
  default: value,
  min,
  max,
  description,
});
export const flag = (name: string, value: boolean, description: string): OperatorParam => ({
  name,
  type: "boolean",
  default: value,
  description,
});
export const choice = (name: string, value: string, oneOf: string[], description: string): OperatorParam => ({
  name,
  type: "string",
  default: value,
  oneOf,
  description,
});
export const text = (name: string, value: string | null | undefined, description: string): OperatorParam => ({
  name,
  type: "string",
  ...(value === undefined ? {} : { default: value }),
  description,
});

export const SEED = integer(
  "seed",
  42,
  Number.MIN_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  "Makes the random start repeatable.",
);
export const INVALID = choice(
  "handleInvalid",
  "error",
  ["error", "skip", "keep"],
  "What to do with rows that cannot be handled: fail, leave the output empty, or keep them apart.",
);
export const LABEL_PREFIX = text(
  "labelPrefix",
  null,
  "Start of the labels when the output is a string: `segment_` gives segment_0, segment_1 …",
);
export const BIG = Number.MAX_SAFE_INTEGER;

export function operator(
  name: string,
  rest: Omit<Operator, "name" | "fitInputs"> & { fitInputs?: OperatorPort },
): Operator {
  return { name, fitInputs: NONE, ...rest };
}
