import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { CONSUMER, type ReasonCode, VERDICTS } from "./codes";
import { explainVerdict } from "./explain-verdict";
import { createLeakageJudge, judgeLeakage, type EstimatorVerdict } from "./judge-leakage";
import { suggestFixes } from "./suggest-fixes";
import type {
  Box,
  Consumer,
  DatasetFacts,
  EstimatorFit,
  LeakageInput,
  Measurement,
  RowSet,
  SplitPolicy,
  TimeWindow,
  Transformer,
} from "./types";

vi.setConfig({ testTimeout: 60_000 });

/*
 * Small worlds: a few customers in households over six days, in two versions of two tables, with policies of every kind.
 * Rows are concrete, so a verdict can be held against what it claims.
 */
const DAYS = 6;
const CUSTOMERS = 4;
const day = (index: number) => `2024-01-0${index + 1}`;

interface Row {
  customer: number;
  household: number;
  /** Index of a day. */
  ts: number;
  /** A second time column. */
  paid: number;
}

interface World {
  datasets: Record<string, DatasetFacts>;
  policies: Record<string, SplitPolicy>;
  /** By `dataset@version`. */
  rows: Record<string, Row[]>;
  /** By hash policy: the bucket of each customer and each household. */
  buckets: Record<string, number[]>;
  /** By random policy: a part for each row position, drawn twice; a materialised policy uses the first only. */
  draws: Record<string, [number[], number[]]>;
}

const row: fc.Arbitrary<Row> = fc.record({
  customer: fc.nat({ max: CUSTOMERS - 1 }),
  household: fc.nat({ max: 1 }),
  ts: fc.nat({ max: DAYS - 1 }),
  paid: fc.nat({ max: DAYS - 1 }),
});

const window: fc.Arbitrary<TimeWindow> = fc
  .tuple(fc.option(fc.nat({ max: DAYS - 1 })), fc.option(fc.nat({ max: DAYS - 1 })))
  .map(([from, to]) => [from === null ? null : day(from), to === null ? null : day(to)]);

const hashPolicy = (key: string, salt: string): fc.Arbitrary<SplitPolicy> =>
  fc.integer({ min: 0, max: 4 }).map((cut) => ({
    type: "hash",
    algo: "md5-32",
    key,
    salt,
    buckets: 4,
    parts: { train: [[0, cut]], test: [[cut, 4]], everything: [[0, 4]] },
  }));

const timePolicy = (column: string): fc.Arbitrary<SplitPolicy> =>
  fc.nat({ max: DAYS - 1 }).map((cut) => ({
    type: "time",
    column,
    parts: { train: [null, day(cut)], test: [day(cut), null], everything: [null, null] },
  }));

const randomPolicy = (materialized: boolean): SplitPolicy => ({
  type: "random",
  seed: 1,
  fractions: [0.4, 0.4, 0.2],
  materialized,
  parts: ["train", "test", "everything"],
});

const drawing = fc.array(fc.nat({ max: 1 }), { minLength: 12, maxLength: 12 });

const world: fc.Arbitrary<World> = fc
  .record({
    first: fc.array(row, { minLength: 1, maxLength: 6 }),
    added: fc.array(row, { maxLength: 6 }),
    replaced: fc.array(row, { minLength: 1, maxLength: 6 }),
    policies: fc.record({
      H: hashPolicy("customer", "a"),
      sameH: hashPolicy("customer", "a"),
      otherSalt: hashPolicy("customer", "b"),
      byHousehold: hashPolicy("household", "a"),
      T: timePolicy("ts"),
      byPaid: timePolicy("paid"),
      R: fc.constant(randomPolicy(true)),
      otherR: fc.constant(randomPolicy(true)),
      spark: fc.constant(randomPolicy(false)),
    }),
    buckets: fc.record({
      a: fc.array(fc.nat({ max: 3 }), { minLength: CUSTOMERS, maxLength: CUSTOMERS }),
      b: fc.array(fc.nat({ max: 3 }), { minLength: CUSTOMERS, maxLength: CUSTOMERS }),
    }),
    draws: fc.record({
      R: fc.tuple(drawing, drawing),
      otherR: fc.tuple(drawing, drawing),
      spark: fc.tuple(drawing, drawing),
    }),
    rowKey: fc.constantFrom(["customer", "ts"], ["customer", "household", "ts", "paid"]),
  })
  .map(({ first, added, replaced, policies, buckets, draws, rowKey }) => {
    const columns = ["customer", "household", "ts", "paid"];
    const grown = [...first, ...added];
    const facts = { columns, rowKey: uniqueKey(first) && uniqueKey(grown) ? rowKey : columns, timeColumn: "ts" };
    return {
      datasets: {
        sales: { ...facts, appendOnly: true, versions: { 1: { time: range(first) }, 2: { time: range(grown) } } },
        stock: {
          columns: ["customer", "ts", "paid"],
          rowKey: ["customer", "ts", "paid"],
          timeColumn: "ts",
          appendOnly: false,
          versions: { 1: { time: range(replaced) }, 2: {} },
        },
      },
      policies,
      rows: { "sales@1": first, "sales@2": grown, "stock@1": replaced, "stock@2": first },
      buckets: { H: buckets.a, sameH: buckets.a, otherSalt: buckets.b, byHousehold: buckets.a },
      draws,
    };
  });

