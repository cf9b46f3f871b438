/** What predicts or groups. */
import {
  type Operator,
  type OperatorParam,
  BIG,
  BOTH,
  LABEL_PREFIX,
  NUMERIC,
  SEED,
  choice,
  flag,
  integer,
  labelled,
  number,
  one,
  operator,
  several,
  single,
} from "./operator";

const CLASSES = ["boolean", "bigint", "double"] as const;
const SUBSETS = ["auto", "all", "onethird", "sqrt", "log2"];

/** Of all trees, but for what they reduce. */
const GROWTH = [
  integer("maxDepth", 5, 0, 30, "Levels of questions below the root."),
  integer("maxBins", 32, 2, 255, "Most intervals that a column is cut into when splits are looked for."),
  integer("minInstancesPerNode", 1, 1, BIG, "Least rows on each side of a split."),
  number("minInfoGain", 0, 0, Infinity, "Least gain of a split."),
];
const CLASS_IMPURITY = choice("impurity", "gini", ["gini", "entropy"], "What a split reduces.");
const VARIANCE = choice("impurity", "variance", ["variance"], "What a split reduces.");
const subset = (auto: string) =>
  choice("featureSubsetStrategy", "auto", SUBSETS, `Columns that each split may choose from; auto is ${auto}.`);
const FOREST = [
  integer("numTrees", 20, 1, 10000, "Trees."),
  number("subsamplingRate", 1, 0, 1, "Share of the rows that each tree sees."),
  SEED,
];
const BOOSTING = [
  integer("maxIter", 20, 1, 10000, "Trees."),
  number("stepSize", 0.1, 0, 1, "How much each tree after the first counts."),
  number("subsamplingRate", 1, 0, 1, "Share of the rows that each tree sees."),
  choice("featureSubsetStrategy", "all", SUBSETS, "Columns that each split may choose from; auto is all."),
  SEED,
];
const THRESHOLDS: OperatorParam = {
  name: "thresholds",
  type: "numbers",
  default: null,
  min: 2,
  max: 100,
  isUnordered: true,
  description: "One for each class: the predicted class has the largest probability divided by its threshold.",
};
/** Penalty and steps of linear models. */
const LINEAR = [
  number("regParam", 0, 0, Infinity, "Weight of the penalty on coefficients."),
  number("elasticNetParam", 0, 0, 1, "Share of L1 in the penalty, which makes coefficients 0; the rest is L2."),
  flag("fitIntercept", true, "Add a constant."),
  flag("standardization", true, "Penalise coefficients of standardised columns."),
  integer("maxIter", 100, 1, 10000, "Most steps."),
  number(
    "tol",
    1e-6,
    0,
    Infinity,
    "Stop when the slope is no larger or, with few columns, no coefficient moves further.",
  ),
];
/** What a classifier may write: the probability of a yes, all probabilities in class order, or the class as its label has it. */
const CLASSIFIED = several("double", "vector", "boolean", "bigint");

function classifier(name: string, description: string, params: Operator["params"]): Operator {
  return operator(name, {
    kind: "estimator",
    class: "supervised",
    predicts: "class",
    description,
    params: [...params, THRESHOLDS],
    inputs: one("vector"),
    fitInputs: labelled(...CLASSES),
    outputs: CLASSIFIED,
    engines: BOTH,
  });
}

function regressor(name: string, description: string, params: Operator["params"]): Operator {
  return operator(name, {
    kind: "estimator",
    class: "supervised",
    predicts: "number",
    description,
    params,
    inputs: one("vector"),
    fitInputs: labelled(...NUMERIC),
    outputs: single("double"),
    engines: BOTH,
  });
}

/** Family of GeneralizedLinearRegression → links that it has, the one that is meant when none is said first. */
export const GLM_LINKS: Readonly<Record<string, readonly string[]>> = {
  gaussian: ["identity", "log", "inverse"],
  binomial: ["logit", "probit", "cloglog"],
  poisson: ["log", "identity", "sqrt"],
  gamma: ["inverse", "identity", "log"],
};

