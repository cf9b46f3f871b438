import { describe, expect, test } from "vitest";
import { DomainError } from "../errors";
import { planVariants } from "./plan-variants";
import type { PlanOptions, PlanStage } from "./types";

const stage = (name: string, inputs: string, outputs: string, more: Partial<PlanStage> = {}): PlanStage => ({
  name,
  inputs: inputs.split(" ").filter(Boolean),
  outputs: outputs.split(" ").filter(Boolean),
  ...more,
});

const plan = (stages: PlanStage[], sources: string, outputs: string, options?: PlanOptions) =>
  planVariants({ stages, sources: sources.split(" "), outputs: outputs.split(" ").filter(Boolean), options });

const layers = (depth: number, cost: (layer: number, side: number) => number = () => 1) =>
  Array.from({ length: depth }, (_, i) =>
    [0, 1].map((side) => stage(`L${i + 1}${"ab"[side]!}`, `c${i}`, `c${i + 1}`, { cost: cost(i, side) })),
  ).flat();

/** Columns u and v are each other's only alternative to the source, so of the four choices one runs in a circle. */
const circle = [stage("su", "src", "u"), stage("vu", "v", "u"), stage("sv", "src", "v"), stage("uv", "u", "v")];

describe("plans", () => {
  const cases: {
    name: string;
    stages: PlanStage[];
    sources: string;
    outputs: string;
    options?: PlanOptions;
    variants: string[];
    total?: string;
    pruned?: string[];
  }[] = [
    { name: "all outputs are sources: one empty variant", stages: [], sources: "a b", outputs: "b a", variants: [""] },
    {
      name: "a source that is also produced is not produced",
      stages: [stage("p", "b", "a"), stage("q", "a", "o")],
      sources: "a b",
      outputs: "o a",
      variants: ["q"],
    },
    {
      name: "a stage without inputs runs first",
      stages: [stage("q", "a", "o"), stage("constant", "", "a")],
      sources: "s",
      outputs: "o",
      variants: ["constant q"],
    },
    {
      name: "repeated names inside a stage and a request count once",
      stages: [stage("p", "s s", "a a", { fitInputs: ["s"] })],
      sources: "s s",
      outputs: "a a",
      variants: ["p"],
    },
    {
      name: "a by-product nobody needs may collide",
      stages: [stage("p", "s", "a x"), stage("q", "s", "b x")],
      sources: "s",
      outputs: "a b",
      variants: ["p q"],
    },
    {
      name: "a by-product somebody needs must not: the other stage takes over where it can",
      stages: [stage("p", "s", "a x"), stage("q", "s", "b x"), stage("r", "s", "b")],
      sources: "s",
      outputs: "a b x",
      variants: ["p r"],
    },
    {
      name: "a choice that closes a circle is left out",
      stages: circle,
      sources: "src",
      outputs: "u v",
      variants: ["su sv", "su uv", "sv vu"],
    },
    {
      name: "a circle beside the way is a warning, not an error",
      stages: [stage("p", "b", "a"), stage("q", "a", "b"), stage("r", "s", "a")],
      sources: "s",
      outputs: "a",
      variants: ["r"],
    },
    {
      name: "execution order takes the first declared stage that is ready",
      stages: [stage("z", "b c", "o"), stage("y", "a", "c"), stage("x", "s", "a"), stage("w", "s", "b")],
      sources: "s",
      outputs: "o",
      variants: ["x y w z"],
    },
    {
      name: "pruned stages are found behind other pruned stages",
      stages: [stage("p", "s", "a"), stage("q", "m", "a"), stage("r", "n", "m"), stage("t", "n", "elsewhere")],
      sources: "s",
      outputs: "a",
      variants: ["p"],
      pruned: ["q", "r"],
    },
    {
      name: "a pin leaves one producer",
      stages: layers(2),
      sources: "c0",
      outputs: "c2",
      options: { pins: { c1: "L1b" } },
      variants: ["L1b L2a", "L1b L2b"],
    },
    {
      name: "a pinned column excludes a stage that would write it as well",
      stages: [stage("p", "s", "a x"), stage("q", "s", "x"), stage("r", "s", "a")],
      sources: "s",
      outputs: "a x",
      options: { pins: { x: "q" } },
      variants: ["q r"],
    },
    {
      name: "a pin on a column that is not needed changes nothing",
      stages: [stage("p", "s", "a x"), stage("q", "s", "x")],
      sources: "s",
      outputs: "a",
      options: { pins: { x: "q" } },
      variants: ["p"],
    },
    {
      name: "limit 0 counts only",
      stages: layers(3),
      sources: "c0",
      outputs: "c3",
      options: { limit: 0 },
      variants: [],
      total: "8",
    },
    {
      name: "cost order, ties in declaration order",
      stages: layers(2, (layer, side) => [0.2, 0.1, 0.3, 0.4][layer * 2 + side]!),
      sources: "c0",
      outputs: "c2",
      options: { order: "cost" },
      variants: ["L1b L2a", "L1a L2a", "L1b L2b", "L1a L2b"],
    },
  ];
  test.each(cases)("$name", ({ stages, sources, outputs, options, variants, total, pruned }) => {
    const result = plan(stages, sources, outputs, options);
    expect(result.variants.map((variant) => variant.stages.join(" "))).toEqual(variants);
    expect(result.total).toBe(total ?? String(variants.length));
    expect(result.pruned).toEqual(pruned ?? []);
    expect(result).not.toHaveProperty("atLeast");
  });
});

