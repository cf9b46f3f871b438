import { describe, expect, it } from "vitest";
import { REASON_CODES, WARNING_CODES } from "./codes";
import { explainVerdict, REASON_SENTENCES, WARNING_SENTENCES } from "./explain-verdict";
import { judgeLeakage } from "./judge-leakage";
import { suggestFixes } from "./suggest-fixes";
import type { Box, EstimatorFit, LeakageInput, SplitPolicy } from "./types";

const by_month: SplitPolicy = {
  type: "time",
  column: "ts",
  parts: { train: ["2001-01-01", "2001-06-01"], test: ["2001-06-01", null] },
};
const by_flight: SplitPolicy = {
  type: "hash",
  algo: "md5-32",
  key: "flight",
  salt: "s",
  buckets: 10,
  parts: { train: [[0, 8]], test: [[8, 10]] },
};

const flights = (more: Partial<Box> = {}): Box => ({ dataset: "flights", version: "1", ...more });
const part = (policy: string, ...parts: string[]) => flights({ split: { policy, parts } });

function story(
  fit: EstimatorFit["fit"],
  more: { estimator?: Partial<EstimatorFit>; input?: Partial<LeakageInput> } = {},
): LeakageInput {
  return {
    datasets: {
      flights: {
        columns: ["flight", "origin", "ts"],
        rowKey: ["flight", "ts"],
        timeColumn: "ts",
        appendOnly: true,
        versions: { 1: { time: ["2001-01-01", "2001-07-01"] }, 2: { time: ["2001-01-01", "2001-08-01"] } },
      },
    },
    policies: { by_month, by_flight, random: { type: "random", materialized: false, parts: ["train", "test"] } },
    estimators: [
      {
        id: "airport_segments",
        class: "unsupervised",
        inputs: ["airport.profile"],
        fitInputs: [],
        outputs: ["airport.segment"],
        fit,
        ...more.estimator,
      },
    ],
    transformers: [],
    consumer: {
      name: "late_model",
      features: ["airport.segment"],
      label: "late",
      unit: ["flight", "ts"],
      temporal: true,
      train: [part("by_month", "train")],
      test: [part("by_month", "test")],
    },
    measurements: [],
    ...more.input,
  };
}

const ownConsumer = (train: LeakageInput["consumer"]["train"]): LeakageInput["consumer"] => ({
  ...story([]).consumer,
  temporal: false,
  train,
});

const explain = (input: LeakageInput) => explainVerdict(input, judgeLeakage(input));

describe("sentences", () => {
  it.each([
    ...REASON_CODES.map((code) => [code, REASON_SENTENCES[code]]),
    ...WARNING_CODES.map((code) => [code, WARNING_SENTENCES[code]]),
  ])("%s has one", (_, sentence) => {
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    expect(sentence).not.toMatch(/\. /);
  });

  it("are different for different codes", () => {
    const sentences = [...Object.values(REASON_SENTENCES), ...Object.values(WARNING_SENTENCES)];
    expect(new Set(sentences).size).toBe(REASON_CODES.length + WARNING_CODES.length);
  });
});

describe("explainVerdict", () => {
  const tested = "`late_model` is tested on part test of by_month (2001-06-01 onwards) of the same version.";
  it.each<[string, LeakageInput, string[]]>([
    [
      "a fit on all rows",
      story([flights()]),
      [
        `\`airport_segments\` was fitted on all rows of flights@1. ${tested} Every test row was seen.`,
        `\`airport_segments\` was fitted on all rows of flights@1. ${tested} It was fitted on rows later than the first test row.`,
      ],
    ],
    [
      "a fit on the training part",
      story([part("by_month", "train")]),
      [
        `\`airport_segments\` was fitted on part train of by_month (from 2001-01-01 until before 2001-06-01) of flights@1. ${tested} The two windows of time do not meet, and time is part of the unit.`,
      ],
    ],
    [
      "another version, another hash, a window and keys",
      story([
        flights({
          version: "2",
          split: { policy: "by_flight", parts: ["train"] },
          time: [null, "2001-02-01"],
          keys: { column: "origin", range: ["A", "B"] },
        }),
      ]),
      [
        "`airport_segments` was fitted on part train of by_flight (buckets 0 to 7 of 10 by flight) of flights@2 before 2001-02-01 with origin from A to below B. `late_model` is tested on part test of by_month (2001-06-01 onwards) of flights@1. The two windows of time do not meet, and time is part of the unit.",
      ],
    ],
    [
      "a model fitted on its own test rows",
      story([part("by_month", "train")], { input: { consumer: ownConsumer([flights()]) } }),
      [
        `The model itself was fitted on all rows of flights@1. ${tested} Every test row was seen.`,
        `\`airport_segments\` was fitted on part train of by_month (from 2001-01-01 until before 2001-06-01) of flights@1. ${tested} The two windows of time do not meet, and time is part of the unit.`,
      ],
    ],
    [
      "a model whose own rows nobody recorded, below a leak",
      story([flights({ time: ["2001-06-01", null] })], { input: { consumer: ownConsumer(null) } }),
      [
        `\`airport_segments\` was fitted on rows of flights@1 2001-06-01 onwards. ${tested} Every test row was seen.`,
        "The model itself was fitted on rows that were not recorded. `late_model` is tested on part test of by_month (2001-06-01 onwards) of flights@1. The rows it was fitted on were not recorded.",
      ],
    ],
    [
      "rows nobody recorded",
      story(null),
      ["`airport_segments` comes before `late_model`. The rows it was fitted on were not recorded."],
    ],
    [
      "a label in the lineage, and a warning",
      story([part("by_month", "train")], {
        estimator: { class: "supervised", inputs: ["late"] },
      }),
      [
        REASON_SENTENCES.TARGET_IN_LINEAGE,
        `\`airport_segments\` was fitted on part train of by_month (from 2001-01-01 until before 2001-06-01) of flights@1. ${tested} The two windows of time do not meet, and time is part of the unit.`,
        WARNING_SENTENCES.IN_SAMPLE_STACKING,
      ],
    ],
  ])("%s", (_, input, sentences) => {
    expect(explain(input)).toEqual(sentences);
  });

  it("says how many test rows repeat a training row", () => {
    const { consumer, ...input } = story([part("by_month", "train")]);
    const last = (rows: number, of: number) =>
      explain({ ...input, consumer: { ...consumer, testDuplicates: { rows, of } } }).at(-1);
    expect(last(12, 170)).toMatch(/^12 of 170 test rows \(7\.1 %\) have the same values of all features/);
    expect(last(1, 1_000_000)).toMatch(/^1 of 1000000 test rows \(< 0\.1 %\) has the same values/);
  });

  it("puts what leaks first", () => {
    const input = story(null);
    const leaking: EstimatorFit = {
      ...input.estimators[0]!,
      id: "bands",
      fit: [flights()],
      outputs: ["airport.segment"],
    };
    const sentences = explain({ ...input, estimators: [...input.estimators, leaking] });
    expect(sentences.map((sentence) => sentence.split(" ")[0])).toEqual(["`bands`", "`bands`", "`airport_segments`"]);
  });
});

