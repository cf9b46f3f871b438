/**
 * The one operator table: what a stage may name, with Spark ML's names and parameters because that is the
 * ecosystem's vocabulary. It says what a stage must look like before any engine sees it; how an operator is computed
 * is the engines' business. Parameters that Spark has and the table has not are refused, never ignored.
 */
import { distance } from "fastest-levenshtein";
import { type ColumnType, type EstimatorClass, type StageDefinition, stageKind } from "./definitions";
import type { Issue } from "./errors";

export type EngineName = "local" | "spark";

export interface OperatorParam {
  name: string;
  type: "number" | "integer" | "boolean" | "string" | "numbers" | "strings";
  /** Undefined: the parameter must be given. Null: it may be left out and then does nothing. */
  default?: unknown;
  /** Inclusive bounds of a number; of the length for lists. */
  min?: number;
  max?: number;
  oneOf?: readonly string[];
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

const NUMERIC = ["bigint", "double"] as const;
const SCALAR = ["boolean", "bigint", "double", "string", "date", "timestamp"] as const;
const ANY = [...SCALAR, "vector", "strings"] as const;
const NONE: OperatorPort = { types: [], min: 0, max: 0 };
const BOTH: readonly EngineName[] = ["local", "spark"];
const SPARK: readonly EngineName[] = ["spark"];

const one = (...types: ColumnType[]): OperatorPort => ({ types, min: 1, max: 1 });
const many = (...types: ColumnType[]): OperatorPort => ({ types, min: 1, max: null });
const single = (...types: ColumnType[]) => ({ ...one(...types), perInput: false });
const perInput = (...types: ColumnType[]) => ({ ...many(...types), perInput: true });

const integer = (name: string, value: number | null, min: number, max: number, description: string): OperatorParam => ({
  name,
  type: "integer",
  default: value,
  min,
  max,
  description,
});
const number = (name: string, value: number | null, min: number, max: number, description: string): OperatorParam => ({
  name,
  type: "number",
  default: value,
  min,
  max,
  description,
});
const flag = (name: string, value: boolean, description: string): OperatorParam => ({
  name,
  type: "boolean",
  default: value,
  description,
});
const choice = (name: string, value: string, oneOf: string[], description: string): OperatorParam => ({
  name,
  type: "string",
  default: value,
  oneOf,
  description,
});
const text = (name: string, value: string | null | undefined, description: string): OperatorParam => ({
  name,
  type: "string",
  ...(value === undefined ? {} : { default: value }),
  description,
});

const SEED = integer(
  "seed",
  42,
  Number.MIN_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  "Makes the random start repeatable.",
);
const INVALID = choice(
  "handleInvalid",
  "error",
  ["error", "skip", "keep"],
  "What to do with rows that cannot be handled: fail, leave the output empty, or keep them apart.",
);
const LABEL_PREFIX = text(
  "labelPrefix",
  null,
  "Start of the labels when the output is a string: `segment_` gives segment_0, segment_1 …",
);
const BIG = Number.MAX_SAFE_INTEGER;

const TREE_PARAMS = [
  integer("maxDepth", 5, 0, 30, "Levels of questions below the root."),
  integer("maxBins", 32, 2, 255, "Most intervals that a column is cut into when splits are looked for."),
  integer("minInstancesPerNode", 1, 1, BIG, "Least rows on each side of a split."),
  number("minInfoGain", 0, 0, Infinity, "Least gain of a split."),
  choice("impurity", "gini", ["gini", "entropy"], "What a split reduces."),
];

function operator(name: string, rest: Omit<Operator, "name" | "fitInputs"> & { fitInputs?: OperatorPort }): Operator {
  return { name, fitInputs: NONE, ...rest };
}

const TABLE: Operator[] = [
  operator("sql", {
    kind: "transformer",
    class: null,
    description:
      "One SELECT over __THIS__, Spark's SQLTransformer: adds columns to every row or, with `from`, aggregates another entity's rows.",
    params: [text("statement", undefined, "A single SELECT; __THIS__ stands for the rows that are read.")],
    inputs: { types: ANY, min: 1, max: null },
    outputs: { types: ANY, min: 1, max: null, perInput: false },
    engines: BOTH,
  }),
  operator("Tokenizer", {
    kind: "transformer",
    class: null,
    description: "Lower-cases a text and splits it at white space.",
    params: [],
    inputs: one("string"),
    outputs: single("strings"),
    engines: BOTH,
  }),
  operator("RegexTokenizer", {
    kind: "transformer",
    class: null,
    description: "Splits a text by a regular expression.",
    params: [
      text("pattern", "\\s+", "A Java regular expression."),
      flag("gaps", true, "Whether the pattern matches what is between tokens, or the tokens."),
      integer("minTokenLength", 1, 0, BIG, "Shorter tokens are dropped."),
      flag("toLowercase", true, "Lower-case first."),
    ],
    inputs: one("string"),
    outputs: single("strings"),
    engines: BOTH,
  }),
  operator("StopWordsRemover", {
    kind: "transformer",
    class: null,
    description: "Drops words that carry no meaning of their own.",
    params: [
      {
        name: "stopWords",
        type: "strings",
        default: null,
        description: "The words; Spark's English ones when left out, which the local engine has not.",
      },
      flag("caseSensitive", false, "Whether case must match."),
    ],
    inputs: one("strings"),
    outputs: single("strings"),
    engines: BOTH,
  }),
  operator("NGram", {
    kind: "transformer",
    class: null,
    description: "Joins each n neighbouring tokens.",
    params: [integer("n", 2, 1, 100, "Tokens in each group.")],
    inputs: one("strings"),
    outputs: single("strings"),
    engines: BOTH,
  }),
  operator("HashingTF", {
    kind: "transformer",
    class: null,
    description: "Counts tokens by their hash.",
    params: [
      integer("numFeatures", 262144, 1, 2147483647, "Length of the vector; the local engine takes at most 1024."),
      flag("binary", false, "Presence instead of counts."),
    ],
    inputs: one("strings"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("CountVectorizer", {
    kind: "estimator",
    class: "statistic",
    description: "Counts the tokens of a learned vocabulary.",
    params: [
      integer(
        "vocabSize",
        262144,
        1,
        2147483647,
        "Most words kept, the most frequent first; the local engine takes at most 1024 words.",
      ),
      number("minDF", 1, 0, Infinity, "Least documents that hold a word, or share of them when below 1."),
      number(
        "minTF",
        1,
        0,
        Infinity,
        "Least times that a document holds a word for it to be counted there, or share of its words when below 1.",
      ),
      flag("binary", false, "Presence instead of counts."),
    ],
    inputs: one("strings"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("IDF", {
    kind: "estimator",
    class: "statistic",
    description: "Weighs counts by how rare each word is among documents.",
    params: [integer("minDocFreq", 0, 0, BIG, "Words in fewer documents weigh 0.")],
    inputs: one("vector"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("Word2Vec", {
    kind: "estimator",
    class: "unsupervised",
    description: "Learns a vector for every word; a text is the mean of its words.",
    params: [
      integer("vectorSize", 100, 1, 10000, "Length of the vectors."),
      integer("minCount", 5, 0, BIG, "Rarer words are left out."),
      integer("maxIter", 1, 1, 1000, "Passes over the texts."),
      integer("windowSize", 5, 1, 1000, "Neighbours looked at on each side."),
      SEED,
    ],
    inputs: one("strings"),
    outputs: single("vector"),
    engines: SPARK,
  }),
  operator("StringIndexer", {
    kind: "estimator",
    class: "statistic",
    description: "Numbers the values of a column, the most frequent first.",
    params: [
      choice(
        "stringOrderType",
        "frequencyDesc",
        ["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"],
        "Which value gets 0; ties by alphabet.",
      ),
      INVALID,
    ],
    inputs: many("string", "boolean", "bigint", "double"),
    outputs: perInput("double"),
    engines: BOTH,
  }),
  operator("OneHotEncoder", {
    kind: "estimator",
    class: "statistic",
    description: "Turns a category number into a vector with a single 1.",
    params: [
      flag("dropLast", true, "Leave out the last category, which the others determine."),
      choice(
        "handleInvalid",
        "error",
        ["error", "keep"],
        "Fail on unseen or missing numbers, or keep them as a category of their own.",
      ),
    ],
    inputs: many("double", "bigint"),
    outputs: perInput("vector"),
    engines: BOTH,
  }),
  operator("VectorAssembler", {
    kind: "transformer",
    class: null,
    description: "Puts numbers, truth values and vectors side by side into one vector.",
    params: [INVALID],
    inputs: many("double", "bigint", "boolean", "vector"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("StandardScaler", {
    kind: "estimator",
    class: "statistic",
    description: "Divides by the sample standard deviation and, if wanted, subtracts the mean.",
    params: [flag("withMean", false, "Subtract the mean."), flag("withStd", true, "Divide by the standard deviation.")],
    inputs: one("vector"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("MinMaxScaler", {
    kind: "estimator",
    class: "statistic",
    description: "Stretches every component to the range from `min` to `max`.",
    params: [
      number("min", 0, -Infinity, Infinity, "Where the smallest value goes."),
      number("max", 1, -Infinity, Infinity, "Where the largest value goes."),
    ],
    inputs: one("vector"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("Imputer", {
    kind: "estimator",
    class: "statistic",
    description: "Fills missing values with the mean, median or most frequent value.",
    params: [
      choice("strategy", "mean", ["mean", "median", "mode"], "What stands in for a missing value."),
      number("missingValue", NaN, -Infinity, Infinity, "A number that means missing, besides null."),
    ],
    inputs: many(...NUMERIC),
    outputs: perInput(...NUMERIC),
    engines: BOTH,
  }),
  operator("Bucketizer", {
    kind: "transformer",
    class: null,
    description: "Puts a number into the interval between two given edges.",
    params: [
      {
        name: "splits",
        type: "numbers",
        min: 3,
        description: "Edges in increasing order; the intervals hold their lower edge, the last one both.",
      },
      INVALID,
      LABEL_PREFIX,
    ],
    inputs: one(...NUMERIC),
    outputs: single("double", "bigint", "string"),
    engines: BOTH,
  }),
  operator("QuantileDiscretizer", {
    kind: "estimator",
    class: "statistic",
    description: "Puts a number into one of a few equally filled bands.",
    params: [integer("numBuckets", 2, 2, 10000, "Bands wanted; fewer when quantiles coincide."), INVALID, LABEL_PREFIX],
    inputs: one(...NUMERIC),
    outputs: single("double", "bigint", "string"),
    engines: BOTH,
  }),
  operator("PCA", {
    kind: "estimator",
    class: "unsupervised",
    description: "Projects vectors on the directions in which they differ most.",
    params: [{ name: "k", type: "integer", min: 1, max: 10000, description: "Directions kept." }],
    inputs: one("vector"),
    outputs: single("vector"),
    engines: BOTH,
  }),
  operator("KMeans", {
    kind: "estimator",
    class: "unsupervised",
    description: "Groups rows around k centres.",
    params: [
      integer("k", 2, 2, 1000, "Groups wanted."),
      integer("maxIter", 20, 1, 10000, "Most rounds of moving the centres."),
      number("tol", 1e-4, 0, Infinity, "Stop when no centre moves further."),
      SEED,
      LABEL_PREFIX,
    ],
    inputs: one("vector"),
    outputs: single("bigint", "double", "string"),
    engines: BOTH,
  }),
  operator("LogisticRegression", {
    kind: "estimator",
    class: "supervised",
    description: "Probability of a yes by a linear form.",
    params: [
      integer("maxIter", 100, 1, 10000, "Most steps."),
      number("regParam", 0, 0, Infinity, "Weight of the squared coefficients (L2)."),
      number("tol", 1e-6, 0, Infinity, "Stop when no coefficient moves further."),
      flag("fitIntercept", true, "Add a constant."),
      flag("standardization", true, "Penalise coefficients of standardised columns."),
    ],
    inputs: one("vector"),
    fitInputs: one("boolean", "bigint", "double"),
    outputs: single("double", "vector"),
    engines: BOTH,
  }),
  operator("LinearRegression", {
    kind: "estimator",
    class: "supervised",
    description: "A number by a linear form.",
    params: [
      number("regParam", 0, 0, Infinity, "Weight of the squared coefficients (L2)."),
      flag("fitIntercept", true, "Add a constant."),
      flag("standardization", true, "Penalise coefficients of standardised columns."),
    ],
    inputs: one("vector"),
    fitInputs: one("bigint", "double"),
    outputs: single("double"),
    engines: BOTH,
  }),
  operator("DecisionTreeClassifier", {
    kind: "estimator",
    class: "supervised",
    description: "Class probabilities by a tree of threshold questions.",
    params: [...TREE_PARAMS, SEED],
    inputs: one("vector"),
    fitInputs: one("boolean", "bigint", "double"),
    outputs: single("double", "vector"),
    engines: BOTH,
  }),
  operator("RandomForestClassifier", {
    kind: "estimator",
    class: "supervised",
    description: "Class probabilities by the mean of many random trees.",
    params: [
      ...TREE_PARAMS,
      integer("numTrees", 20, 1, 10000, "Trees."),
      choice(
        "featureSubsetStrategy",
        "auto",
        ["auto", "all", "onethird", "sqrt", "log2"],
        "Columns that each split may choose from; auto is sqrt, and all for a single tree.",
      ),
      number("subsamplingRate", 1, 0, 1, "Share of the rows that each tree sees."),
      SEED,
    ],
    inputs: one("vector"),
    fitInputs: one("boolean", "bigint", "double"),
    outputs: single("double", "vector"),
    engines: BOTH,
  }),
  operator("NaiveBayes", {
    kind: "estimator",
    class: "supervised",
    description: "Class probabilities that treat every column as independent.",
    params: [
      number("smoothing", 1, 0, Infinity, "Added to every count."),
      choice(
        "modelType",
        "multinomial",
        ["multinomial", "complement", "bernoulli", "gaussian"],
        "Distribution of a column within a class; the local engine has the multinomial one.",
      ),
    ],
    inputs: one("vector"),
    fitInputs: one("boolean", "bigint", "double"),
    outputs: single("double", "vector"),
    engines: BOTH,
  }),
];

/** By name; `sql` is Spark's SQLTransformer. */
export const OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries(
  TABLE.map((entry) => [entry.name, entry]),
);

/** A class that only Spark runs, named by module: nothing is known of its parameters. */
export const PYTHON_PREFIX = "python:";

export function findOperator(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

export function operatorName(stage: Pick<StageDefinition, "transformer" | "estimator">): string {
  return stage.estimator ?? stage.transformer ?? "";
}

/** What the stage's estimator learns: its own word, else the operator's. Null for a transformer. */
export function estimatorClass(stage: StageDefinition): EstimatorClass | null {
  if (stageKind(stage) === "transformer") return null;
  return stage.class ?? findOperator(operatorName(stage))?.class ?? "supervised";
}

/** The operator's parameters with defaults filled in. */
export function resolveParams(stage: StageDefinition): Record<string, unknown> {
  const known = findOperator(operatorName(stage))?.params ?? [];
  const defaults = Object.fromEntries(
    known.filter((param) => param.default !== undefined).map((param) => [param.name, param.default]),
  );
  return { ...defaults, ...stage.params };
}

/** Names that are one slip away from `name`, nearest first. */
function nearNames(name: string, names: string[]): string[] {
  const lower = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, steps: distance(lower, candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.max(2, Math.floor(candidate.length / 4)))
    .sort((a, b) => a.steps - b.steps)
    .map(({ candidate }) => candidate);
}

function didYouMean(name: string, names: string[]): string {
  const near = nearNames(name, names);
  return near.length > 0 ? ` Did you mean ${near[0]}?` : "";
}

/** YAML's `.inf` arrives as a number; JSON has no word for it, so a string is taken too. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value === "Infinity" || value === "-Infinity" || value === "NaN") return Number(value);
  return undefined;
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
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
      return `a list of ${param.min ?? 1} or more numbers in increasing order`;
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
      return numbers.every(
        (item, i) => item !== undefined && !Number.isNaN(item) && (i === 0 || item > (numbers[i - 1] ?? NaN)),
      );
    }
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

function checkParams(stage: StageDefinition, known: readonly OperatorParam[]): Issue[] {
  const issues: Issue[] = [];
  const names = known.map((param) => param.name);
  for (const [name, value] of Object.entries(stage.params ?? {})) {
    const param = known.find((candidate) => candidate.name === name);
    if (!param) {
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

function checkCount(path: string, count: number, port: OperatorPort, name: string): Issue[] {
  if (count >= port.min && (port.max === null || count <= port.max)) return [];
  const expected =
    port.max === port.min ? `${port.min}` : port.max === null ? `${port.min} or more` : `${port.min} to ${port.max}`;
  return [{ path: [path], message: `${name} takes ${expected} ${path}.`, expected, found: String(count) }];
}

/** Whether a stage is one that its operator can be: name, kind, parameters, number of columns and types of outputs. Paths are inside the stage. */
export function checkStage(stage: StageDefinition): Issue[] {
  if ((stage.transformer === undefined) === (stage.estimator === undefined)) {
    const found = stage.transformer === undefined ? "neither" : "both";
    return [
      {
        path: [],
        message: "A stage names exactly one of transformer and estimator.",
        expected: "transformer or estimator",
        found,
      },
    ];
  }
  const kind = stageKind(stage);
  const name = operatorName(stage);
  if (name.startsWith(PYTHON_PREFIX)) return checkPythonName(kind, name);

  const operator = findOperator(name);
  if (!operator) {
    const names = Object.keys(OPERATORS);
    const alias = name === "SQLTransformer" ? " It is called sql here." : didYouMean(name, names);
    return [
      {
        path: [kind],
        message: `There is no operator ${name}.${alias}`,
        expected: `one of ${names.join(", ")}, or python:module.Class`,
        found: name,
      },
    ];
  }

  const issues: Issue[] = [];
  if (operator.kind !== kind) {
    issues.push({
      path: [kind],
      message: `${name} is ${operator.kind === "estimator" ? "an estimator, which is fitted" : "a transformer, which has nothing to fit"}. Write \`${operator.kind}: ${name}\`.`,
      expected: operator.kind,
      found: kind,
    });
  }
  if (kind === "transformer" && (stage.class !== undefined || stage.fit !== undefined)) {
    const path = stage.class !== undefined ? "class" : "fit";
    issues.push({
      path: [path],
      message: `A transformer is not fitted, so it has no ${path}.`,
      expected: "nothing",
      found: show(stage[path]),
    });
  }
  if (stage.from !== undefined && name !== "sql") {
    issues.push({
      path: ["from"],
      message: "Only an sql stage aggregates another entity's rows.",
      expected: "no from",
      found: stage.from,
    });
  }
  issues.push(...checkParams(stage, operator.params));
  issues.push(...checkCount("inputs", stage.inputs.length, operator.inputs, name));
  issues.push(...checkCount("fitInputs", stage.fitInputs?.length ?? 0, operator.fitInputs, name));
  if (operator.outputs.perInput) {
    const count = stage.inputs.length;
    issues.push(...checkCount("outputs", stage.outputs.length, { types: [], min: count, max: count }, name));
  } else {
    issues.push(...checkCount("outputs", stage.outputs.length, operator.outputs, name));
  }
  stage.outputs.forEach((output, i) => {
    if (operator.outputs.types.includes(output.type)) return;
    const expected = operator.outputs.types.join(" or ");
    issues.push({
      path: ["outputs", i, "type"],
      message: `${name} writes ${expected}, not ${output.type}.`,
      expected,
      found: output.type,
    });
  });
  return issues;
}

function checkPythonName(kind: string, name: string): Issue[] {
  if (/^python:[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name)) return [];
  return [
    { path: [kind], message: `${name} does not name a Python class.`, expected: "python:module.Class", found: name },
  ];
}

/** Whether the columns that the stage reads have types its operator can take. `typeOf` answers undefined for a column nobody declared. */
export function checkInputTypes(stage: StageDefinition, typeOf: (column: string) => ColumnType | undefined): Issue[] {
  const operator = findOperator(operatorName(stage));
  if (!operator) return [];
  const check = (list: string[], path: "inputs" | "fitInputs") =>
    list.flatMap((column, i): Issue[] => {
      const found = typeOf(column);
      if (found === undefined || operator[path].types.includes(found)) return [];
      const expected = operator[path].types.join(" or ");
      return [
        {
          path: [path, i],
          message: `${operator.name} of stage ${stage.name} cannot read ${column}: it takes ${expected}, not ${found}.`,
          expected,
          found,
        },
      ];
    });
  return [...check(stage.inputs, "inputs"), ...check(stage.fitInputs ?? [], "fitInputs")];
}
