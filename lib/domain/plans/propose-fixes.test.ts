import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { FitRows, StageDefinition } from "../definitions/stage";
import { judgeLeakage } from "../leakage/judge-leakage";
import { toSplitPolicy } from "../leakage/split-policy";
import type { Box, LeakageInput } from "../leakage/types";
import { type PlanChange, proposeFixes } from "./propose-fixes";

const SPLITS: SplitPolicyDefinition[] = [
  {
    kind: "SplitPolicy",
    name: "by_month",
    type: "time",
    column: "at",
    parts: {
      train: [null, "2001-05-01T00:00:00Z"],
      validation: ["2001-05-01T00:00:00Z", "2001-06-01T00:00:00Z"],
      test: ["2001-06-01T00:00:00Z", null],
    },
  },
  ...["one", "other"].map((salt): SplitPolicyDefinition => ({
    kind: "SplitPolicy",
    name: `by_id_${salt}`,
    type: "hash",
    algo: "md5-32",
    key: "id",
    salt,
    buckets: 10,
    parts: { train: [[0, 7]], validation: [[7, 8]], test: [[8, 10]] },
  })),
];
const HALVES: SplitPolicyDefinition = { ...SPLITS[1]!, name: "halves", type: "time", column: "at", parts: { early: [null, "2001-03-01"], late: ["2001-03-01", null] } } as SplitPolicyDefinition; // prettier-ignore

interface Case {
  /** Rows that the encoder's owner declared; undefined leaves them to the pipeline. */
  own?: FitRows;
  pipeline?: Partial<PipelineDefinition>;
  split?: string;
  horizon?: number;
  unit?: string[];
  defaultSplit?: string | null;
  splits?: SplitPolicyDefinition[];
  testUnits?: number;
}

function worldOf({ own, pipeline, split = "by_month", horizon, unit = ["id", "at"], testUnits }: Case) {
  const encoder: StageDefinition = {
    kind: "Stage",
    name: "encoder",
    entity: "e",
    estimator: "TargetEncoder",
    class: "supervised",
    inputs: ["e.key"],
    fitInputs: ["e.y"],
    outputs: [{ column: "e.rate", type: "double" }],
    ...(own && { fit: own }),
  };
  const consumer: PipelineDefinition = {
    kind: "Pipeline",
    name: "p",
    outputs: ["e.p"],
    fit: { split, parts: ["train"] },
    evaluate: { split, validation: ["validation"], test: ["test"], label: "e.y", model: "m", unit, ...(horizon !== undefined && { labelHorizonDays: horizon }) }, // prettier-ignore
    ...pipeline,
  };
  return { encoder, consumer, testUnits };
}

/** The rows that declarations mean, written down independently of the planner. */
function inputOf({ encoder, consumer, testUnits }: ReturnType<typeof worldOf>, splits: SplitPolicyDefinition[]) {
  const boxes = (rows: FitRows | undefined): Box[] => [
    {
      dataset: "d",
      version: "1",
      ...(rows && "split" in rows && { split: { policy: rows.split, parts: rows.parts } }),
    },
  ];
  const evaluate = consumer.evaluate!;
  const isRefitted = consumer.refit?.includes("encoder") ?? false;
  const input: LeakageInput = {
    datasets: {
      d: {
        columns: ["id", "at", "key", "y"],
        rowKey: ["id"],
        timeColumn: "at",
        appendOnly: true,
        versions: { "1": { time: ["2001-01-01", "2001-07-01"] } },
      },
    },
    policies: Object.fromEntries(splits.map((one) => [one.name, toSplitPolicy(one)])),
    estimators: [
      {
        id: "encoder",
        class: "supervised",
        inputs: encoder.inputs,
        fitInputs: encoder.fitInputs ?? [],
        outputs: ["e.rate"],
        fit: boxes((isRefitted ? undefined : encoder.fit) ?? consumer.fit),
        labelHorizonDays: evaluate.labelHorizonDays,
      },
    ],
    transformers: [],
    consumer: {
      name: "m",
      features: ["e.rate"],
      label: "e.y",
      unit: evaluate.unit,
      temporal: splits.find(({ name }) => name === evaluate.split)?.type === "time",
      train: boxes(consumer.fit),
      test: boxes({ split: evaluate.split, parts: evaluate.test }),
      ...(testUnits !== undefined && { testUnits }),
    },
    measurements: [],
  };
  return input;
}

/** What the world is after a change, as people would edit the documents. */
function after(world: ReturnType<typeof worldOf>, splits: SplitPolicyDefinition[], change: PlanChange) {
  const { split, refit, documents = [] } = change;
  const stage = documents.find((one): one is StageDefinition => one.kind === "Stage");
  const policies = documents.filter((one): one is SplitPolicyDefinition => one.kind === "SplitPolicy");
  const { fit, evaluate } = world.consumer;
  const consumer: PipelineDefinition = {
    ...world.consumer,
    ...(refit && { refit }),
    ...(split !== undefined && { fit: { ...(fit as { parts: string[] }), split }, evaluate: { ...evaluate!, split } }),
  };
  return inputOf({ ...world, encoder: stage ?? world.encoder, consumer }, [...splits, ...policies]);
}

function fixesOf(one: Case) {
  const splits = one.splits ?? SPLITS;
  const world = worldOf(one);
  const input = inputOf(world, splits);
  const verdict = judgeLeakage(input);
  const proposed = proposeFixes({
    pipeline: world.consumer,
    stages: [world.encoder],
    splits,
    defaultSplit: one.defaultSplit === undefined ? "by_month" : one.defaultSplit,
    input,
    verdict,
  });
  return {
    verdict,
    proposed,
    verdictAfter: (change: PlanChange) => judgeLeakage(after(world, splits, change)).verdict,
  };
}