describe("suggestFixes", () => {
  const fixes = (input: LeakageInput) => suggestFixes(input, judgeLeakage(input));

  it("turns the story's leak into safe by refitting on the training part", () => {
    const [refit, cut, ...others] = fixes(story([flights()]));
    expect(refit).toMatchObject({
      action: "refit_on_train",
      title: "Refit `airport_segments` on `late_model`'s training rows",
      estimator: "airport_segments",
      fit: [part("by_month", "train")],
      verdictAfter: { verdict: "safe", reasons: ["DISJOINT_TIME"], severity: "none" },
    });
    expect(cut).toMatchObject({
      action: "cut_fit_window",
      title: "Fit `airport_segments` only on rows before 2001-06-01",
      fit: [flights({ time: [null, "2001-06-01"] })],
      verdictAfter: { verdict: "safe" },
    });
    expect(others).toEqual([]);
  });

  it("cuts a supervised fit early enough for its labels to be known", () => {
    const supervised = { class: "supervised", labelHorizonDays: 10, oof: true } as const;
    const found = fixes(story([flights({ time: ["2001-02-01", "2001-05-30"] })], { estimator: supervised }));
    expect(found).toEqual([
      expect.objectContaining({ action: "cut_fit_window", fit: [flights({ time: ["2001-02-01", "2001-05-22"] })] }),
    ]);
    expect(found[0]?.verdictAfter?.verdict).toBe("safe");
  });

  it("does not propose a refit that would leak as well", () => {
    const input = story([flights()]);
    const actions = fixes({ ...input, consumer: { ...input.consumer, train: [flights()] } }).map(
      ({ action }) => action,
    );
    expect(actions).toEqual(["cut_fit_window", "hold_out_test_rows"]);
  });

  it("asks for a model without its test rows when it was fitted on them itself", () => {
    const input = story([part("by_month", "train")], { input: { consumer: ownConsumer([flights()]) } });
    expect(fixes(input)).toEqual([
      { action: "hold_out_test_rows", title: "Fit `late_model` itself without the test rows" },
    ]);
  });

  it("proposes out-of-fold values for stacking on the training rows, though the verdict is safe", () => {
    const input = story([part("by_month", "train")], { estimator: { class: "supervised" } });
    expect(fixes(input)).toEqual([
      expect.objectContaining({
        action: "refit_out_of_fold",
        verdictAfter: expect.objectContaining({ verdict: "safe", warnings: [] }),
      }),
    ]);
  });

  it("does not hold an old fit's measurement against the new one", () => {
    const input = story(null, {
      input: { measurements: [{ estimator: "airport_segments", method: "exact", intersection: 5 }] },
    });
    expect(judgeLeakage(input).reasons).toEqual(["MEASURED_OVERLAP"]);
    expect(fixes(input)[0]?.verdictAfter).toMatchObject({ verdict: "safe", warnings: [] });
  });

  it.each<[string, LeakageInput, string[]]>([
    ["nothing to fix", story([part("by_month", "train")]), []],
    ["rows nobody recorded", story(null), ["refit_on_train", "record_fit_rows"]],
    ["a fit elsewhere", story({ external: true, attested: false }), ["refit_on_train", "record_fit_rows"]],
    [
      "a label in the lineage",
      story([part("by_month", "train")], { estimator: { inputs: ["late"] } }),
      ["remove_target"],
    ],
    [
      "a unit across the split",
      story([part("by_flight", "train")], {
        input: {
          consumer: { features: ["airport.segment"], unit: ["origin"], train: [], test: [part("by_flight", "test")] },
        },
      }),
      ["resplit_by_unit", "measure"],
    ],
    [
      "a random split that is drawn again",
      story([part("random", "train")], {
        input: {
          consumer: {
            features: ["airport.segment"],
            unit: ["flight", "ts"],
            train: [],
            test: [part("random", "test")],
          },
        },
      }),
      ["materialise_split"],
    ],
    [
      "a random split against a hash",
      story([part("random", "train")], {
        input: {
          consumer: {
            features: ["airport.segment"],
            unit: ["flight"],
            train: [part("by_flight", "train")],
            test: [part("by_flight", "test")],
          },
        },
      }),
      ["refit_on_train", "adopt_split_policy", "measure"],
    ],
  ])("%s", (_, input, actions) => {
    expect(fixes(input).map(({ action }) => action)).toEqual(actions);
  });
});