/** Whether customer and day tell the rows apart, so that they may be declared the row key. */
function uniqueKey(rows: Row[]): boolean {
  return new Set(rows.map(({ customer, ts }) => `${customer} ${ts}`)).size === rows.length;
}

function range(rows: Row[]): TimeWindow {
  const days = rows.map(({ ts }) => ts);
  return [day(Math.min(...days)), day(Math.max(...days) + 1)];
}

const box: fc.Arbitrary<Box> = fc
  .record({
    dataset: fc.constantFrom("sales", "sales", "sales", "stock"),
    version: fc.constantFrom("1", "2"),
    split: fc.option(
      fc.record({
        policy: fc.constantFrom("H", "sameH", "otherSalt", "byHousehold", "T", "byPaid", "R", "otherR", "spark"),
        parts: fc.constantFrom(["train"], ["test"], ["train", "test"], ["everything"]),
      }),
    ),
    time: fc.option(window),
    keys: fc.option(
      fc.record({
        column: fc.constantFrom("customer", "household"),
        range: fc.tuple(fc.option(fc.nat({ max: CUSTOMERS })), fc.option(fc.nat({ max: CUSTOMERS }))),
      }),
      { freq: 2 },
    ),
  })
  .map(({ split, time, keys, ...rest }) => ({
    ...rest,
    ...(split && { split }),
    ...(time && { time }),
    ...(keys && { keys }),
  }));

/** Two boxes that are often of one version and one policy, as fits and tests are. */
const pair: fc.Arbitrary<[Box, Box]> = fc.tuple(box, box, fc.boolean()).map(([fit, test, related]) => {
  if (!related || !fit.split) return [fit, test];
  const { dataset, version, split } = fit;
  return [fit, { ...test, dataset, version, split: { policy: split.policy, parts: test.split?.parts ?? ["test"] } }];
});

const rowSet = fc.array(box, { minLength: 1, maxLength: 2 });
const unit = fc.constantFrom(
  ["customer"],
  ["household"],
  ["ts"],
  ["customer", "ts"],
  ["household", "paid"],
  ["customer", "household", "ts", "paid"],
);

/** The rows a row-set stands for. A policy that is not materialised is drawn anew by each side. */
function evaluate({ rows, policies, buckets, draws }: World, boxes: RowSet, side: 0 | 1): Row[] {
  return boxes.flatMap(({ dataset, version, split, time, keys }) =>
    (rows[`${dataset}@${version}`] ?? []).filter((item, position) => {
      const inWindow = (index: number, [from, to]: TimeWindow) =>
        (from === null || day(index) >= from) && (to === null || day(index) < to);
      if (time && !inWindow(item.ts, time)) return false;
      if (keys) {
        const value = item[keys.column as "customer" | "household"];
        const [low, high] = keys.range as [number | null, number | null];
        if ((low !== null && value < low) || (high !== null && value >= high)) return false;
      }
      if (!split) return true;
      const policy = policies[split.policy]!;
      switch (policy.type) {
        case "time":
          return split.parts.some((part) => inWindow(item[policy.column as "ts" | "paid"], policy.parts[part]!));
        case "hash": {
          const bucket = buckets[split.policy]![item[policy.key as "customer" | "household"]]!;
          return split.parts.some((part) => policy.parts[part]!.some(([low, high]) => low <= bucket && bucket < high));
        }
        case "random": {
          const draw = draws[split.policy]![policy.materialized ? 0 : side];
          return split.parts.includes(policy.parts[draw[position]!]!);
        }
      }
    }),
  );
}

