import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { checkInputTypes, checkStage } from "@/lib/domain/operators/check-stage";
import golden from "@/test/fixtures/kernels/scikit-learn-margins-and-means.json";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld, stage } from "./small-world.test-support";
import { NO_WORLD } from "./make-plan.test-support";

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

let files = 0;
interface Wanted {
  params?: Record<string, unknown>;
  outputs?: ColumnType[];
  label?: ColumnType;
  weights?: readonly number[];
}

const modelOf = (estimator: string, { params = {}, outputs = ["double"], weights }: Wanted): StageDefinition =>
  stage("model", {
    estimator,
    inputs: ["obs.v"],
    fitInputs: ["obs.y", ...(weights ? ["obs.w"] : [])],
    outputs: outputs.map((type, i) => ({ column: `obs.p${i}`, type })),
    params,
  });

/** @param ys SQL of each label */
async function run(estimator: string, xs: readonly (readonly (number | string)[])[], ys: readonly unknown[], wanted: Wanted = {}) {
  const { label = "double", weights, outputs = ["double"] } = wanted;
  const sql = label === "boolean" ? "BOOLEAN" : label === "bigint" ? "BIGINT" : "DOUBLE";
  const rows = xs.map((x, i) => `(${i}::BIGINT, [${x.map((value) => `${value}::DOUBLE`).join(", ")}]::DOUBLE[], ${ys[i] === null ? "NULL" : String(ys[i])}::${sql}, ${weights?.[i] ?? 1}::DOUBLE)`);
  const query = rows.length > 0 ? `SELECT * FROM (VALUES ${rows.join(", ")}) t(id, v, y, w)` : `SELECT 1::BIGINT AS id, [1]::DOUBLE[] AS v, 1::${sql} AS y, 1::DOUBLE AS w LIMIT 0`;
  const location = await world.write(`rows-${++files}.parquet`, query);
  const columns: { name: string; type: ColumnType }[] = [{ name: "v", type: "vector" }, { name: "y", type: label }, { name: "w", type: "double" }];
  const answer = await world.run({ entities: [obsEntity()], sources: [obsSource(location, columns)], stages: [modelOf(estimator, wanted)] });
  const values = await Promise.all(outputs.map((_, i) => answer.column(`obs.p${i}`)));
  return { values, model: answer.result.fits[0]!.model, messages: answer.messages };
} // prettier-ignore

const near = (found: unknown, wanted: number, digits = 6) => expect(Number(found)).toBeCloseTo(wanted, digits);

describe("LinearSVC", () => {
  const one = golden.margins.find(({ regParam, standardization, weighted }) => regParam === 0.1 && standardization && weighted)!; // prettier-ignore

  it("writes margins, both of them, and the class above the threshold", async () => {
    const params = { regParam: 0.1, maxIter: 1000, tol: 1e-9, threshold: 0.25 };
    const { values, model } = await run("LinearSVC", golden.x, golden.binary, {
      params,
      outputs: ["double", "vector", "bigint"],
      label: "bigint",
      weights: golden.weights,
    });
    golden.x.forEach((x, i) => {
      const margin = x.reduce((sum, value, j) => sum + value * one.coefficients[j]!, one.intercept);
      near(values[0]?.[i], margin, 2);
      const own = values[0]?.[i] as number;
      expect(values[1]?.[i]).toEqual([-own, own]);
      expect(values[2]?.[i]).toBe(own > 0.25 ? 1 : 0);
    });
    expect(model.terms).toMatchObject({ measure: "coefficient" });
    model.terms?.terms.forEach(({ value }, j) => near(value, one.coefficients[j]!, 3));
    expect(model.expressions["obs.p0"]).toMatch(/CASE WHEN v\[1\] IS NOT NULL/);
  });

  it("writes a yes or no where the label is one, and nothing where an input is missing", async () => {
    const { values } = await run("LinearSVC", [[-2], [-1], [1], [2], ["NULL"]], [false, false, true, true, null], {
      outputs: ["boolean"],
      label: "boolean",
    });
    expect(values[0]).toEqual([false, false, true, true, null]);
  });
});