describe("errors", () => {
  const cases: {
    name: string;
    stages: PlanStage[];
    sources: string;
    outputs: string;
    options?: PlanOptions;
    context: Record<string, unknown>;
    says: RegExp;
  }[] = [
    {
      name: "duplicate names come before everything else",
      stages: [stage("z", "a", "a"), stage("y", "s", "b"), stage("z", "s", "c"), stage("y", "s", "d")],
      sources: "s",
      outputs: "",
      context: { code: "DUPLICATE_STAGE", stages: ["y", "z"] },
      says: /"y", "z" are declared more than once/,
    },
    {
      name: "no outputs come before self loops",
      stages: [stage("z", "a", "a")],
      sources: "s",
      outputs: "",
      context: { code: "NO_OUTPUTS_REQUESTED" },
      says: /No output is requested/,
    },
    {
      name: "a self loop counts even on a source and through fit inputs, in declaration order",
      stages: [stage("z", "s", "s"), stage("k", "s", "k"), stage("b", "s", "x", { fitInputs: ["x"] })],
      sources: "s",
      outputs: "nothing",
      context: { code: "SELF_LOOP", stages: ["z", "b"] },
      says: /"z", "b" read a column that it also writes/,
    },
    {
      name: "an output nobody knows",
      stages: [
        stage("p", "s", "Tokens"),
        stage("q", "s", "token_s"),
        stage("r", "s", "tokens_of"),
        stage("t", "s", "tok"),
      ],
      sources: "s",
      outputs: "tokens",
      context: {
        code: "MISSING_PRODUCER",
        missing: [{ column: "tokens", requiredBy: ["<output>"], suggestions: ["Tokens", "token_s"] }],
      },
      says: /No stage writes column "tokens", required by "<output>"\. Did you mean "Tokens", "token_s"\?/,
    },
    {
      name: "missing columns are sorted, with their readers in declaration order and the request first",
      stages: [stage("b", "zz", "o"), stage("a", "zz yy", "o"), stage("c", "zz", "unrelated")],
      sources: "s",
      outputs: "o zz",
      context: {
        code: "MISSING_PRODUCER",
        missing: [
          { column: "yy", requiredBy: ["a"], suggestions: [] },
          { column: "zz", requiredBy: ["<output>", "b", "a", "c"], suggestions: [] },
        ],
      },
      says: /No stage writes column "yy" \(and 1 more\).*Declare it as a source/,
    },
    {
      name: "a suggestion may be one substitution away, not two",
      stages: [stage("p", "s", "cot cut dog")],
      sources: "s",
      outputs: "cat",
      context: {
        code: "MISSING_PRODUCER",
        missing: [{ column: "cat", requiredBy: ["<output>"], suggestions: ["cot", "cut"] }],
      },
      says: /Did you mean "cot", "cut"/,
    },
    {
      name: "at most three suggestions, nearest first, then by name",
      stages: [stage("p", "s", "abcdef1 abcdef2 abcdef3 abcdefgh abcdeXX")],
      sources: "s",
      outputs: "abcdefg",
      context: {
        code: "MISSING_PRODUCER",
        missing: [{ column: "abcdefg", requiredBy: ["<output>"], suggestions: ["abcdef1", "abcdef2", "abcdef3"] }],
      },
      says: /Did you mean/,
    },
    {
      name: "a cycle starts at its smallest column, wherever the walk meets it",
      stages: [stage("o", "c", "out"), stage("p", "a", "c"), stage("q", "b", "a"), stage("r", "c", "b")],
      sources: "s",
      outputs: "out",
      context: { code: "CYCLE", columns: ["a", "b", "c"], stages: ["q", "r", "p"] },
      says: /Column "a" can only be made from itself, through "q", "r", "p"/,
    },
    {
      name: "stages that each write what the other must write alone",
      stages: [stage("p", "s", "a x"), stage("q", "s", "b x")],
      sources: "s",
      outputs: "a b x",
      context: { code: "NO_CONSISTENT_VARIANT" },
      says: /not all in one plan/,
    },
    {
      name: "a pin to an unknown stage",
      stages: layers(1),
      sources: "c0",
      outputs: "c1",
      options: { pins: { c1: "nobody" } },
      context: { code: "INVALID_PIN", column: "c1", stage: "nobody", unknown: "stage", suggestions: ["L1a", "L1b"] },
      says: /pinned to stage "nobody", which does not exist/,
    },
    {
      name: "a pin to a stage that writes something else",
      stages: layers(2),
      sources: "c0",
      outputs: "c2",
      options: { pins: { c1: "L2a" } },
      context: { code: "INVALID_PIN", column: "c1", stage: "L2a", unknown: "stage", suggestions: ["L1a", "L1b"] },
      says: /pinned to stage "L2a", which writes "c2". Pin it to a stage that writes it: "L1a", "L1b"/,
    },
    {
      name: "a pin of a column that nobody writes",
      stages: [stage("p", "s", "segment")],
      sources: "s",
      outputs: "segment",
      options: { pins: { segmnet: "q" } },
      context: { code: "INVALID_PIN", column: "segmnet", stage: "q", unknown: "column", suggestions: ["segment"] },
      says: /"segmnet" is pinned to stage "q", but no stage writes it. Did you mean "segment"/,
    },
    {
      name: "a pin whose column and stage do not go together",
      stages: [stage("p", "s", "segment")],
      sources: "s",
      outputs: "segment",
      options: { pins: { other: "p" } },
      context: { code: "INVALID_PIN", column: "other", stage: "p", unknown: "column", suggestions: ["segment"] },
      says: /no stage writes it. Did you mean "segment"/,
    },
    {
      name: "a pin whose stage cannot run",
      stages: [stage("p", "s", "a"), stage("q", "table", "a")],
      sources: "s",
      outputs: "a",
      options: { pins: { a: "q" } },
      context: { code: "MISSING_PRODUCER", missing: [{ column: "table", requiredBy: ["q"], suggestions: [] }] },
      says: /No stage writes column "table"/,
    },
    {
      name: "a cost below nothing",
      stages: [stage("p", "s", "a", { cost: -1 })],
      sources: "s",
      outputs: "a",
      context: { code: "INVALID_COST", stages: ["p"] },
      says: /"p" must have a finite cost of 0 or more, found -1/,
    },
    {
      name: "a limit that is no number of variants",
      stages: layers(1),
      sources: "c0",
      outputs: "c1",
      options: { limit: 1.5 },
      context: { code: "INVALID_OPTION", option: "limit" },
      says: /"limit" must be a whole number of 0 or more, found 1.5/,
    },
    {
      name: "a budget too small for the list",
      stages: layers(40),
      sources: "c0",
      outputs: "c40",
      options: { budget: 300 },
      context: { code: "BUDGET_EXCEEDED", budget: 300 },
      says: /the first 100 variants takes more than the budget of 300 work steps; \d+ were found\. Pin columns/,
    },
    {
      name: "a budget too small for the cheapest",
      stages: layers(40),
      sources: "c0",
      outputs: "c40",
      options: { budget: 5000, order: "cost", limit: 5 },
      context: { code: "BUDGET_EXCEEDED", budget: 5000 },
      says: /the 5 cheapest variants takes more than the budget of 5000 work steps\. Pin columns/,
    },
  ];
  test.each(cases)("$name", ({ stages, sources, outputs, options, context, says }) => {
    let thrown: unknown;
    try {
      plan(stages, sources, outputs, options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DomainError);
    const error = thrown as DomainError;
    expect({ code: error.code, context: error.context }).toEqual({ code: "invalid", context });
    expect(error.message).toMatch(says);
  });
});

describe("large catalogues", () => {
  test("counts beyond 2^53 exactly", () => {
    expect(plan(layers(200), "c0", "c200", { limit: 1 }).total).toBe(String(2n ** 200n));
  });

  test("counts independent choices by their product, not state by state", () => {
    const stages = Array.from({ length: 64 }, (_, i) => [
      stage(`a${i}`, `x${i}`, `o${i}`),
      stage(`b${i}`, `y${i}`, `o${i}`),
      stage(`x${i}`, "s", `x${i}`),
      stage(`y${i}`, "s", `y${i}`),
      stage(`z${i}`, "s", `y${i}`),
    ]).flat();
    const outputs = Array.from({ length: 64 }, (_, i) => `o${i}`).join(" ");
    const result = plan(stages, "s", outputs, { limit: 2 });
    expect(result.total).toBe(String(3n ** 64n));
    expect(result).not.toHaveProperty("atLeast");
  });

  test("counts a chain of circles without the choices that run in one", () => {
    const stages = Array.from({ length: 30 }, (_, i) =>
      circle
        .map((it) => ({
          name: `${it.name}${i}`,
          inputs: it.inputs.map((column) => (column === "src" ? `o${i}` : `${column}${i}`)),
          outputs: it.outputs.map((column) => `${column}${i}`),
        }))
        .concat([stage(`join${i}`, `u${i} v${i}`, `o${i + 1}`)]),
    ).flat();
    expect(plan(stages, "o0", "o30", { limit: 3 }).total).toBe(String(3n ** 30n));
  });

  test("says so when a count is a lower bound", () => {
    // Every output may be made from any of 24 shared columns with two producers each: the order of columns is wide.
    const shared = Array.from({ length: 24 }, (_, i) => [
      stage(`p${i}`, "s", `m${i}`),
      stage(`q${i}`, "s", `m${i}`),
    ]).flat();
    const users = Array.from({ length: 24 }, (_, i) =>
      Array.from({ length: 24 }, (_, j) => stage(`u${i}_${j}`, `m${j} m${(i * 7 + j) % 24}`, `o${i}`)),
    ).flat();
    const outputs = Array.from({ length: 24 }, (_, i) => `o${i}`).join(" ");
    const result = plan([...shared, ...users], "s", outputs, { limit: 2, budget: 100_000 });
    expect(result.atLeast).toBe(true);
    expect(BigInt(result.total)).toBeGreaterThan(1000n);
    expect(BigInt(result.total)).toBeLessThan(24n ** 24n * 2n ** 24n);
    expect(result.variants).toHaveLength(2);
  });

  test("finds the cheapest of 2^40 variants", () => {
    // Costs 2^layer make every variant's cost its own; b is dearer on even layers and cheaper on odd ones.
    const stages = layers(40, (layer, side) => (side === layer % 2 ? 2 ** layer : 0));
    const result = plan(stages, "c0", "c40", { order: "cost", limit: 20 });
    expect(result.total).toBe("1099511627776");
    expect(result.variants.map((variant) => variant.cost)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("lists the first of 2^40 equally cheap variants in declaration order", () => {
    const listed = plan(layers(40), "c0", "c40", { limit: 20 });
    expect(plan(layers(40), "c0", "c40", { limit: 20, order: "cost" }).variants).toEqual(listed.variants);
  });

  test.each([
    ["declared forwards", (stages: PlanStage[]) => stages],
    ["declared backwards", (stages: PlanStage[]) => [...stages].reverse()],
  ])("plans a chain of 10,000 stages, %s", (_, arrange) => {
    const chain = Array.from({ length: 10_000 }, (_, i) => stage(`s${i}`, `c${i}`, `c${i + 1}`));
    const result = plan(arrange([...chain, stage("other", "c0", "c1")]), "c0", "c10000");
    expect(result.total).toBe("2");
    expect(result.variants.map((variant) => variant.stages.length)).toEqual([10_000, 10_000]);
    expect(result.variants.some((variant) => variant.stages[0] === "other")).toBe(true);
  });

  test("plans a ring of 5,000 columns that any of two sources may feed", () => {
    const ring = Array.from({ length: 5_000 }, (_, i) => stage(`s${i}`, `c${i}`, `c${(i + 1) % 5_000}`));
    const result = plan([...ring, stage("in0", "src", "c0"), stage("in9", "src", "c9")], "src", "c20");
    // From c9 directly, or from c0 on; c0 itself is never made through the ring, which would need c9 from c8 from c0.
    expect(result.variants.map((variant) => variant.stages.length)).toEqual([21, 12]);
    expect(result.total).toBe("2");
  });

  test("columns may have any name", () => {
    const result = plan([stage("constructor", "s", "__proto__"), stage("toString", "__proto__", "o")], "s", "o");
    expect(Object.entries(result.variants[0]!.choice)).toEqual([
      ["__proto__", "constructor"],
      ["o", "toString"],
    ]);
  });
});