const unitsOf = (rows: Row[], columns: readonly string[]) =>
  new Set(rows.map((item) => columns.map((column) => item[column as keyof Row]).join()));

const baseInput = (
  { datasets, policies }: Pick<World, "datasets" | "policies">,
  consumer: Pick<Consumer, "unit" | "test"> & Partial<Consumer>,
  fits: EstimatorFit["fit"][],
): LeakageInput => ({
  datasets,
  policies,
  estimators: fits.map((fit, index) => ({
    id: `e${index}`,
    class: "statistic",
    inputs: ["amount"],
    fitInputs: [],
    outputs: [`e${index}_out`],
    fit,
  })),
  transformers: [],
  consumer: { features: fits.map((_, index) => `e${index}_out`), train: [], ...consumer },
  measurements: [],
});

describe("simulated row by row", () => {
  it("safe never shares a unit; FIT_COVERS_TEST always does when there are test rows", () => {
    const seen = new Set<ReasonCode>();
    fc.assert(
      fc.property(world, pair, unit, (small, [fit, test], columns) => {
        const { verdict, reasons } = judgeLeakage(baseInput(small, { unit: columns, test: [test] }, [[fit]]));
        reasons.forEach((reason) => seen.add(reason));
        const fitUnits = unitsOf(evaluate(small, [fit], 0), columns);
        const testRows = evaluate(small, [test], 1);
        const testUnits = unitsOf(testRows, columns);
        const shared = [...testUnits].filter((value) => fitUnits.has(value));
        if (verdict === "safe") expect(shared).toEqual([]);
        if (reasons.includes("FIT_COVERS_TEST")) expect(shared).toEqual([...testUnits]);
      }),
      { numRuns: 8_000, seed: 7 },
    );
    expect([...seen].sort()).toEqual([
      "CROSS_DATASET",
      "DISJOINT_HASH",
      "DISJOINT_KEYS",
      "DISJOINT_SPLIT",
      "DISJOINT_TIME",
      "EMPTY_ROWSET",
      "FIT_COVERS_TEST",
      "FIT_OVERLAPS_TEST",
      "HASH_MISMATCH",
      "NONDETERMINISTIC_SPLIT",
      "NO_COMMON_KEY",
      "SPLIT_INCOMPARABLE",
      "UNIT_NOT_DETERMINED",
      "VERSION_DRIFT",
    ]);
  });

  it("safe never shares a unit between the consumer's own rows; FIT_COVERS_TEST always does", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(world, pair, unit, (small, [train, test], columns) => {
        const answer = judgeLeakage(baseInput(small, { unit: columns, train: [train], test: [test] }, []));
        const own = answer.perEstimator[CONSUMER];
        seen.add(answer.verdict);
        expect([answer.verdict, answer.severity]).toEqual(
          own ? [own.verdict, own.verdict === "leak" ? "critical" : "review"] : ["safe", "none"],
        );
        const trainUnits = unitsOf(evaluate(small, [train], 0), columns);
        const testUnits = unitsOf(evaluate(small, [test], 1), columns);
        const shared = [...testUnits].filter((value) => trainUnits.has(value));
        if (answer.verdict === "safe") expect(shared).toEqual([]);
        if (answer.reasons.includes("FIT_COVERS_TEST")) expect(shared).toEqual([...testUnits]);
      }),
      { numRuns: 4_000, seed: 7 },
    );
    expect([...seen].sort()).toEqual(["leak", "safe", "unknown"]);
  });

  it("the consumer's own rows are judged as a supervised estimator upstream would be", () => {
    fc.assert(
      fc.property(world, fc.oneof(fc.constant(null), rowSet), rowSet, unit, (small, train, test, columns) => {
        const asConsumer = judgeLeakage(baseInput(small, { unit: columns, train, test }, []));
        const upstream = baseInput(small, { unit: columns, test }, [train]);
        upstream.estimators = upstream.estimators.map((estimator) => ({ ...estimator, class: "supervised" }));
        const { perEstimator, ...asEstimator } = judgeLeakage(upstream);
        if (asEstimator.verdict === "safe") {
          expect(asConsumer).toMatchObject({ verdict: "safe", reasons: ["NO_FIT_PROVENANCE"], perEstimator: {} });
        } else expect(asConsumer).toEqual({ ...asEstimator, perEstimator: { [CONSUMER]: perEstimator.e0 } });
      }),
      { numRuns: 2_000 },
    );
  });

  it("safe never shares a unit, for unions of boxes", () => {
    fc.assert(
      fc.property(world, rowSet, rowSet, unit, (small, fit, test, columns) => {
        const { verdict } = judgeLeakage(baseInput(small, { unit: columns, test }, [fit]));
        fc.pre(verdict === "safe");
        const fitUnits = unitsOf(evaluate(small, fit, 0), columns);
        const testUnits = unitsOf(evaluate(small, test, 1), columns);
        expect([...testUnits].filter((value) => fitUnits.has(value))).toEqual([]);
      }),
      { numRuns: 3_000, maxSkipsPerRun: 100 },
    );
  });
});