describe("GeneralizedLinearRegression", () => {
  it.each(golden.means.filter(({ fitIntercept }) => fitIntercept).map((one) => [`${one.family}, weighted ${one.weighted}`, one] as const))(
    "writes the mean: %s",
    async (_, { family, target, weighted, coefficients, intercept }) => {
      const { values, model } = await run("GeneralizedLinearRegression", golden.x, golden[target as "binary"], {
        params: { family, maxIter: 100, tol: 1e-10, ...(family === "gamma" && { link: "log" }) },
        ...(weighted && { weights: golden.weights }),
      });
      const means: Record<string, (form: number) => number> = { gaussian: (form) => form, binomial: (form) => 1 / (1 + Math.exp(-form)) };
      golden.x.forEach((x, i) => {
        const form = x.reduce((sum, value, j) => sum + value * coefficients[j]!, intercept);
        const mean = (means[family] ?? Math.exp)(form);
        expect(Math.abs((values[0]?.[i] as number) - mean)).toBeLessThan(1e-5 * (1 + Math.abs(mean)));
      });
      expect(model.summary).toMatchObject({ family, converged: "true" });
      expect(model.terms?.terms.map(({ feature }) => feature)).toEqual(["v[0]", "v[1]", "v[2]"]);
    },
  ); // prettier-ignore

  it.each([
    ["gaussian", "inverse", (form: number) => 1 / form],
    ["gamma", "inverse", (form: number) => 1 / form],
    ["poisson", "sqrt", (form: number) => form * form],
    ["poisson", "identity", (form: number) => form],
  ] as const)("writes the mean behind link %s %s", async (family, link, mean) => {
    const { values, model } = await run("GeneralizedLinearRegression", [[1], [2], [3], [4], [5]], [1.1, 1.9, 3.2, 4.1, 5.3], { params: { family, link, maxIter: 100 } }); // prettier-ignore
    const { coefficients, intercept } = model.learned as { coefficients: number[]; intercept: number };
    [1, 2, 3, 4, 5].forEach((x, i) => near(values[0]?.[i], mean(intercept + x * coefficients[0]!), 8));
  });

  it("of family binomial takes a yes or no, and says a probability", async () => {
    const { values } = await run("GeneralizedLinearRegression", [[1], [2], [3], [4]], [false, true, false, true], {
      params: { family: "binomial", link: "cloglog" },
      label: "boolean",
    });
    for (const p of values[0] ?? []) expect(p).toBeGreaterThan(0);
    for (const p of values[0] ?? []) expect(p).toBeLessThan(1);
  });
});