const ALL: FitRows = { rows: "all" };

describe("what can be planned against each reason, and the verdict that it gives", () => {
  it.each<[string, Case, string[], [string, string][]]>([
    [
      "fitted on all rows",
      { own: ALL },
      ["FIT_COVERS_TEST", "LOOKAHEAD_FIT"],
      [
        ["refit_on_train", "safe"],
        ["cut_fit_window", "safe"],
      ],
    ],
    [
      "fitted on all rows, and labels take a month: cut a month earlier",
      { own: ALL, horizon: 30 },
      ["FIT_COVERS_TEST", "LOOKAHEAD_FIT"],
      [
        ["refit_on_train", "safe"],
        ["cut_fit_window", "safe"],
      ],
    ],
    [
      "fitted up to the test, where labels take two weeks",
      { own: { split: "by_month", parts: ["train", "validation"] }, horizon: 14 },
      ["LABEL_HORIZON_OVERLAP"],
      [["refit_on_train", "safe"]],
    ],
    [
      "fitted on a window that reaches into the test",
      { own: { split: "halves", parts: ["late"] }, splits: [...SPLITS, HALVES] },
      ["FIT_COVERS_TEST", "LOOKAHEAD_FIT"],
      [["refit_on_train", "safe"]],
    ],
    [
      "split by another hash",
      { own: { split: "by_id_other", parts: ["train"] }, split: "by_id_one", unit: ["id"], defaultSplit: "by_id_one" },
      ["HASH_MISMATCH"],
      [["refit_on_train", "safe"]],
    ],
    [
      "split by another hash, with so many test units that some were seen",
      { own: { split: "by_id_other", parts: ["train"] }, split: "by_id_one", unit: ["id"], defaultSplit: null, testUnits: 10_000 }, // prettier-ignore
      ["INDEPENDENT_HASH_OVERLAP"],
      [["refit_on_train", "safe"]],
    ],
    [
      "split by time, judged by a hash that the workspace does not use",
      { own: { split: "by_month", parts: ["train"] }, split: "by_id_one", unit: ["id", "at"] },
      ["FIT_OVERLAPS_TEST"],
      [
        ["refit_on_train", "safe"],
        ["adopt_split_policy", "safe"],
      ],
    ],
    [
      "apart by a column that the unit does not hold: only another policy helps",
      { split: "by_month", unit: ["id"], defaultSplit: "by_id_one" },
      ["UNIT_NOT_DETERMINED"],
      [["adopt_split_policy", "safe"]],
    ],
    [
      "the model's own fit on its test rows: no plan changes which rows it holds out",
      { pipeline: { fit: ALL } },
      ["FIT_COVERS_TEST", "LOOKAHEAD_FIT"],
      [],
    ],
    ["refitted already", { own: ALL, pipeline: { refit: ["encoder"] } }, ["DISJOINT_TIME"], []],
    ["nothing wrong", { own: { split: "by_month", parts: ["train"] } }, ["DISJOINT_TIME"], []],
  ])("%s", (_, one, reasons, expected) => {
    const { verdict, proposed, verdictAfter } = fixesOf(one);
    expect(verdict.reasons).toEqual(reasons);
    expect(proposed.map(({ action, change }) => [action, verdictAfter(change)])).toEqual(expected);
  });
});

describe("what a fix changes", () => {
  it("forks the estimator for this pipeline alone, beside what it refits already", () => {
    const [fork] = fixesOf({ own: ALL, pipeline: { refit: ["scaler"] } }).proposed;
    expect(fork).toEqual({
      action: "refit_on_train",
      title: "Refit `encoder` on `m`'s training rows",
      estimators: ["encoder"],
      change: { refit: ["scaler", "encoder"] },
    });
  });

  it("ends the owner's rows at the first test row, less what a label takes", () => {
    const cutOf = (one: Case) => fixesOf(one).proposed.find(({ action }) => action === "cut_fit_window");
    expect(cutOf({ own: ALL })).toMatchObject({
      title: "Fit `encoder` only on rows before 2001-06-01, for everybody who reads it",
      change: {
        documents: [
          { name: "before_2001_06_01", column: "at", parts: { before: [null, "2001-06-01T00:00:00.000Z"] } },
          { name: "encoder", fit: { split: "before_2001_06_01", parts: ["before"] } },
        ],
      },
    });
    expect(cutOf({ own: ALL, horizon: 30 })?.change.documents?.[0]).toMatchObject({
      name: "before_2001_05_02",
      parts: { before: [null, "2001-05-02T00:00:00.000Z"], after: ["2001-05-02T00:00:00.000Z", null] },
    });
  });

  it("uses a policy that is there and says the same, and never one of that name that says something else", () => {
    const before = (end: string): SplitPolicyDefinition =>
      ({ kind: "SplitPolicy", name: "before_2001_06_01", type: "time", column: "at", parts: { before: [null, end] } }); // prettier-ignore
    const cutWith = (end: string) =>
      fixesOf({ own: ALL, splits: [...SPLITS, before(end)] }).proposed.find(
        ({ action }) => action === "cut_fit_window",
      );
    expect(cutWith("2001-06-01T00:00:00.000Z")?.change.documents?.map(({ name }) => name)).toEqual(["encoder"]);
    expect(cutWith("2001-04-01T00:00:00.000Z")).toBeUndefined();
  });

  it("does not guess which parts of another policy stand for the pipeline's", () => {
    const splits = [...SPLITS, HALVES];
    const { proposed } = fixesOf({ split: "by_month", unit: ["id"], defaultSplit: "halves", splits });
    expect(proposed).toEqual([]);
  });
});
