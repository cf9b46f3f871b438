import { describe, expect, it } from "vitest";
import type { StageDefinition } from "../definitions/stage";
import { checkInputTypes, checkStage } from "./check-stage";
import { describeParam } from "./operator-params";
import { OPERATORS, estimatorClass, resolveParams } from "./operator-table";

const kmeans: StageDefinition = {
  kind: "Stage",
  name: "groups",
  entity: "airport",
  estimator: "KMeans",
  inputs: ["airport.profile"],
  outputs: [{ column: "airport.segment", type: "string" }],
  params: { k: 5, seed: 7 },
};

describe("the operator table", () => {
  it("holds every name of the model", () => {
    const names =
      "sql Tokenizer RegexTokenizer StopWordsRemover NGram HashingTF CountVectorizer IDF Word2Vec StringIndexer OneHotEncoder VectorAssembler StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer PolynomialExpansion Interaction VectorSlicer TargetEncoder Imputer Bucketizer QuantileDiscretizer PCA KMeans LogisticRegression LinearRegression LinearSVC GeneralizedLinearRegression DecisionTreeClassifier DecisionTreeRegressor RandomForestClassifier RandomForestRegressor GBTClassifier GBTRegressor NaiveBayes";
    expect(Object.keys(OPERATORS).sort()).toEqual(names.split(" ").sort());
  });

  it.each(Object.values(OPERATORS))("describes $name and gives defaults that its own rules accept", (operator) => {
    expect(operator.description).toMatch(/^[A-Z].*\.$/);
    expect(operator.class === null).toBe(operator.kind === "transformer");
    expect(operator.engines).toContain("spark");
    for (const param of operator.params) {
      expect(param.description).not.toBe("");
      expect(describeParam(param)).not.toBe("");
    }
    const inputs = Array.from({ length: operator.inputs.min }, (_, i) => `e.x${i}`);
    const required = Object.fromEntries(
      operator.params
        .filter((param) => param.default === undefined)
        .map((param) => [
          param.name,
          { numbers: [0, 1, 2], integers: [1, 0], integer: 2, string: "SELECT 1" }[param.type as "numbers"],
        ]),
    );
    const stage = {
      kind: "Stage" as const,
      name: "any",
      entity: "e",
      [operator.kind]: operator.name,
      inputs,
      fitInputs: Array.from({ length: operator.fitInputs.min }, () => "e.y"),
      outputs: inputs.slice(0, 1).map(() => ({ column: "e.z", type: operator.outputs.types[0] ?? "double" })),
      params: required,
    };
    expect(checkStage({ ...stage, params: resolveParams(stage) })).toEqual([]);
  });
});

describe("checkStage", () => {
  it("finds nothing wrong with a good stage", () => {
    expect(checkStage(kmeans)).toEqual([]);
    expect(checkStage({ ...kmeans, estimator: "python:acme.models.Cluster", params: { anything: [1] } })).toEqual([]);
  });

  it.each<[string, Partial<StageDefinition>, (string | number)[], RegExp]>([
    ["a slip in the name", { estimator: "KMean" }, ["estimator"], /Did you mean KMeans\?/],
    ["another case", { estimator: "kmeans" }, ["estimator"], /Did you mean KMeans\?/],
    ["an unknown name", { estimator: "Quantum" }, ["estimator"], /There is no operator Quantum\.$/],
    [
      "Spark's name for sql",
      { estimator: undefined, transformer: "SQLTransformer" },
      ["transformer"],
      /called sql here/,
    ],
    ["a member of Object", { estimator: "constructor" }, ["estimator"], /no operator/],
    [
      "the wrong kind",
      { estimator: undefined, transformer: "KMeans" },
      ["transformer"],
      /KMeans is an estimator.*`estimator: KMeans`/,
    ],
    ["neither kind", { estimator: undefined }, [], /exactly one of transformer and estimator/],
    ["both kinds", { transformer: "sql" }, [], /exactly one/],
    ["a slip in a parameter", { params: { kk: 5 } }, ["params", "kk"], /no parameter kk\. Did you mean k\?/],
    ["a text for a number", { params: { k: "5" } }, ["params", "k"], /whole number/],
    ["a fraction", { params: { k: 2.5 } }, ["params", "k"], /whole number/],
    ["a number out of range", { params: { k: 1 } }, ["params", "k"], /from 2 to 1000/],
    ["NaN", { params: { tol: NaN } }, ["params", "tol"], /at least 0/],
    [
      "an output of another type",
      { outputs: [{ column: "airport.segment", type: "date" }] },
      ["outputs", 0, "type"],
      /writes bigint or double or string, not date/,
    ],
    ["two inputs", { inputs: ["airport.a", "airport.b"] }, ["inputs"], /takes 1 inputs/],
    ["a label it does not need", { fitInputs: ["airport.y"] }, ["fitInputs"], /takes 0 fitInputs/],
    [
      "two outputs",
      { outputs: [...kmeans.outputs, { column: "airport.b", type: "string" }] },
      ["outputs"],
      /takes 1 outputs/,
    ],
    ["from without sql", { from: "flight" }, ["from"], /Only an sql stage/],
    ["a python name that is none", { estimator: "python:oops" }, ["estimator"], /does not name a Python class/],
  ])("finds %s", (_, change, path, message) => {
    const { estimator, ...rest } = { ...kmeans, ...change };
    const issues = checkStage({ ...rest, ...(estimator === undefined ? {} : { estimator }) });
    expect(issues[0]).toMatchObject({ path, message: expect.stringMatching(message) as string });
    expect(issues[0]?.expected).toBeDefined();
    expect(issues[0]?.found).toBeDefined();
  });

  it("wants every parameter without a default, edges in order, and one output for each input", () => {
    const buckets: StageDefinition = { ...kmeans, transformer: "Bucketizer", params: {} };
    delete buckets.estimator;
    expect(checkStage(buckets)[0]).toMatchObject({ path: ["params", "splits"], found: "nothing" });
    expect(checkStage({ ...buckets, params: { splits: [0, 2, 1] } })[0]?.message).toMatch(/increasing order/);
    expect(checkStage({ ...buckets, params: { splits: ["-Infinity", 0, Infinity] } })).toEqual([]);
    const indexer: StageDefinition = {
      ...kmeans,
      estimator: "StringIndexer",
      inputs: ["a.x", "a.y"],
      outputs: [{ column: "a.z", type: "double" }],
      params: {},
    };
    expect(checkStage(indexer)[0]).toMatchObject({ path: ["outputs"], expected: "2", found: "1" });
  });
});