describe("rows that are not in order", () => {
  const X = [[1, 5], [2, 6], [3, 1], [4, 2]]; // prettier-ignore
  const glm = (family: string, rest = {}) => ({ params: { family, ...rest } });
  const cases: [string, string, (number | string)[][], unknown[], Wanted, RegExp][] = [
    ["classes beyond two", "LinearSVC", X, [0, 1, 2, 1], { outputs: ["vector"] }, /has 3 classes, and LinearSVC tells two apart/],
    ["labels that are no classes", "LinearSVC", X, [0, 1, -1, 1], {}, /must hold class numbers/],
    ["one class", "LinearSVC", X, [1, 1, 1, 1], {}, /has only the value 1/],
    ["negative counts", "GeneralizedLinearRegression", X, [1, -2, 3, 0], glm("poisson"), /1 of 4 rows of the label obs.y are not at least 0.*Use gaussian/],
    ["a gamma of 0", "GeneralizedLinearRegression", X, [1, 0, 3, 0], glm("gamma"), /2 of 4 rows of the label obs.y are not above 0.*poisson for counts with zeros/],
    ["no share", "GeneralizedLinearRegression", X, [1, 0, 1.5, 0], glm("binomial"), /1 of 4 rows of the label obs.y are not from 0 to 1/],
    ["an infinite input", "LinearSVC", [[1], ["'inf'"], [3], [4]], [0, 1, 0, 1], {}, /1 rows of obs.v hold NaN or infinite values/],
    ["an infinite label", "GeneralizedLinearRegression", X, [1, "'inf'", 2, 3], {}, /1 rows of obs.y hold NaN or infinite values/],
    ["a label that is NaN", "GeneralizedLinearRegression", X, [1, "'nan'", 2, 3], {}, /1 rows of obs.y hold NaN or infinite values/],
    ["no rows", "LinearSVC", [], [], {}, /there is nothing to fit on: obs has no rows/],
    ["no labels", "GeneralizedLinearRegression", X, [null, null, null, null], {}, /has no value at all in the 4 rows/],
    ["a weight below 0", "GeneralizedLinearRegression", X, [1, 2, 3, 4], { weights: [1, -1, 1, 1] }, /must not be below 0/],
  ]; // prettier-ignore
  it.each(cases)("%s: %s", async (_what, estimator, x, y, wanted, message) => {
    const error: unknown = await run(estimator, x, y, wanted).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DomainError);
    expect((error as DomainError).message).toMatch(message);
  });

  it.each(["LinearSVC", "GeneralizedLinearRegression"])("%s gives a constant column 0 and shares what columns have in common", async (estimator) => {
    const x = Array.from({ length: 20 }, (_, i) => [i, 7, 2 * i]);
    const params = estimator === "LinearSVC" ? { regParam: 0.1 } : { family: "poisson" };
    const { model, messages } = await run(estimator, x, x.map(([value]) => (value! + (value! % 3) > 9 ? 1 : 0)), { params }); // prettier-ignore
    const coefficients = model.learned.coefficients as number[];
    expect(coefficients.every(Number.isFinite)).toBe(true);
    expect(coefficients[1]).toBe(0);
    near(coefficients[0]! / coefficients[2]!, 2, 3);
    expect(messages.filter((message) => message.startsWith("warn"))).toEqual([]);
  }); // prettier-ignore

  it("warn of steps that do not settle", async () => {
    const { messages } = await run("GeneralizedLinearRegression", [[1], [2], [3], [4]], [0, 0, 1, 1], {
      params: { family: "binomial", maxIter: 5 },
    });
    expect(messages.join("\n")).toMatch(/warn: Stage model stopped after 5 steps without settling/);
  });
});

describe("what is wrong before anything runs", () => {
  const check = (estimator: string, wanted: Wanted, label: ColumnType = "double") => {
    const model = modelOf(estimator, wanted);
    const types: Record<string, ColumnType> = { "obs.v": "vector", "obs.y": label };
    return [...checkStage(model), ...checkInputTypes(model, (column) => types[column])].map(({ path, message }) => `${path.join(".")}: ${message}`); // prettier-ignore
  };
  it.each<[string, Wanted, ColumnType, RegExp]>([
    ["GeneralizedLinearRegression", { params: { family: "poisson", link: "logit" } }, "double", /^params.link: family poisson .* has no link "logit"/],
    ["GeneralizedLinearRegression", { params: { family: "tweedie" } }, "double", /^params.family: .* one of gaussian, binomial, poisson, gamma/],
    ["GeneralizedLinearRegression", { params: { offsetCol: "x" } }, "double", /no parameter offsetCol/],
    ["GeneralizedLinearRegression", {}, "boolean", /^params.family: .* that is family binomial, and not gaussian/],
    ["GeneralizedLinearRegression", { outputs: ["vector"] }, "double", /writes double, not vector/],
    ["LinearSVC", { outputs: ["boolean"] }, "bigint", /its class is bigint and not boolean. A double is the margin/],
    ["LinearSVC", { params: { elasticNetParam: 1 } }, "bigint", /no parameter elasticNetParam/],
  ])("%s %j", (estimator, wanted, label, message) => {
    expect(check(estimator, wanted, label).join("\n")).toMatch(message);
  }); // prettier-ignore

  it("is a link that only Spark has", async () => {
    const [refusal] = await world.engine.unsupported([modelOf("GeneralizedLinearRegression", { params: { family: "binomial", link: "probit" } })], NO_WORLD); // prettier-ignore
    expect(refusal?.reason).toMatch(/no link probit.*Use logit/);
  });
});
