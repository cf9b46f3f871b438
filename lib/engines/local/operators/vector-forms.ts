/** Vectors from vectors, without anything to fit. */
import { toNumber } from "@/lib/domain/operators/operator-params";
import { quoteNumber } from "../quote";
import {
  type LocalOperator,
  type ScoreContext,
  addUp,
  componentNames,
  doubles,
  notFiniteRows,
  stageError,
} from "./local-operator";

/** Components that products may make: each is a column. */
const MOST_COMPONENTS = 4096;

/** Divides by the p-norm; a vector of zeros stays as it is, as in Spark. */
export const normalizer: LocalOperator = {
  intermediate({ inputs, params }) {
    const xs = inputs.flatMap(doubles);
    const p = toNumber(params.p) ?? 2;
    if (xs.length === 0) return ["1e0"];
    if (p === Infinity) return [`greatest(${xs.map((x) => `abs(${x})`).join(", ")})`];
    if (p === 1) return [addUp(xs.map((x) => `abs(${x})`))];
    if (p === 2) return [`sqrt(${addUp(xs.map((x) => `${x} * ${x}`))})`];
    return [`pow(${addUp(xs.map((x) => `pow(abs(${x}), ${quoteNumber(p)})`))}, ${quoteNumber(1 / p)})`];
  },
  score: ({ inputs, values }) => [
    {
      components: inputs
        .flatMap(doubles)
        .map((x) => `${x} / CASE WHEN ${values[0]} = 0 THEN 1e0 ELSE ${values[0]} END`),
    },
  ],
  components: ({ inputs }) => [componentNames(inputs)],
  invalid: ({ inputs }) => notFiniteRows(inputs),
};

/** The components of every product in Spark's order: by the power of the last component, then of those before it. */
function productsOf(size: number, degree: number): number[][] {
  const products: number[][] = [];
  const expand = (last: number, left: number, factors: number[]) => {
    if (left === 0 || last < 0) {
      products.push(factors);
      return;
    }
    for (let power = 0; power <= left; power++)
      expand(last - 1, left - power, [...factors, ...new Array<number>(power).fill(last)]);
  };
  expand(size - 1, degree, []);
  return products.slice(1);
}

/** Number of products of up to `degree` of `size` components, without the empty one. */
function countProducts(size: number, degree: number): number {
  let count = 1;
  for (let i = 1; i <= degree; i++) count = (count * (size + i)) / i;
  return Math.round(count) - 1;
}

function assertSize({ stage }: Pick<ScoreContext, "stage">, count: number): void {
  if (count <= MOST_COMPONENTS) return;
  throw stageError(
    stage,
    `the products are ${count.toLocaleString("en")} components, and the local engine makes at most ${MOST_COMPONENTS}. Take fewer inputs with a VectorSlicer.`,
    { path: ["inputs"], expected: `at most ${MOST_COMPONENTS}`, found: String(count) },
  );
}

export const polynomialExpansion: LocalOperator = {
  score(context) {
    const xs = context.inputs.flatMap(doubles);
    const degree = Number(context.params.degree);
    assertSize(context, countProducts(xs.length, degree));
    return [{ components: productsOf(xs.length, degree).map((factors) => factors.map((i) => xs[i]).join(" * ")) }];
  },
  components({ inputs, params }) {
    const names = componentNames(inputs);
    return [productsOf(names.length, Number(params.degree)).map((factors) => factors.map((i) => names[i]).join(" × "))];
  },
  invalid: ({ inputs }) => notFiniteRows(inputs),
};

/** Every combination of one item of each list, the last list fastest. */
function combine(lists: string[][]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((items) => list.map((item) => [...items, item])), [[]]);
}

export const interaction: LocalOperator = {
  score(context) {
    const lists = context.inputs.map(doubles);
    assertSize(
      context,
      lists.reduce((count, list) => count * list.length, 1),
    );
    return [{ components: combine(lists).map((factors) => factors.join(" * ")) }];
  },
  components: ({ inputs }) => [
    combine(inputs.map((input) => componentNames([input]))).map((names) => names.join(" × ")),
  ],
  invalid: ({ inputs }) => notFiniteRows(inputs),
};

export const vectorSlicer: LocalOperator = {
  score({ stage, inputs, params }) {
    const xs = inputs.flatMap(doubles);
    const indices = params.indices as number[];
    const beyond = indices.find((i) => i >= xs.length);
    if (beyond !== undefined)
      throw stageError(
        stage,
        `${inputs[0]?.column} has ${xs.length} components, from 0 to ${xs.length - 1}, and none at ${beyond}.`,
        {
          path: ["params", "indices"],
          expected: `positions below ${xs.length}`,
          found: String(beyond),
        },
      );
    return [{ components: indices.map((i) => xs[i] as string) }];
  },
  components({ inputs, params }) {
    const names = componentNames(inputs);
    return [(params.indices as number[]).map((i) => names[i] ?? String(i))];
  },
  finite: ({ inputs }) => inputs.every(({ finite }) => finite),
};
