import { describe, expect, it } from "vitest";
import golden from "@/test/fixtures/kernels/scikit-learn-margins-and-means.json";
import { solveSymmetric } from "../operators/solve-symmetric";
import { BLOCK, runToEnd } from "./kernel";
import { denseDesign, momentsOf } from "./design";
import { type Family, fitGeneralizedLinear, type GlmRules, type Link } from "./generalized-linear";
import { fitSupportVectors } from "./support-vectors";

const designOf = (rows: readonly (readonly number[])[]) =>
  denseDesign(Array.from({ length: rows[0]?.length ?? 0 }, (_, j) => Float64Array.from(rows, (row) => row[j] ?? 0)), rows.length); // prettier-ignore
const near = (found: number | undefined, wanted: number, digits = 6) => expect(found).toBeCloseTo(wanted, digits);

const MARGIN = {
  regParam: 0,
  elasticNetParam: 0,
  fitIntercept: true,
  standardization: true,
  maxIter: 1000,
  tol: 1e-10,
};
const GLM: GlmRules = { family: "gaussian", link: "identity", fitIntercept: true, regParam: 0, maxIter: 100, tol: 1e-10 }; // prettier-ignore

/** The mean hinge with the penalty, of coefficients in the units of the columns. */
function objectiveOf(one: Pick<(typeof golden.margins)[number], "regParam" | "standardization" | "weighted" | "coefficients" | "intercept">): number {
  const weights = one.weighted ? Float64Array.from(golden.weights) : null;
  const { std, weight } = momentsOf(designOf(golden.x), weights, BLOCK);
  const hinge = golden.x.reduce((sum, x, i) => {
    const form = x.reduce((total, value, j) => total + value * one.coefficients[j]!, one.intercept);
    return sum + (weights?.[i] ?? 1) * Math.max(0, 1 - (golden.binary[i] === 1 ? form : -form));
  }, 0);
  const scale = (j: number) => (one.standardization ? std[j]! : 1);
  return hinge / weight + (one.regParam / 2) * one.coefficients.reduce((sum, b, j) => sum + (b * scale(j)) ** 2, 0);
} // prettier-ignore

describe("a linear support vector machine", () => {
  it.each(golden.margins.map((one) => [JSON.stringify({ ...one, coefficients: undefined }), one] as const))(
    "has scikit-learn's objective: %s",
    (_, one) => {
      const weights = one.weighted ? Float64Array.from(golden.weights) : null;
      const rules = { ...MARGIN, regParam: one.regParam, standardization: one.standardization, fitIntercept: one.fitIntercept }; // prettier-ignore
      const fit = runToEnd(fitSupportVectors(designOf(golden.x), Float64Array.from(golden.binary), weights, rules, solveSymmetric)); // prettier-ignore
      expect(fit.converged).toBe(true);
      near(objectiveOf(one), one.objective);
      const own = objectiveOf({ ...one, coefficients: fit.coefficients[0]!, intercept: fit.intercepts[0]! });
      expect(own - one.objective).toBeLessThan(1e-5);
      expect(own - one.objective).toBeGreaterThan(-1e-5);
    },
  );

  // Two points at −1 and 1: the mean hinge is 1 − b up to b = 1, and the penalty λ/2 · b², so that b = min(1, 1 / λ).
  it.each([
    [0.5, 1],
    [2, 0.5],
    [4, 0.25],
  ])("of two points with regParam %d has the coefficient %d", (regParam, b) => {
    const fit = runToEnd(fitSupportVectors(designOf([[-1], [1]]), Float64Array.of(0, 1), null, { ...MARGIN, regParam, standardization: false }, solveSymmetric)); // prettier-ignore
    near(fit.coefficients[0]?.[0], b, 3);
    near(fit.intercepts[0], 0, 3);
  });

  it("counts a row of weight 3 as three rows", () => {
    const x = [[1], [2], [4], [3], [7]];
    const y = [0, 1, 0, 1, 1];
    const rules = { ...MARGIN, regParam: 0.2, standardization: false };
    const weighted = runToEnd(fitSupportVectors(designOf(x), Float64Array.from(y), Float64Array.of(1, 1, 3, 1, 1), rules, solveSymmetric)); // prettier-ignore
    const repeated = runToEnd(fitSupportVectors(designOf([...x, [4], [4]]), Float64Array.from([...y, 0, 0]), null, rules, solveSymmetric)); // prettier-ignore
    near(weighted.loss, repeated.loss, 5);
    near(weighted.coefficients[0]?.[0], repeated.coefficients[0]![0]!, 4);
  });

  it.each<[string, number[][]]>([
    ["a constant column", [[1, 5], [2, 5], [3, 5], [4, 5]]],
    ["a column that another one says", [[1, 2], [2, 4], [3, 6], [4, 8]]],
  ])("of %s is finite and tells the rows apart", (_, x) => {
    const fit = runToEnd(fitSupportVectors(designOf(x), Float64Array.of(0, 0, 1, 1), null, MARGIN, solveSymmetric));
    expect([...fit.coefficients[0]!, ...fit.intercepts].every(Number.isFinite)).toBe(true);
    near(fit.loss, 0, 4);
    x.forEach((row, i) => expect(row.reduce((sum, value, j) => sum + value * fit.coefficients[0]![j]!, fit.intercepts[0]!) > 0).toBe(i > 1)); // prettier-ignore
  }); // prettier-ignore

  it("of more columns than Newton's method takes has the same objective", () => {
    const wide = golden.x.map((row) => [...row, ...Array.from({ length: 70 }, () => 0)]);
    const rules = { ...MARGIN, regParam: 0.1, maxIter: 10_000, tol: 1e-8 };
    const of = (x: number[][]) => runToEnd(fitSupportVectors(designOf(x), Float64Array.from(golden.binary), null, rules, solveSymmetric)); // prettier-ignore
    const [few, many] = [of(golden.x), of(wide)];
    const value = ({ coefficients, intercepts }: typeof few) => objectiveOf({ regParam: 0.1, standardization: true, weighted: false, coefficients: coefficients[0]!.slice(0, 3), intercept: intercepts[0]! }); // prettier-ignore
    near(value(many), value(few), 4);
  });
});

