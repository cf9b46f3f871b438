/** Parameters of a stage: what they may be, and what is wrong with them. */
import type { StageDefinition } from "../definitions/stage";
import type { Issue } from "../errors";
import { textOfJson } from "../exact-integers";
import { didYouMean } from "../names/nearest-name";
import type { OperatorParam } from "./operator";
import { operatorName } from "./operator-table";

/** YAML's `.inf` arrives as a number; JSON has no word for it, so a string is taken too. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value === "Infinity" || value === "-Infinity" || value === "NaN") return Number(value);
  return undefined;
}

/** A value as a message shows it. */
export function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (textOfJson(value) ?? "nothing");
}

function range(param: OperatorParam): string {
  const { min = -Infinity, max = Infinity } = param;
  const low = Number.isFinite(min) && min > Number.MIN_SAFE_INTEGER;
  const high = Number.isFinite(max) && max < Number.MAX_SAFE_INTEGER;
  if (low && high) return ` from ${min} to ${max}`;
  if (low) return ` of at least ${min}`;
  return high ? ` of at most ${max}` : "";
}

/** What the parameter's value must be, in words. */
export function describeParam(param: OperatorParam): string {
  if (param.oneOf) return `one of ${param.oneOf.join(", ")}`;
  switch (param.type) {
    case "boolean":
      return "true or false";
    case "string":
      return "a text";
    case "strings":
      return "a list of texts";
    case "numbers":
      return `a list of ${param.min ?? 1} or more numbers${param.isUnordered ? " of at least 0" : " in increasing order"}`;
    case "integers":
      return `a list of ${param.min ?? 1} or more different whole numbers from 0`;
    case "integer":
      return `a whole number${range(param)}`;
    case "number":
      return `a number${range(param)}`;
  }
}

function fits(param: OperatorParam, value: unknown): boolean {
  const { min = -Infinity, max = Infinity } = param;
  switch (param.type) {
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string" && (!param.oneOf || param.oneOf.includes(value));
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "numbers": {
      if (!Array.isArray(value) || value.length < (param.min ?? 1)) return false;
      const numbers = value.map(toNumber);
      if (param.isUnordered) return numbers.every((item) => item !== undefined && item >= 0 && Number.isFinite(item));
      return numbers.every(
        (item, i) => item !== undefined && !Number.isNaN(item) && (i === 0 || item > (numbers[i - 1] ?? NaN)),
      );
    }
    case "integers":
      return (
        Array.isArray(value) &&
        value.length >= (param.min ?? 1) &&
        new Set(value).size === value.length &&
        value.every((item) => Number.isSafeInteger(item) && Number(item) >= 0)
      );
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
    case "number": {
      const found = toNumber(value);
      return (
        found !== undefined &&
        (Number.isNaN(found) ? Number.isNaN(param.default as number) : found >= min && found <= max)
      );
    }
  }
}

/** Spark's parameters that name a column, and where a stage names it. */
const COLUMN_PARAMS: Readonly<Partial<Record<string, string>>> = {
  featuresCol: "inputs",
  inputCol: "inputs",
  inputCols: "inputs",
  labelCol: "fitInputs",
  weightCol: "fitInputs, after the label",
  outputCol: "outputs",
  outputCols: "outputs",
  predictionCol: "outputs",
  probabilityCol: "outputs, as a vector",
};

/** What is wrong with a stage's parameters. */
export function checkParams(stage: StageDefinition, known: readonly OperatorParam[]): Issue[] {
  const issues: Issue[] = [];
  const names = known.map((param) => param.name);
  for (const [name, value] of Object.entries(stage.params ?? {})) {
    const param = known.find((candidate) => candidate.name === name);
    const place = COLUMN_PARAMS[name];
    if (!param && place) {
      issues.push({
        path: ["params", name],
        message: `${operatorName(stage)} has no parameter ${name}: columns are named in ${place}.`,
        expected: `the column in ${place}`,
        found: name,
      });
    } else if (!param) {
      issues.push({
        path: ["params", name],
        message: `${operatorName(stage)} has no parameter ${name}.${didYouMean(name, names)}`,
        expected: names.length > 0 ? `one of ${names.join(", ")}` : "no parameters",
        found: name,
      });
    } else if (value === null ? param.default !== null : !fits(param, value)) {
      issues.push({
        path: ["params", name],
        message: `${name} of ${operatorName(stage)} must be ${describeParam(param)}.`,
        expected: describeParam(param),
        found: show(value),
      });
    }
  }
  for (const param of known) {
    if (param.default === undefined && stage.params?.[param.name] === undefined) {
      issues.push({
        path: ["params", param.name],
        message: `${operatorName(stage)} needs the parameter ${param.name}: ${param.description}`,
        expected: describeParam(param),
        found: "nothing",
      });
    }
  }
  return issues;
}