describe("parameters of text operators and forests", () => {
  const counting: StageDefinition = {
    ...kmeans,
    estimator: "CountVectorizer",
    outputs: [{ column: "airport.words", type: "vector" }],
    params: { minTF: 0.3, minDF: 2 },
  };

  it("knows minTF and featureSubsetStrategy, and checks them", () => {
    expect(checkStage(counting)).toEqual([]);
    expect(checkStage({ ...counting, params: { minTF: -1 } })[0]).toMatchObject({ path: ["params", "minTF"] });
    const forest: StageDefinition = {
      ...kmeans,
      estimator: "RandomForestClassifier",
      fitInputs: ["airport.late"],
      outputs: [{ column: "airport.p", type: "double" }],
      params: { featureSubsetStrategy: "log2" },
    };
    expect(checkStage(forest)).toEqual([]);
    expect(checkStage({ ...forest, params: { featureSubsetStrategy: "half" } })[0]).toMatchObject({
      path: ["params", "featureSubsetStrategy"],
      expected: "one of auto, all, onethird, sqrt, log2",
    });
  });
});

describe("what is known of a stage", () => {
  it("has defaults, the owner's class before the operator's, and no class for transformers", () => {
    expect(resolveParams(kmeans)).toMatchObject({ k: 5, seed: 7, maxIter: 20, tol: 1e-4 });
    expect(estimatorClass(kmeans)).toBe("unsupervised");
    expect(estimatorClass({ ...kmeans, class: "selection" })).toBe("selection");
    expect(
      estimatorClass({ ...kmeans, estimator: undefined, transformer: "sql" } as unknown as StageDefinition),
    ).toBeNull();
  });

  it("tells which inputs an operator cannot read", () => {
    expect(checkInputTypes(kmeans, () => "vector")).toEqual([]);
    expect(checkInputTypes(kmeans, () => undefined)).toEqual([]);
    expect(checkInputTypes(kmeans, () => "string")[0]).toMatchObject({
      path: ["inputs", 0],
      expected: "vector",
      found: "string",
    });
  });
});

describe("models", () => {
  const model: StageDefinition = {
    kind: "Stage",
    name: "delayed",
    entity: "flight",
    estimator: "RandomForestClassifier",
    inputs: ["flight.xs"],
    fitInputs: ["flight.late"],
    outputs: [{ column: "flight.p", type: "double" }],
  };

  it("may weigh rows by a column after the label, write several outputs and weigh classes", () => {
    const outputs = (["double", "vector", "boolean"] as const).map((type, i) => ({ column: `flight.p${i}`, type }));
    expect(
      checkStage({ ...model, outputs, fitInputs: ["flight.late", "flight.w"], params: { thresholds: [0.7, 0.3] } }),
    ).toEqual([]);
  });

  it.each<[string, Partial<StageDefinition>, RegExp]>([
    ["a column as a parameter", { params: { weightCol: "w" } }, /columns are named in fitInputs, after the label/],
    [
      "thresholds below 0",
      { params: { thresholds: [0.5, -1] } },
      /thresholds .* must be a list of 2 or more numbers of at least 0/,
    ],
    ["one threshold", { params: { thresholds: [0.5] } }, /thresholds/],
    ["a third column to fit", { fitInputs: ["flight.late", "flight.w", "flight.v"] }, /takes 1 to 2 fitInputs/],
    ["another loss", { estimator: "GBTRegressor", params: { lossType: "logistic" } }, /one of squared, absolute/],
    [
      "another family",
      { estimator: "LogisticRegression", params: { family: "poisson" } },
      /one of auto, binomial, multinomial/,
    ],
    ["a share of L1 above 1", { estimator: "LinearRegression", params: { elasticNetParam: 2 } }, /from 0 to 1/],
    [
      "a position twice",
      {
        estimator: undefined,
        transformer: "VectorSlicer",
        fitInputs: [],
        outputs: [{ column: "flight.v", type: "vector" }],
        params: { indices: [1, 1] },
      },
      /different whole numbers from 0/,
    ],
  ])("refuse %s", (_, change, message) => {
    expect(
      checkStage({ ...model, ...change } as StageDefinition)
        .map((issue) => issue.message)
        .join("\n"),
    ).toMatch(message);
  });

  it.each([
    ["boolean", "boolean", true],
    ["boolean", "bigint", false],
    ["bigint", "bigint", true],
    ["bigint", "boolean", false],
    ["double", "bigint", true],
    ["double", "boolean", false],
    ["double", "vector", true],
    ["bigint", "double", true],
  ] as const)("of a %s label may write %s: %s", (label, type, isRight) => {
    const stage = { ...model, outputs: [{ column: "flight.c", type }] };
    const issues = checkInputTypes(stage, (column) => (column === "flight.late" ? label : "vector"));
    expect(issues).toHaveLength(isRight ? 0 : 1);
    if (!isRight) expect(issues[0]).toMatchObject({ path: ["outputs", 0, "type"], found: type });
  });
});
