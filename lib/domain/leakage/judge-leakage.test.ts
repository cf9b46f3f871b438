import { CONSUMER } from "./codes";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeLeakage, type LeakageVerdict } from "./judge-leakage";
import { provenanceOf } from "./provenance";
import type { Box, Consumer, EstimatorFit, KeyBound, LeakageInput, Measurement, RowSet, SplitPolicy } from "./types";

const cases = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/leakage-cases.json", import.meta.url), "utf8"),
) as (LeakageInput & { name: string; note: string; expected: LeakageVerdict })[];

describe("golden cases", () => {
  it.each(cases.map((item) => [item.name, item] as const))("%s", (_, { expected, ...input }) => {
    expect(judgeLeakage(input)).toEqual(expected);
  });
});

const H: SplitPolicy = {
  type: "hash",
  algo: "md5-32",
  key: "customer",
  salt: "a",
  buckets: 10,
  parts: { train: [[0, 8]], test: [[8, 10]], validation: [[6, 8]], all: [[0, 10]], none: [] },
};
const R: SplitPolicy = { type: "random", seed: 1, fractions: [0.8, 0.2], materialized: true, parts: ["train", "test"] };

const world: Omit<LeakageInput, "consumer" | "estimators"> = {
  datasets: {
    sales: {
      columns: ["customer", "household", "ts", "paid"],
      rowKey: ["customer", "ts"],
      timeColumn: "ts",
      appendOnly: true,
      versions: { 1: { time: ["2024-01-01", "2024-07-01"] }, 2: { time: ["2024-01-01", "2024-10-01"] }, 10: {} },
    },
    stock: { columns: ["customer", "ts"], rowKey: ["customer"], timeColumn: "ts", versions: { 1: {}, 2: {} } },
    log: { columns: ["customer"], rowKey: [], versions: { 1: {} } },
    pages: { columns: ["url"], rowKey: ["url"], versions: { 1: {} } },
  },
  policies: {
    H,
    H2: { ...H, salt: "b" },
    byHousehold: { ...H, key: "household" },
    T: { type: "time", column: "ts", parts: { train: [null, "2024-05-01"], test: ["2024-05-01", null] } },
    byPaid: { type: "time", column: "paid", parts: { train: [null, "2024-05-01"], test: ["2024-05-01", null] } },
    R,
    R2: R,
    spark: { ...R, materialized: false },
  },
  transformers: [],
  measurements: [],
};

const sales = (more: Partial<Box> = {}): Box => ({ dataset: "sales", version: "1", ...more });
const part = (policy: string, ...parts: string[]): Pick<Box, "split"> => ({ split: { policy, parts } });
const kept = (policy: string, assignment: string, ...parts: string[]): Pick<Box, "split"> => ({
  split: { policy, assignment, parts },
});
const keys = (column: string, low: KeyBound | null, high: KeyBound | null): Pick<Box, "keys"> => ({
  keys: { column, range: [low, high] },
});

function given(
  fit: EstimatorFit["fit"],
  test: Box[],
  more: { consumer?: Partial<Consumer>; estimator?: Partial<EstimatorFit>; measurements?: Measurement[] } = {},
): LeakageInput {
  const estimator: EstimatorFit = {
    id: "e",
    class: "statistic",
    inputs: ["amount"],
    fitInputs: [],
    outputs: ["e_out"],
    fit,
    ...more.estimator,
  };
  return {
    ...world,
    measurements: more.measurements ?? [],
    estimators: [estimator],
    consumer: { features: ["e_out"], unit: ["customer"], train: [], test, ...more.consumer },
  };
}

const answer = (input: LeakageInput) => {
  const { verdict, reasons, warnings } = judgeLeakage(input);
  return [verdict, ...reasons, ...warnings].join(" ");
};