const glm = (x: number[][], y: number[], rules: Partial<GlmRules>, weights: number[] | null = null) =>
  runToEnd(fitGeneralizedLinear(designOf(x), Float64Array.from(y), weights && Float64Array.from(weights), { ...GLM, ...rules }, solveSymmetric)); // prettier-ignore

describe("a generalized linear model", () => {
  it.each(
    golden.means.map((one) => [`${one.family} ${one.link}, intercept ${one.fitIntercept}, weighted ${one.weighted}`, one] as const), // prettier-ignore
  )("has scikit-learn's coefficients: %s", (_, one) => {
    const y = golden[one.target as "binary"];
    const fit = glm(golden.x, y, { family: one.family as Family, link: one.link as Link, fitIntercept: one.fitIntercept }, one.weighted ? golden.weights : null); // prettier-ignore
    expect(fit.converged).toBe(true);
    one.coefficients.forEach((b, j) => near(fit.coefficients[0]?.[j], b));
    near(fit.intercepts[0], one.intercept, 5);
  });

  // R's glm, on the data of its documentation: Dobson (1990), p. 93, and McCullagh and Nelder (1989), pp. 300 to 302.
  it("of counts has what R publishes of Dobson's trial", () => {
    const counts = [18, 17, 15, 20, 10, 20, 25, 13, 12];
    const x = counts.map((_, i) => [Number(i % 3 === 1), Number(i % 3 === 2), Number(i >= 3 && i < 6), Number(i >= 6)]);
    const fit = glm(x, counts, { family: "poisson", link: "log" });
    near(fit.intercepts[0], 3.0445224377, 8);
    [-0.4542552722, -0.2929871246, 0, 0].forEach((b, j) => near(fit.coefficients[0]?.[j], b, 8));
    near(fit.deviance, 5.12914107700, 8);
    near(fit.nullDeviance, 10.581445, 5);
  }); // prettier-ignore

  it.each([
    ["lot 1", [118, 58, 42, 35, 27, 25, 21, 19, 18], -0.01655438, 0.01534311, 0.01672967],
    ["lot 2", [69, 35, 26, 21, 18, 16, 13, 12, 12], -0.02390848, 0.02359923, 0.01267176],
  ])("of clotting times has what R publishes: %s", (_, times, intercept, b, deviance) => {
    const x = [5, 10, 15, 20, 30, 40, 60, 80, 100].map((u) => [Math.log(u)]);
    const fit = glm(x, times, { family: "gamma", link: "inverse" });
    near(fit.intercepts[0], intercept, 7);
    near(fit.coefficients[0]?.[0], b, 7);
    near(fit.deviance, deviance, 7);
  });

  // At a fixed point the step's own equations hold: Σw(z − form)·x / Σw = regParam · b, and of the intercept 0.
  it.each<[Family, Link, "counts" | "times" | "binary" | "number"]>([
    ["poisson", "log", "counts"],
    ["poisson", "sqrt", "counts"],
    ["gamma", "log", "times"],
    ["binomial", "logit", "binary"],
    ["binomial", "cloglog", "binary"],
  ])("with a penalty solves the equations of its last step: %s %s", (family, link, target) => {
    const x = golden.x.map(([a, b, c]) => [a! / 10, b! / 300, c! / 10]);
    const y = golden[target];
    const fit = glm(x, y, { family, link, regParam: 0.3 });
    const { g, v, mean } = WAYS[`${family} ${link}`]!;
    const sums = [0, 0, 0, 0];
    let total = 0;
    x.forEach((row, i) => {
      const form = row.reduce((sum, value, j) => sum + value * fit.coefficients[0]![j]!, fit.intercepts[0]!);
      const m = mean(form);
      const w = 1 / (g(m) ** 2 * v(m));
      total += w;
      [...row, 1].forEach((value, j) => (sums[j]! += w * (y[i]! - m) * g(m) * value));
    });
    expect(fit.converged).toBe(true);
    [...fit.coefficients[0]!, 0].forEach((b, j) => near(sums[j]! / total, 0.3 * b, 7));
  });

  it("of gaussian and identity has the penalty of standardised columns and label", () => {
    // One column: b = cov / (var + λ·sd(x)² / sd(y)), with the spreads of all rows.
    const x = [[1], [2], [4], [7]];
    const y = [2, 3, 7, 12];
    const moment = (of: (i: number) => number) => x.reduce((sum, _, i) => sum + of(i), 0) / 4;
    const [mx, my] = [moment((i) => x[i]![0]!), moment((i) => y[i]!)];
    const vx = moment((i) => (x[i]![0]! - mx) ** 2);
    const sy = Math.sqrt(moment((i) => (y[i]! - my) ** 2));
    const cov = moment((i) => (x[i]![0]! - mx) * (y[i]! - my));
    const fit = glm(x, y, { regParam: 0.5 });
    near(fit.coefficients[0]?.[0], cov / (vx + (0.5 / sy) * vx), 10);
    near(fit.deviance, x.reduce((sum, row, i) => sum + (y[i]! - fit.intercepts[0]! - row[0]! * fit.coefficients[0]![0]!) ** 2, 0), 8); // prettier-ignore
  });

  it("of a constant column and of one that another says is finite, and predicts the same", () => {
    const x = golden.x.map(([a]) => [a!]);
    const plain = glm(x, golden.counts, { family: "poisson", link: "log" });
    const doubled = glm(x.map(([a]) => [a!, 2 * a!, 7]), golden.counts, { family: "poisson", link: "log" }); // prettier-ignore
    near(doubled.coefficients[0]![0]! + 2 * doubled.coefficients[0]![1]!, plain.coefficients[0]![0]!, 6);
    expect(doubled.coefficients[0]?.[2]).toBe(0);
    near(doubled.deviance, plain.deviance, 6);
  });

  it("counts a row of weight 2 as two rows", () => {
    const [x, y] = [[[1], [2], [3], [5]], [1, 0, 2, 4]]; // prettier-ignore
    const weighted = glm(x, y, { family: "poisson", link: "log" }, [1, 1, 2, 1]);
    const repeated = glm([...x, [3]], [...y, 2], { family: "poisson", link: "log" });
    near(weighted.coefficients[0]?.[0], repeated.coefficients[0]![0]!, 8);
    near(weighted.deviance, repeated.deviance, 8);
  });
});

/** Derivative of the link by the mean, variance and mean of a form, written anew from their definitions. */
const WAYS: Record<string, { g(m: number): number; v(m: number): number; mean(form: number): number }> = {
  "poisson log": { g: (m) => 1 / m, v: (m) => m, mean: Math.exp },
  "poisson sqrt": { g: (m) => 0.5 / Math.sqrt(m), v: (m) => m, mean: (form) => form ** 2 },
  "gamma log": { g: (m) => 1 / m, v: (m) => m ** 2, mean: Math.exp },
  "binomial logit": { g: (m) => 1 / (m - m * m), v: (m) => m - m * m, mean: (form) => 1 / (1 + Math.exp(-form)) },
  "binomial cloglog": { g: (m) => -1 / ((1 - m) * Math.log(1 - m)), v: (m) => m - m * m, mean: (form) => 1 - Math.exp(-Math.exp(form)) },
}; // prettier-ignore