const estimatorClass = fc.constantFrom("statistic", "unsupervised", "selection", "supervised" as const);

const fit: fc.Arbitrary<EstimatorFit["fit"]> = fc.oneof(
  { weight: 6, arbitrary: rowSet },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.boolean().map((attested) => ({ external: true as const, attested })) },
);

const measurementOf = (estimator: string): fc.Arbitrary<Measurement> =>
  fc.oneof(
    fc.record({
      estimator: fc.constant(estimator),
      method: fc.constant("exact" as const),
      intersection: fc.nat({ max: 1 }),
    }),
    fc.record({
      estimator: fc.constant(estimator),
      method: fc.constant("bloom" as const),
      queries: fc.constant(100),
      hits: fc.constantFrom(0, 1, 60),
      fpr: fc.constant(0.01),
    }),
    fc.record({
      estimator: fc.constant(estimator),
      method: fc.constant("theta" as const),
      common: fc.nat({ max: 1 }),
      exact: fc.boolean(),
    }),
    fc.record({
      estimator: fc.constant(estimator),
      method: fc.constant("hll" as const),
      lowerBound: fc.constantFrom(-2, 3),
    }),
  );

const input: fc.Arbitrary<LeakageInput> = fc
  .record({
    small: world,
    fits: fc.array(fc.record({ fit, class: estimatorClass, oof: fc.boolean(), labelHorizonDays: fc.nat({ max: 3 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    unit,
    train: fc.oneof({ weight: 8, arbitrary: rowSet }, fc.constant(null), fc.constant([])),
    test: rowSet,
    temporal: fc.boolean(),
    testUnits: fc.option(fc.constantFrom(1, 1000), { nil: undefined }),
    measurements: fc.array(
      fc.nat({ max: 2 }).chain((index) => measurementOf(`e${index}`)),
      { maxLength: 2 },
    ),
  })
  .map(({ small, fits, measurements, ...consumer }) => {
    const bare = baseInput(
      small,
      consumer,
      fits.map((item) => item.fit),
    );
    return {
      ...bare,
      measurements,
      estimators: bare.estimators.map((estimator, index) => ({ ...estimator, ...fits[index], id: estimator.id })),
    };
  });

const isUncovered = (before: EstimatorVerdict, after: EstimatorVerdict | undefined) =>
  before.reasons.join() === "FIT_OVERLAPS_TEST" && after?.reasons.join() === "TEMPORAL_UNDECIDED";

const badness = (verdict: (typeof VERDICTS)[number]) => VERDICTS.indexOf(verdict);

describe("laws", () => {
  it("a further estimator upstream never improves the verdict", () => {
    fc.assert(
      fc.property(input, fit, estimatorClass, fc.boolean(), (given, more, kind, throughFitInputs) => {
        const added: EstimatorFit = {
          id: "added",
          class: kind,
          inputs: ["amount"],
          fitInputs: [],
          outputs: ["added_out"],
          fit: more,
        };
        const [first, ...others] = given.estimators;
        const fed: EstimatorFit = throughFitInputs
          ? { ...first!, fitInputs: ["added_out"] }
          : { ...first!, inputs: ["added_out"] };
        const grown = { ...given, estimators: [fed, ...others, added] };
        const after = judgeLeakage(grown);
        expect(after.perEstimator).toHaveProperty("added");
        expect(badness(after.verdict)).toBeGreaterThanOrEqual(badness(judgeLeakage(given).verdict));
      }),
      { numRuns: 1_500 },
    );
  });

  it("a further fit box never improves the verdict", () => {
    fc.assert(
      fc.property(input, box, (given, more) => {
        const [first, ...others] = given.estimators;
        const boxes = first?.fit;
        fc.pre(Array.isArray(boxes));
        const grown = { ...given, estimators: [{ ...first!, fit: [...(boxes as Box[]), more] }, ...others] };
        expect(badness(judgeLeakage(grown).verdict)).toBeGreaterThanOrEqual(badness(judgeLeakage(given).verdict));
      }),
      { numRuns: 1_500, maxSkipsPerRun: 100 },
    );
  });

  it("adding test rows, or any others, to the consumer's own rows never improves the verdict", () => {
    fc.assert(
      fc.property(input, fc.array(box, { maxLength: 1 }), (given, others) => {
        const { train, test } = given.consumer;
        fc.pre(train !== null);
        const grow = (more: RowSet) =>
          judgeLeakage({ ...given, consumer: { ...given.consumer, train: [...(train ?? []), ...more] } });
        const before = badness(judgeLeakage(given).verdict);
        expect(badness(grow(others).verdict)).toBeGreaterThanOrEqual(before);
        expect(badness(grow(test).verdict)).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 3_000, maxSkipsPerRun: 100 },
    );
  });

  it("a measurement never turns a decided verdict into unknown", () => {
    let settled = 0;
    fc.assert(
      fc.property(
        input,
        fc.nat({ max: 2 }).chain((index) => measurementOf(`e${index}`)),
        (given, measurement) => {
          const before = judgeLeakage({ ...given, measurements: [] });
          const after = judgeLeakage({ ...given, measurements: [measurement] });
          for (const [id, one] of Object.entries(before.perEstimator)) {
            const other = after.perEstimator[id];
            if (id === measurement.estimator && one.verdict === "unknown" && other?.verdict !== "unknown") settled += 1;
            // Refuting an assumed overlap uncovers what no measurement of rows can settle.
            if (one.verdict === "unknown" || isUncovered(one, other)) continue;
            expect(other?.verdict).not.toBe("unknown");
          }
          if (before.verdict === "safe") expect(after.verdict).toBe("safe");
        },
      ),
      { numRuns: 3_000 },
    );
    expect(settled).toBeGreaterThan(0);
  });

  it("a measurement removes no temporal finding", () => {
    const temporal = ["LOOKAHEAD_FIT", "LABEL_HORIZON_OVERLAP"] as const;
    fc.assert(
      fc.property(
        input,
        fc.nat({ max: 2 }).chain((index) => measurementOf(`e${index}`)),
        (given, measurement) => {
          const before = judgeLeakage({ ...given, measurements: [] });
          const after = judgeLeakage({ ...given, measurements: [measurement] });
          for (const code of temporal) expect(after.reasons.includes(code)).toBe(before.reasons.includes(code));
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it("the order of boxes, estimators and measurements is irrelevant", () => {
    fc.assert(
      fc.property(input, (given) => {
        const turned: LeakageInput = {
          ...given,
          estimators: [...given.estimators].reverse().map((estimator) => ({
            ...estimator,
            fit: Array.isArray(estimator.fit) ? [...estimator.fit].reverse() : estimator.fit,
          })),
          consumer: {
            ...given.consumer,
            features: [...given.consumer.features].reverse(),
            train: given.consumer.train && [...given.consumer.train].reverse(),
            test: [...given.consumer.test].reverse(),
          },
          measurements: [...given.measurements].reverse(),
        };
        expect(judgeLeakage(turned)).toEqual(judgeLeakage(given));
      }),
      { numRuns: 1_500 },
    );
  });

  it("the names of policies are irrelevant", () => {
    const rename = (name: string) => `z_${[...name].reverse().join("")}`;
    const renameIn = (boxes: RowSet) =>
      boxes.map((item) =>
        item.split ? { ...item, split: { ...item.split, policy: rename(item.split.policy) } } : item,
      );
    fc.assert(
      fc.property(input, (given) => {
        const renamed: LeakageInput = {
          ...given,
          policies: Object.fromEntries(Object.entries(given.policies).map(([name, policy]) => [rename(name), policy])),
          estimators: given.estimators.map((estimator) => ({
            ...estimator,
            fit: Array.isArray(estimator.fit) ? renameIn(estimator.fit as RowSet) : estimator.fit,
          })),
          consumer: {
            ...given.consumer,
            train: given.consumer.train && renameIn(given.consumer.train),
            test: renameIn(given.consumer.test),
          },
        };
        expect(judgeLeakage(renamed)).toEqual(judgeLeakage(given));
      }),
      { numRuns: 1_500 },
    );
  });

  it("a time policy's part is the window it stands for", () => {
    fc.assert(
      fc.property(world, box, box, unit, fc.constantFrom("train", "test"), (small, one, other, columns, part) => {
        const { split: _, time: __, ...rest } = one;
        const policy = small.policies.T;
        const time = policy?.type === "time" ? policy.parts[part]! : ([null, null] as const);
        const asPart = baseInput(small, { unit: columns, test: [other] }, [
          [{ ...rest, split: { policy: "T", parts: [part] } }],
        ]);
        const asWindow = baseInput(small, { unit: columns, test: [other] }, [[{ ...rest, time }]]);
        expect(judgeLeakage(asPart)).toEqual(judgeLeakage(asWindow));
      }),
      { numRuns: 1_500 },
    );
  });

  it("a feature's own verdict is that of a consumer of nothing else, in chains, forks and cycles alike", () => {
    const columns = ["amount", "e0_out", "e1_out", "e2_out", "t0", "t1", "label"];
    const column = fc.constantFrom(...columns);
    const edges = fc.array(column, { maxLength: 2 });
    fc.assert(
      fc.property(input, fc.array(edges, { minLength: 8, maxLength: 8 }), (given, wiring) => {
        const tangled: LeakageInput = {
          ...given,
          estimators: given.estimators.map((estimator, index) => ({
            ...estimator,
            inputs: wiring[index]!,
            fitInputs: wiring[index + 3]!,
          })),
          transformers: [
            { id: "t0", inputs: wiring[6]!, outputs: ["t0"] },
            { id: "t1", inputs: wiring[7]!, outputs: ["t1", "e0_out"] },
          ],
          consumer: { ...given.consumer, features: columns, label: "label" },
        };
        const byFeature = createLeakageJudge(tangled).judgeFeatures(tangled.consumer, tangled.measurements);
        expect([...byFeature.keys()]).toEqual(columns);
        for (const feature of columns) {
          const { verdict, reasons, severity } = judgeLeakage({
            ...tangled,
            consumer: { ...tangled.consumer, features: [feature] },
          });
          expect(byFeature.get(feature)).toEqual({ verdict, reasons, severity });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("estimators that reach no feature do not count", () => {
    fc.assert(
      fc.property(input, fit, (given, more) => {
        const beside: EstimatorFit = {
          id: "beside",
          class: "supervised",
          inputs: given.consumer.features,
          fitInputs: [],
          outputs: ["nobody_reads"],
          fit: more,
        };
        const grown = { ...given, estimators: [...given.estimators, beside] };
        expect(judgeLeakage(grown)).toEqual(judgeLeakage(given));
      }),
    );
  });
});

describe("what is said about a verdict", () => {
  it("is a sentence per finding, and refits change only what they claim to", () => {
    fc.assert(
      fc.property(input, (given) => {
        const verdict = judgeLeakage(given);
        const sentences = explainVerdict(given, verdict);
        const findings = Object.values(verdict.perEstimator).reduce((sum, { reasons }) => sum + reasons.length, 0);
        expect(sentences.length).toBe(Math.max(1, findings + verdict.warnings.length));
        for (const sentence of sentences) expect(sentence).toMatch(/^[`A-Z].*\.$/);
        for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|null|NaN|Infinity/);
        const fixes = suggestFixes(given, verdict);
        if (verdict.verdict === "safe" && verdict.warnings.length === 0) expect(fixes).toEqual([]);
        for (const { estimator, verdictAfter } of fixes) {
          if (estimator === undefined || verdictAfter === undefined) continue;
          for (const [id, one] of Object.entries(verdict.perEstimator)) {
            if (id === estimator) continue;
            const after = verdictAfter.perEstimator[id];
            // Once the estimator is fitted on the consumer's own rows, what is undecided about those is said there.
            if (id === CONSUMER && !after) expect(verdictAfter.perEstimator[estimator]?.verdict).not.toBe("safe");
            else expect(after).toEqual(one);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("holds for a chain of transformers", () => {
    const transformers: Transformer[] = [{ id: "log", inputs: ["amount"], outputs: ["log_amount"] }];
    const given: LeakageInput = {
      ...baseInput({ datasets: {}, policies: {} }, { unit: ["customer"], test: [], features: ["log_amount"] }, []),
      transformers,
    };
    expect(explainVerdict(given, judgeLeakage(given))).toEqual([
      "No estimator lies upstream of the features, so no fit there can have seen the test rows.",
    ]);
  });
});