export const MODEL_OPERATORS: readonly Operator[] = [
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
  classifier("LogisticRegression", "Class probabilities by linear forms.", [
    choice(
      "family",
      "auto",
      ["auto", "binomial", "multinomial"],
      "A yes or no by one linear form, or a form for each class; auto is binomial for two classes.",
    ),
    ...LINEAR,
  ]),
  operator("LinearSVC", {
    kind: "estimator",
    class: "supervised",
    predicts: "class",
    writesMargin: true,
    description:
      "A yes or no by the side of a plane, with a margin. A double is the margin and no probability, a vector Spark's rawPrediction.",
    params: [
      number("regParam", 0, 0, Infinity, "Weight of the L2 penalty on coefficients."),
      flag("fitIntercept", true, "Add a constant."),
      flag("standardization", true, "Penalise coefficients of standardised columns."),
      integer("maxIter", 100, 1, 10000, "Most steps at each of the radii that the hinge's corner is rounded off with."),
      number(
        "tol",
        1e-6,
        0,
        Infinity,
        "Stop when no coefficient moves further or, with many columns, the slope is no larger.",
      ),
      number("threshold", 0, -Infinity, Infinity, "The class is a yes where the margin is above it."),
    ],
    inputs: one("vector"),
    fitInputs: labelled(...CLASSES),
    outputs: CLASSIFIED,
    engines: BOTH,
  }),
  regressor("LinearRegression", "A number by a linear form.", LINEAR),
  operator("GeneralizedLinearRegression", {
    kind: "estimator",
    class: "supervised",
    predicts: "number",
    description:
      "The mean of a number, count or yes-and-no by a linear form behind a link. Of family binomial the output is a probability.",
    params: [
      choice(
        "family",
        "gaussian",
        ["gaussian", "binomial", "poisson", "gamma"],
        "Distribution of the label about its mean.",
      ),
      {
        ...choice(
          "link",
          "identity",
          ["identity", "log", "inverse", "logit", "probit", "cloglog", "sqrt"],
          "What the linear form is of the mean: gaussian has identity, log and inverse; binomial logit, probit and cloglog; poisson log, identity and sqrt; gamma inverse, identity and log. The first of each when left out. probit is Spark's only.",
        ),
        default: null,
      },
      flag("fitIntercept", true, "Add a constant."),
      number("regParam", 0, 0, Infinity, "Weight of the L2 penalty on coefficients, in units of a step's mean weight."),
      integer("maxIter", 25, 1, 10000, "Most steps."),
      number("tol", 1e-6, 0, Infinity, "Stop when no coefficient moves further."),
    ],
    inputs: one("vector"),
    fitInputs: labelled(...CLASSES),
    outputs: single("double"),
    engines: BOTH,
  }),
  classifier("DecisionTreeClassifier", "Class probabilities by a tree of threshold questions.", [
    ...GROWTH,
    CLASS_IMPURITY,
    SEED,
  ]),
  regressor("DecisionTreeRegressor", "A number by a tree of threshold questions.", [...GROWTH, VARIANCE, SEED]),
  classifier("RandomForestClassifier", "Class probabilities by the mean of many random trees.", [
    ...GROWTH,
    CLASS_IMPURITY,
    subset("sqrt, and all for a single tree"),
    ...FOREST,
  ]),
  regressor("RandomForestRegressor", "A number by the mean of many random trees.", [
    ...GROWTH,
    VARIANCE,
    subset("onethird, and all for a single tree"),
    ...FOREST,
  ]),
  classifier("GBTClassifier", "Probability of a yes by trees that each correct those before.", [
    ...GROWTH,
    VARIANCE,
    choice("lossType", "logistic", ["logistic"], "What the trees reduce."),
    ...BOOSTING,
  ]),
  regressor("GBTRegressor", "A number by trees that each correct those before.", [
    ...GROWTH,
    VARIANCE,
    choice("lossType", "squared", ["squared", "absolute"], "What the trees reduce."),
    ...BOOSTING,
  ]),
  classifier("NaiveBayes", "Class probabilities that treat every column as independent.", [
    number("smoothing", 1, 0, Infinity, "Added to every count."),
    choice(
      "modelType",
      "multinomial",
      ["multinomial", "complement", "bernoulli", "gaussian"],
      "Distribution of a column within a class; the local engine has the multinomial one.",
    ),
  ]),
];