describe("rows", () => {
  const row = ["customer", "ts"];
  it.each<[string, Box, Box, string, string[]?, number?]>([
    ["the same rows", sales(), sales(), "leak FIT_COVERS_TEST"],
    ["all rows of a later version", sales({ version: "2" }), sales(), "leak FIT_COVERS_TEST"],
    ["version 10 is later than 2", sales({ version: "10" }), sales({ version: "2" }), "leak FIT_COVERS_TEST"],
    ["an earlier version", sales(), sales({ version: "2" }), "leak FIT_OVERLAPS_TEST"],
    [
      "another version of a table that changes",
      { dataset: "stock", version: "2" },
      { dataset: "stock", version: "1" },
      "unknown VERSION_DRIFT",
    ],
    ["another dataset", { dataset: "stock", version: "1" }, sales(), "unknown CROSS_DATASET"],
    ["another dataset without the unit", { dataset: "pages", version: "1" }, sales(), "unknown NO_COMMON_KEY"],
    [
      "windows that touch, time in the unit",
      sales({ time: [null, "2024-03-01"] }),
      sales({ time: ["2024-03-01", null] }),
      "safe DISJOINT_TIME",
      row,
    ],
    [
      "windows that touch, time outside the unit",
      sales({ time: [null, "2024-03-01"] }),
      sales({ time: ["2024-03-01", null] }),
      "unknown UNIT_NOT_DETERMINED",
    ],
    [
      "windows a microsecond into each other",
      sales({ time: [null, "2024-03-01T00:00:00.000001"] }),
      sales({ time: ["2024-03-01", null] }),
      "leak FIT_OVERLAPS_TEST",
      row,
    ],
    [
      "windows in other zones",
      sales({ time: [null, "2024-03-01T00:00:00+02:00"] }),
      sales({ time: ["2024-02-29T22:00:00Z", null] }),
      "safe DISJOINT_TIME",
      row,
    ],
    [
      "a window that meets a policy's part",
      sales({ time: [null, "2024-06-01"] }),
      sales(part("T", "test")),
      "leak FIT_OVERLAPS_TEST",
      row,
    ],
    [
      "a window apart from a policy's part",
      sales({ time: [null, "2024-05-01"] }),
      sales(part("T", "test")),
      "safe DISJOINT_TIME",
      row,
    ],
    [
      "a window and a part in one box",
      sales({ time: ["2024-02-01", null], ...part("T", "train") }),
      sales({ time: [null, "2024-02-01"] }),
      "safe DISJOINT_TIME",
      row,
    ],
    [
      "both parts of a time policy cover",
      sales(part("T", "train", "test")),
      sales({ time: ["2024-04-01", "2024-06-01"] }),
      "leak FIT_COVERS_TEST",
      row,
    ],
    [
      "time by a second column of the unit",
      sales(part("byPaid", "train")),
      sales(part("byPaid", "test")),
      "safe DISJOINT_TIME",
      ["customer", "paid"],
    ],
    [
      "time by a second column outside the unit",
      sales(part("byPaid", "train")),
      sales(part("byPaid", "test")),
      "unknown UNIT_NOT_DETERMINED",
      row,
    ],
    [
      "windows of another dataset",
      { dataset: "stock", version: "1", time: [null, "2024-02-01"] },
      sales({ time: ["2024-02-01", null] }),
      "safe DISJOINT_TIME",
      row,
    ],
    ["an empty window", sales({ time: ["2024-03-01", "2024-03-01"] }), sales(), "safe EMPTY_ROWSET"],
    ["a window outside the version's range", sales({ time: ["2025-01-01", null] }), sales(), "safe EMPTY_ROWSET"],
    ["an empty test window", sales(), sales({ time: ["2024-03-01", "2024-02-01"] }), "safe EMPTY_ROWSET"],
    ["a part without buckets", sales(part("H", "none")), sales(), "safe EMPTY_ROWSET"],
    ["an empty range of keys", sales(keys("customer", 5, 5)), sales(), "safe EMPTY_ROWSET"],
    [
      "ranges of keys that touch",
      sales(keys("customer", 0, 5)),
      sales(keys("customer", 5, null)),
      "safe DISJOINT_KEYS",
    ],
    ["ranges of text keys", sales(keys("customer", "a", "m")), sales(keys("customer", "m", "z")), "safe DISJOINT_KEYS"],
    [
      "ranges of keys outside the unit",
      sales(keys("household", 0, 5)),
      sales(keys("household", 5, 9)),
      "unknown UNIT_NOT_DETERMINED",
    ],
    [
      "ranges of keys that meet",
      sales(keys("customer", 0, 6)),
      sales(keys("customer", 5, null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    [
      "integers one apart beyond 2^53, which overlap",
      sales(keys("customer", null, 9007199254740993n)),
      sales(keys("customer", 9007199254740992n, null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    [
      "the same as decimal texts",
      sales(keys("customer", null, "9007199254740993")),
      sales(keys("customer", "9007199254740992", null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    [
      "integers beyond 2^53 that touch, as a text and a bigint",
      sales(keys("customer", null, "9007199254740993")),
      sales(keys("customer", 9007199254740993n, null)),
      "safe DISJOINT_KEYS",
    ],
    [
      "a number below a decimal text of more digits",
      sales(keys("customer", null, 5)),
      sales(keys("customer", "10", null)),
      "safe DISJOINT_KEYS",
    ],
    [
      "decimal texts that are apart as numbers and overlap as texts",
      sales(keys("customer", null, "9")),
      sales(keys("customer", "10", null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    [
      "decimal texts that are apart as texts and overlap as numbers",
      sales(keys("customer", null, "10")),
      sales(keys("customer", "9", null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    [
      "negative integers beyond 2^53",
      sales(keys("customer", -9007199254740993n, null)),
      sales(keys("customer", null, "-9007199254740993")),
      "safe DISJOINT_KEYS",
    ],
    [
      "a number against a text that is none",
      sales(keys("customer", null, 5)),
      sales(keys("customer", "a", null)),
      "leak FIT_OVERLAPS_TEST",
    ],
    ["a range of keys within", sales(keys("customer", 0, 6)), sales(keys("customer", 2, 6)), "leak FIT_COVERS_TEST"],
    ["a range of keys against all", sales(keys("customer", 0, 6)), sales(), "leak FIT_OVERLAPS_TEST"],
    [
      "ranges of different columns",
      sales(keys("customer", 0, 6)),
      sales(keys("household", 0, 6)),
      "leak FIT_OVERLAPS_TEST",
    ],
    ["one hash, other buckets", sales(part("H", "train")), sales(part("H", "test")), "safe DISJOINT_HASH"],
    [
      "one hash, other buckets, another dataset",
      { dataset: "stock", version: "1", ...part("H", "train") },
      sales(part("H", "test")),
      "safe DISJOINT_HASH",
    ],
    [
      "one hash outside the unit",
      sales(part("byHousehold", "train")),
      sales(part("byHousehold", "test")),
      "unknown UNIT_NOT_DETERMINED",
    ],
    ["one hash, more buckets", sales(part("H", "train")), sales(part("H", "validation")), "leak FIT_COVERS_TEST"],
    ["one hash, fewer buckets", sales(part("H", "validation")), sales(part("H", "train")), "leak FIT_OVERLAPS_TEST"],
    [
      "one hash, some buckets",
      sales(part("H", "validation", "test")),
      sales(part("H", "train")),
      "leak FIT_OVERLAPS_TEST",
    ],
    ["a split fit against all", sales(part("H", "train")), sales(), "leak FIT_OVERLAPS_TEST"],
    ["all buckets are all rows", sales(part("H2", "all")), sales(part("H", "test")), "leak FIT_COVERS_TEST"],
    ["hashes of another salt", sales(part("H2", "train")), sales(part("H", "test")), "unknown HASH_MISMATCH"],
    [
      "… with enough test units",
      sales(part("H2", "train")),
      sales(part("H", "test")),
      "leak INDEPENDENT_HASH_OVERLAP",
      ["customer"],
      13,
    ],
    [
      "… with one test unit too few",
      sales(part("H2", "train")),
      sales(part("H", "test")),
      "unknown HASH_MISMATCH",
      ["customer"],
      12,
    ],
    [
      "… of an earlier version",
      sales(part("H2", "train")),
      sales({ version: "2", ...part("H", "test") }),
      "unknown HASH_MISMATCH",
      ["customer"],
      99,
    ],
    [
      "… in a narrower window",
      sales({ time: ["2024-02-01", null], ...part("H2", "train") }),
      sales(part("H", "test")),
      "unknown HASH_MISMATCH",
      ["customer"],
      99,
    ],
    [
      "… of a range of keys",
      sales({ ...keys("customer", 0, 5), ...part("H2", "train") }),
      sales(part("H", "test")),
      "unknown HASH_MISMATCH",
      ["customer"],
      99,
    ],
    [
      "hashes of another key",
      sales(part("byHousehold", "train")),
      sales(part("H", "test")),
      "unknown HASH_MISMATCH",
      ["customer"],
      99,
    ],
    [
      "two things undecided",
      sales({ time: [null, "2024-02-01"], ...part("H2", "train") }),
      sales({ time: ["2024-02-01", null], ...part("H", "test") }),
      "unknown HASH_MISMATCH UNIT_NOT_DETERMINED",
    ],
    ["a recorded random split", sales(part("R", "train")), sales(part("R", "test")), "safe DISJOINT_SPLIT", row],
    [
      "a recorded random split of rows, unit wider",
      sales(part("R", "train")),
      sales(part("R", "test")),
      "unknown UNIT_NOT_DETERMINED",
    ],
    [
      "a recorded random split of a table without a row key",
      { dataset: "log", version: "1", ...part("R", "train") },
      { dataset: "log", version: "1", ...part("R", "test") },
      "unknown UNIT_NOT_DETERMINED",
    ],
    [
      "a recorded random split, the same part",
      sales(part("R", "train")),
      sales(part("R", "train")),
      "leak FIT_COVERS_TEST",
      row,
    ],
    [
      "a recorded random split, a part more",
      sales(part("R", "train")),
      sales(part("R", "train", "test")),
      "leak FIT_OVERLAPS_TEST",
      row,
    ],
    [
      "a random split of another version",
      sales({ version: "2", ...part("R", "train") }),
      sales(part("R", "test")),
      "unknown SPLIT_INCOMPARABLE",
      row,
    ],
    ["two random splits", sales(part("R2", "train")), sales(part("R", "test")), "unknown SPLIT_INCOMPARABLE", row],
    [
      "a random split and a hash",
      sales(part("R", "train")),
      sales(part("H", "test")),
      "unknown SPLIT_INCOMPARABLE",
      row,
    ],
    [
      "a random split that is drawn again",
      sales(part("spark", "train")),
      sales(part("spark", "test")),
      "unknown NONDETERMINISTIC_SPLIT",
      row,
    ],
    [
      "… the same part of it",
      sales(part("spark", "train")),
      sales(part("spark", "train")),
      "leak FIT_OVERLAPS_TEST",
      row,
    ],
    [
      "a random split that a run wrote down",
      sales(kept("spark", "d1", "train")),
      sales(kept("spark", "d1", "test")),
      "safe DISJOINT_SPLIT",
      row,
    ],
    [
      "… and tested on a part of it",
      sales(kept("spark", "d1", "train", "test")),
      sales(kept("spark", "d1", "test")),
      "leak FIT_COVERS_TEST",
      row,
    ],
    [
      "… that was written down differently for the test",
      sales(kept("spark", "d1", "train")),
      sales(kept("spark", "d2", "test")),
      "unknown NONDETERMINISTIC_SPLIT",
      row,
    ],
    [
      "… that only the fit wrote down",
      sales(kept("spark", "d1", "train")),
      sales(part("spark", "test")),
      "unknown NONDETERMINISTIC_SPLIT",
      row,
    ],
    [
      "… of another version of the table",
      sales({ version: "2", ...kept("spark", "d1", "train") }),
      sales(kept("spark", "d1", "test")),
      "unknown SPLIT_INCOMPARABLE",
      row,
    ],
    ["a window and a hash", sales(part("T", "train")), sales(part("H", "test")), "leak FIT_OVERLAPS_TEST", row],
  ])("%s", (_, fit, test, expected, unit = ["customer"], testUnits = undefined) => {
    expect(answer(given([fit], [test], { consumer: { unit, testUnits } }))).toBe(expected);
  });

  it.each<[string, EstimatorFit["fit"], Box[], string]>([
    [
      "the worst pair decides, with all its codes",
      [
        sales(part("H", "train")),
        sales(part("H", "test")),
        sales({ version: "2", ...part("H", "test", "validation") }),
      ],
      [sales(part("H", "test"))],
      "leak FIT_COVERS_TEST",
    ],
    [
      "safe pairs unite their codes",
      [sales(part("H", "train")), sales({ time: ["2025-01-01", null] })],
      [sales(part("H", "test"))],
      "safe DISJOINT_HASH EMPTY_ROWSET",
    ],
    [
      "leaks unite their codes",
      [sales(), sales(part("H", "validation"))],
      [sales(part("H", "train"))],
      "leak FIT_COVERS_TEST FIT_OVERLAPS_TEST",
    ],
    ["a fit on nothing", [], [sales()], "safe EMPTY_ROWSET"],
    ["no test rows", [sales()], [], "safe EMPTY_ROWSET"],
    ["a fit nobody recorded", null, [sales()], "unknown FIT_UNRECORDED"],
    ["an attested fit elsewhere", { external: true, attested: true }, [sales()], "safe EXTERNAL_ATTESTED"],
    ["a fit elsewhere", { external: true, attested: false }, [sales()], "unknown EXTERNAL_UNATTESTED"],
  ])("%s", (_, fit, test, expected) => {
    expect(answer(given(fit, test))).toBe(expected);
  });
});

describe("time", () => {
  const unsplit = { dataset: "sales", version: "10" } as const;
  const until = (to: string | null): Box => ({ ...unsplit, time: ["2024-01-01", to], ...part("H", "train") });
  const from = (start: string | null): Box => ({ ...unsplit, time: [start, null], ...part("H", "test") });
  it.each<[string, Box[], Box, Partial<EstimatorFit>, string]>([
    ["a fit that ends where the test starts", [until("2024-05-01")], from("2024-05-01"), {}, "safe DISJOINT_HASH"],
    ["a fit that ends later", [until("2024-05-02")], from("2024-05-01"), {}, "leak LOOKAHEAD_FIT"],
    [
      "labels known in time",
      [until("2024-04-01")],
      from("2024-05-01"),
      { class: "supervised", labelHorizonDays: 30 },
      "safe DISJOINT_HASH",
    ],
    [
      "labels known a day late",
      [until("2024-04-02")],
      from("2024-05-01"),
      { class: "supervised", labelHorizonDays: 30 },
      "leak LABEL_HORIZON_OVERLAP",
    ],
    [
      "labels that were not read",
      [until("2024-04-02")],
      from("2024-05-01"),
      { labelHorizonDays: 30 },
      "safe DISJOINT_HASH",
    ],
    ["a fit without end", [until(null)], from("2024-05-01"), {}, "unknown TEMPORAL_UNDECIDED"],
    ["a test without start", [until("2024-05-01")], from(null), {}, "unknown TEMPORAL_UNDECIDED"],
    [
      "a fit without end beside one that looks ahead",
      [until(null), until("2024-06-01")],
      from("2024-05-01"),
      {},
      "leak LOOKAHEAD_FIT",
    ],
    [
      "an empty box says nothing",
      [until("2024-05-01"), { ...until("2024-09-01"), ...part("H", "none") }],
      from("2024-05-01"),
      {},
      "safe DISJOINT_HASH EMPTY_ROWSET",
    ],
  ])("%s", (_, fit, test, estimator, expected) => {
    expect(answer(given(fit, [test], { consumer: { temporal: true }, estimator }))).toBe(expected);
  });

  it("does not matter to a consumer that is not temporal", () => {
    expect(answer(given([until("2024-09-01")], [from("2024-05-01")]))).toBe("safe DISJOINT_HASH");
  });

  it("is open for unrecorded fits even when a measurement found no shared unit", () => {
    const measurements: Measurement[] = [{ estimator: "e", method: "exact", intersection: 0 }];
    const consumer = { temporal: true };
    expect(answer(given(null, [sales()], { consumer }))).toBe("unknown FIT_UNRECORDED");
    expect(answer(given(null, [sales()], { consumer, measurements }))).toBe("unknown TEMPORAL_UNDECIDED");
  });
});

describe("measurements", () => {
  const exact = (intersection: number): Measurement => ({ estimator: "e", method: "exact", intersection });
  const bloom = (hits: number, queries = 1000): Measurement => ({
    estimator: "e",
    method: "bloom",
    queries,
    hits,
    fpr: 0.01,
  });
  const theta = (common: number, isExact: boolean): Measurement => ({
    estimator: "e",
    method: "theta",
    common,
    exact: isExact,
  });
  const hll = (lowerBound: number): Measurement => ({ estimator: "e", method: "hll", lowerBound });
  const unknown = sales(part("byHousehold", "train"));
  const assumed = sales({ time: ["2024-02-01", null] });
  const proved = sales();
  const safe = sales(part("H", "train"));
  it.each<[string, Box, Measurement[], string]>([
    ["none", unknown, [], "unknown HASH_MISMATCH"],
    ["exact, shared", unknown, [exact(1)], "leak MEASURED_OVERLAP"],
    ["exact, none shared", unknown, [exact(0)], "safe MEASURED_DISJOINT"],
    ["Bloom, no hit", unknown, [bloom(0)], "safe MEASURED_DISJOINT"],
    [
      "Bloom, no hit of some of the test units",
      unknown,
      [bloom(0, 99)],
      "unknown HASH_MISMATCH MEASUREMENT_INCONCLUSIVE",
    ],
    [
      "Bloom, as many hits as expected by chance",
      unknown,
      [bloom(10)],
      "unknown HASH_MISMATCH MEASUREMENT_INCONCLUSIVE",
    ],
    ["Bloom, more hits than chance allows", unknown, [bloom(31)], "leak MEASURED_OVERLAP"],
    ["Bloom, nearly as many", unknown, [bloom(27)], "unknown HASH_MISMATCH MEASUREMENT_INCONCLUSIVE"],
    ["Theta, a common hash", unknown, [theta(1, false)], "leak MEASURED_OVERLAP"],
    ["Theta, none, exact", unknown, [theta(0, true)], "safe MEASURED_DISJOINT"],
    ["Theta, none, estimated", unknown, [theta(0, false)], "unknown HASH_MISMATCH MEASUREMENT_INCONCLUSIVE"],
    ["HyperLogLog above zero", unknown, [hll(0.5)], "leak MEASURED_OVERLAP"],
    ["HyperLogLog at zero", unknown, [hll(0)], "unknown HASH_MISMATCH MEASUREMENT_INCONCLUSIVE"],
    ["an assumption confirmed", assumed, [exact(3)], "leak MEASURED_OVERLAP"],
    ["an assumption refuted", assumed, [exact(0)], "safe MEASURED_DISJOINT"],
    ["an assumption left", assumed, [hll(-1)], "leak FIT_OVERLAPS_TEST"],
    ["a proof contradicted", proved, [exact(0)], "leak FIT_COVERS_TEST EVIDENCE_CONFLICT"],
    ["a proof confirmed", proved, [exact(9)], "leak FIT_COVERS_TEST"],
    ["safety contradicted", safe, [exact(1)], "safe DISJOINT_HASH EVIDENCE_CONFLICT"],
    ["safety confirmed", safe, [bloom(0)], "safe DISJOINT_HASH"],
    ["an exact count outweighs a sketch", unknown, [hll(2), exact(0)], "safe MEASURED_DISJOINT EVIDENCE_CONFLICT"],
    [
      "a proof of overlap outweighs one of none",
      unknown,
      [theta(0, true), hll(2)],
      "leak MEASURED_OVERLAP EVIDENCE_CONFLICT",
    ],
    ["of another estimator", unknown, [{ ...exact(0), estimator: "other" }], "unknown HASH_MISMATCH"],
  ])("%s", (_, fit, measurements, expected) => {
    const test = sales(part("H", "test"));
    expect(
      answer(given([fit], [test], { measurements, consumer: { testUnits: fit === unknown ? 100 : undefined } })),
    ).toBe(expected);
  });
});

describe("the consumer's own rows", () => {
  const train = sales(part("H", "train"));
  const test = sales(part("H", "test"));
  const safe = { verdict: "safe", reasons: ["DISJOINT_HASH"] };
  it.each<[string, RowSet | null, Box[], Partial<Consumer>, Measurement[], object]>([
    ["all rows", [sales()], [test], {}, [], { verdict: "leak", reasons: ["FIT_COVERS_TEST"] }],
    [
      "some test rows",
      [train, sales(keys("customer", 0, 1))],
      [test],
      {},
      [],
      { verdict: "leak", reasons: ["FIT_OVERLAPS_TEST"] },
    ],
    ["unrecorded", null, [test], {}, [], { verdict: "unknown", reasons: ["FIT_UNRECORDED"] }],
    ["another split", [sales(part("H2", "train"))], [test], {}, [], { verdict: "unknown", reasons: ["HASH_MISMATCH"] }],
    [
      "another split, with many test units",
      [sales(part("H2", "train"))],
      [test],
      { testUnits: 100 },
      [],
      { verdict: "leak", reasons: ["INDEPENDENT_HASH_OVERLAP"] },
    ],
    [
      "another split, measured",
      [sales(part("H2", "train"))],
      [test],
      {},
      [{ estimator: CONSUMER, method: "exact", intersection: 3 }],
      { verdict: "leak", reasons: ["MEASURED_OVERLAP"] },
    ],
    [
      "another unit",
      [train],
      [test],
      { unit: ["household"] },
      [],
      { verdict: "unknown", reasons: ["UNIT_NOT_DETERMINED"] },
    ],
  ])("%s", (_, own, tested, more, measurements, finding) => {
    const severity = (finding as { verdict: string }).verdict === "leak" ? "critical" : "review";
    const input = given([sales(keys("customer", 0, 0))], tested, { consumer: { train: own, ...more }, measurements });
    expect(judgeLeakage(input)).toEqual({
      ...finding,
      severity,
      perEstimator: { e: { verdict: "safe", reasons: ["EMPTY_ROWSET"] }, [CONSUMER]: finding },
      warnings: [],
    });
  });

  it.each<[string, RowSet, Measurement[]]>([
    ["nothing is said", [], []],
    ["apart by proof", [train], []],
    ["no row can be among them", [sales(part("H", "none"))], []],
    ["apart by measurement", [sales(part("H2", "train"))], [{ estimator: CONSUMER, method: "exact", intersection: 0 }]],
  ])("add nothing when %s", (_, own, measurements) => {
    expect(judgeLeakage(given([train], [test], { consumer: { train: own }, measurements }))).toEqual({
      ...safe,
      severity: "none",
      perEstimator: { e: safe },
      warnings: [],
    });
  });

  it("are critical beside a leak of a statistic", () => {
    expect(judgeLeakage(given([sales()], [test], { consumer: { train: [sales()] } }))).toMatchObject({
      severity: "critical",
      perEstimator: { e: { verdict: "leak" }, [CONSUMER]: { verdict: "leak" } },
    });
  });

  it("are undecided once only, where a finding upstream is about the very same rows", () => {
    const unit = ["household"];
    expect(judgeLeakage(given([train], [test], { consumer: { train: [train], unit } })).perEstimator).toEqual({
      e: { verdict: "unknown", reasons: ["UNIT_NOT_DETERMINED"] },
    });
  });
});

describe("warnings", () => {
  const train = [sales(part("H", "train"))];
  const test = [sales(part("H", "test"))];
  it.each<[string, Box, Partial<EstimatorFit>, Partial<Consumer>, string]>([
    [
      "supervised, fitted on the training rows",
      train[0]!,
      { class: "supervised" },
      { train },
      "safe DISJOINT_HASH IN_SAMPLE_STACKING",
    ],
    ["out of fold", train[0]!, { class: "supervised", oof: true }, { train }, "safe DISJOINT_HASH"],
    ["unsupervised", train[0]!, { class: "unsupervised" }, { train }, "safe DISJOINT_HASH"],
    [
      "supervised, other training rows",
      sales(part("H", "validation")),
      { class: "supervised" },
      { train: [sales({ ...part("H", "train"), ...keys("customer", 0, 1) })] },
      "safe DISJOINT_HASH IN_SAMPLE_STACKING",
    ],
    [
      "supervised, nothing in common with training",
      sales(part("H", "validation")),
      { class: "supervised" },
      { train: [sales(part("H", "none"))] },
      "safe DISJOINT_HASH",
    ],
    [
      "out of fold over the test rows",
      sales(),
      { class: "supervised", oof: true },
      { train },
      "leak FIT_COVERS_TEST OOF_DOES_NOT_PROTECT_TEST",
    ],
    ["scored up to the limit", train[0]!, {}, { testScored: 3, testScoredLimit: 3 }, "safe DISJOINT_HASH"],
    [
      "scored above the limit",
      train[0]!,
      {},
      { testScored: 4, testScoredLimit: 3 },
      "safe DISJOINT_HASH TEST_SET_REUSE",
    ],
    ["scored without a limit", train[0]!, {}, { testScored: 4 }, "safe DISJOINT_HASH"],
    [
      "test rows that repeat training rows",
      train[0]!,
      {},
      { testDuplicates: { rows: 3, of: 170 } },
      "safe DISJOINT_HASH DUPLICATE_ROWS",
    ],
    ["no test row that repeats one", train[0]!, {}, { testDuplicates: { rows: 0, of: 170 } }, "safe DISJOINT_HASH"],
    ["no test rows", train[0]!, {}, { testRows: 0 }, "safe DISJOINT_HASH NO_TEST_ROWS"],
    ["one class", train[0]!, {}, { testRows: 9, testClasses: 1 }, "safe DISJOINT_HASH ONE_CLASS_TEST"],
    ["two classes", train[0]!, {}, { testRows: 9, testClasses: 2 }, "safe DISJOINT_HASH"],
  ])("%s", (_, fit, estimator, consumer, expected) => {
    expect(answer(given([fit], test, { estimator, consumer }))).toBe(expected);
  });
});

describe("the whole", () => {
  const leaking = (id: string, kind: EstimatorFit["class"], more: Partial<EstimatorFit> = {}): EstimatorFit => ({
    id,
    class: kind,
    inputs: ["amount"],
    fitInputs: [],
    outputs: [`${id}_out`],
    fit: [sales()],
    ...more,
  });
  const judge = (
    estimators: EstimatorFit[],
    consumer: Partial<Consumer> = {},
    transformers: LeakageInput["transformers"] = [],
  ) =>
    judgeLeakage({
      ...given([], [sales()]),
      estimators,
      transformers,
      consumer: { features: ["out"], unit: ["customer"], train: [], test: [sales()], ...consumer },
    });

  it.each<[EstimatorFit["class"][], string]>([
    [["statistic"], "low"],
    [["unsupervised"], "medium"],
    [["selection"], "high"],
    [["supervised"], "critical"],
    [["statistic", "selection", "unsupervised"], "high"],
  ])("a leak through %j is %s", (classes, severity) => {
    const estimators = classes.map((kind, index) => leaking(`e${index}`, kind, { outputs: ["out"] }));
    expect(judge(estimators).severity).toBe(severity);
  });

  it("takes the severity from what leaks, not from what is merely upstream", () => {
    const safe = leaking("safe", "supervised", { outputs: ["out"], fit: [] });
    const unknown = leaking("unknown", "supervised", { outputs: ["out"], fit: null });
    const leak = leaking("leak", "statistic", { outputs: ["out"] });
    expect(judge([safe, unknown, leak]).severity).toBe("low");
    expect(judge([safe, unknown]).severity).toBe("review");
    expect(judge([safe]).severity).toBe("none");
  });

  it("follows inputs and fit inputs through estimators and transformers, and cycles end", () => {
    const estimators = [
      leaking("deep", "statistic", { outputs: ["a"], inputs: ["c"] }),
      leaking("label_maker", "statistic", { outputs: ["b"] }),
      leaking("near", "statistic", { inputs: ["x"], fitInputs: ["b"], outputs: ["y"] }),
      leaking("downstream", "statistic", { inputs: ["out"], outputs: ["z"] }),
    ];
    const transformers = [
      { id: "t1", inputs: ["a"], outputs: ["x", "c"] },
      { id: "t2", inputs: ["y"], outputs: ["out"] },
    ];
    expect(Object.keys(judge(estimators, {}, transformers).perEstimator)).toEqual(["deep", "label_maker", "near"]);
    expect(provenanceOf(["out"], estimators, transformers)).toEqual(["deep", "label_maker", "near"]);
    expect(provenanceOf(["amount"], estimators, transformers)).toEqual([]);
  });

  it.each<[string, Partial<EstimatorFit>, string]>([
    ["to predict", { inputs: ["label"] }, "leak TARGET_IN_LINEAGE critical"],
    ["to fit", { fitInputs: ["label"] }, "safe EMPTY_ROWSET none"],
  ])("a label that an estimator needs %s", (_, more, expected) => {
    const { verdict, reasons, severity } = judge(
      [leaking("e", "supervised", { outputs: ["mid"], fit: [], ...more })],
      { label: "label" },
      [{ id: "t", inputs: ["mid"], outputs: ["out"] }],
    );
    expect([verdict, ...reasons, severity].join(" ")).toBe(expected);
  });

  it("finds a label that is itself a feature, and one needed to fit what a fit input needs only to fit", () => {
    expect(judge([], { features: ["label"], label: "label" }).reasons).toEqual(["TARGET_IN_LINEAGE"]);
    const estimators = [
      leaking("inner", "supervised", { outputs: ["mid"], inputs: ["label"], fit: [] }),
      leaking("outer", "supervised", { outputs: ["out"], fitInputs: ["mid"], fit: [] }),
    ];
    expect(judge(estimators, { label: "label" }).verdict).toBe("safe");
  });
});

describe("names that do not exist", () => {
  it.each<[string, Box, string]>([
    [
      "dataset",
      { dataset: "sale", version: "1" },
      "There is no dataset called `sale`. Expected one of sales, stock, log, pages.",
    ],
    ["version", sales({ version: "3" }), "There is no version of sales called `3`."],
    ["policy", sales(part("constructor", "train")), "There is no split policy called `constructor`."],
    ["part", sales(part("H", "holdout")), "There is no part of H called `holdout`."],
    ["random part", sales(part("R", "holdout")), "There is no part of R called `holdout`."],
    ["time", sales({ time: ["2024-02-30", null] }), "`2024-02-30` is not a time."],
  ])("%s", (_, box, message) => {
    const attempt = () => judgeLeakage(given([box], [sales()]));
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

describe("versions of a split policy", () => {
  const { policies } = world;
  const moved: SplitPolicy = {
    type: "time",
    column: "ts",
    parts: { train: [null, "2024-02-01"], test: ["2024-02-01", null] },
  };
  const versioned = {
    ...world,
    policies: {
      ...policies,
      "T@1": policies.T as SplitPolicy,
      "T@2": moved,
      "R@1": R,
      "R@2": { ...R },
      "R@3": { ...R, seed: 2 },
    },
  };
  const of = (policy: string, version: number, ...parts: string[]): Pick<Box, "split"> => ({
    split: { policy, version, parts },
  });
  const judge = (fit: Pick<Box, "split">, test: Pick<Box, "split">) =>
    judgeLeakage({
      ...versioned,
      estimators: [{ id: "e", class: "statistic", inputs: ["raw"], fitInputs: [], outputs: ["f"], fit: [sales(fit)] }],
      consumer: { features: ["f"], unit: ["customer", "ts"], train: [], test: [sales(test)] },
    }).perEstimator.e;

  it.each<[string, Pick<Box, "split">, Pick<Box, "split">, string]>([
    ["trained and tested by the first", of("T", 1, "train"), of("T", 1, "test"), "DISJOINT_TIME"],
    ["trained by the first, tested by the second", of("T", 1, "train"), of("T", 2, "test"), "FIT_OVERLAPS_TEST"],
    ["trained by the second, tested by the first", of("T", 2, "train"), of("T", 1, "test"), "DISJOINT_TIME"],
    ["random parts of versions that say the same", of("R", 1, "train"), of("R", 2, "test"), "DISJOINT_SPLIT"],
    ["random parts of versions that differ", of("R", 1, "train"), of("R", 3, "test"), "SPLIT_INCOMPARABLE"],
  ])("%s: %s", (_, fit, test, code) => {
    expect(judge(fit, test)?.reasons).toEqual([code]);
  });
});
