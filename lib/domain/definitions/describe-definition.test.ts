import { describe, expect, it } from "vitest";
import { describeDefinition, type Described } from "./describe-definition";
import { referencesOf } from "./references";

/** A definition, the sentence about it, and the objects that it names. */
const CASES: [Described, string, [kind: string, name: string, how: string][]][] = [
  [
    {
      kind: "Entity",
      name: "flight",
      joinKeys: [{ name: "id", type: "bigint" }],
      eventTime: "date",
      relations: [
        { name: "origin", entity: "airport", by: "origin" },
        { name: "to", entity: "airport", by: "destination" },
      ],
    },
    "Key: id (bigint). Event time: date. Related to airport by origin, airport by destination (to).",
    [["Entity", "airport", "is related to it by origin, is related to it by destination"]],
  ],
  [
    {
      kind: "FeatureView",
      name: "v",
      entity: "airport",
      features: ["airport.a"],
      ttlSeconds: 604_800,
      online: true,
      schedule: "0 3 * * *",
    },
    "1 feature of airport, served online, TTL 7 d. Copied to the online store at `0 3 * * *` (UTC).",
    [["Entity", "airport", "serves its features"]],
  ],
  [
    { kind: "SplitPolicy", name: "g", type: "group", key: "household", salt: "", parts: { train: 0.8, test: 0.2 } },
    "By group, a hash of household: train 80 %, test 20 %. Rows with equal keys are always in the same part.",
    [],
  ],
  [
    {
      kind: "SplitPolicy",
      name: "k",
      type: "kfold",
      folds: 5,
      test: 0.2,
      source: "flights",
      seed: 7,
      stratify: "late",
    },
    "Rows of flights, drawn at random within each value of late: 5 folds of equal shares of what is left beside 20 % for test. Each version of the source has an assignment of its own, which is kept.",
    [["Source", "flights", "assigns its rows to parts"]],
  ],
  [
    { kind: "FeatureService", name: "s", features: ["v:a", "v:b", "w:c"] },
    "3 features of 2 views, in the order that a model reads them.",
    [
      ["FeatureView", "v", "reads its features"],
      ["FeatureView", "w", "reads its features"],
    ],
  ],
  [
    {
      kind: "SplitPolicy",
      name: "by_month",
      type: "time",
      column: "date",
      parts: {
        train: [null, "2001-05-01T00:00:00Z"],
        test: ["2001-05-01T00:00:00Z", "2001-06-01T12:00:00Z"],
        all: [null, null],
      },
    },
    "By time in date: train before 2001-05-01, all at any time, test from 2001-05-01 until before 2001-06-01T12:00:00Z.",
    [],
  ],
  [
    {
      kind: "SplitPolicy",
      name: "h",
      type: "hash",
      algo: "md5-32",
      key: "id",
      salt: "s",
      buckets: 100,
      parts: {
        train: [
          [0, 60],
          [90, 100],
        ],
        test: [[60, 90]],
      },
    },
    "By hash of id: train 70 of 100 buckets, test 30 of 100 buckets. Rows with equal keys are always in the same part.",
    [],
  ],
  [
    {
      kind: "Pipeline",
      name: "p",
      outputs: ["flight.late_probability"],
      pins: { "airport.segment": "airport_bands" },
      fit: { split: "by_month", parts: ["train"] },
      evaluate: { split: "by_month", test: ["test"], label: "flight.late", model: "late_model", unit: ["id"] },
    },
    "Computes flight.late_probability, airport.segment by airport_bands. Trains model late_model on flight.late, tested on test of by_month.",
    [
      ["SplitPolicy", "by_month", "is fitted on train, is tested on test"],
      ["Model", "late_model", "registers its versions"],
    ],
  ],
  [
    { kind: "Monitor", name: "m", view: "v", environment: "staging", reference: { part: "train" }, metric: "natural" },
    "Compares features of v in staging with part train, window by window. Metric: automatic.",
    [["FeatureView", "v", "watches its features"]],
  ],
  [
    {
      kind: "Monitor",
      name: "w",
      source: "flights",
      environment: "dev",
      reference: { window: ["2001-01-01T00:00:00Z", "2001-02-01T00:00:00Z"] },
      metric: "psi",
      warn: 0.2,
    },
    "Compares columns of flights with rows from 2001-01-01 until before 2001-02-01, window by window. Metric: PSI (warn 0.2, critical by default).",
    [["Source", "flights", "watches its columns"]],
  ],
  [
    {
      kind: "Monitor",
      name: "c",
      drift: "concept",
      model: "late_model",
      metric: "log_loss",
      window: "week",
      onAlert: { fit: "late" },
    },
    "Compares the log loss of late_model in production, by week, with the test part of the model version that predicts. Warns at p < 0.05, critical at p < 0.01.",
    [
      ["Model", "late_model", "watches its predictions"],
      ["Deployment", "late", "starts its fit job on an alert"],
    ],
  ],
  [
    { kind: "Workspace", name: "flights", defaultSplit: "by_month" },
    "Teams share split policy by_month unless they say otherwise.",
    [["SplitPolicy", "by_month", "has it as default split policy"]],
  ],
];

describe.each(CASES)("%o", (definition, sentence, references) => {
  it("is told in words", () => {
    expect(describeDefinition(definition)).toBe(sentence);
  });

  it("names other objects", () => {
    expect(referencesOf(definition).map(({ kind, name, how }) => [kind, name, how])).toEqual(references);
  });
});

it("names the entities that a stage reads and writes, and the split that it is fitted by", () => {
  const references = referencesOf({
    kind: "Stage",
    name: "s",
    entity: "airport",
    from: "flight",
    estimator: "KMeans",
    inputs: ["flight.delay", "airport.name"],
    outputs: [{ column: "airport.segment", type: "string" }],
    fit: { split: "by_month", parts: ["train", "validation"] },
  });
  expect(references).toEqual([
    { kind: "Entity", name: "flight", how: "reads its rows, reads its columns" },
    { kind: "Entity", name: "airport", how: "reads its columns, writes its columns" },
    { kind: "SplitPolicy", name: "by_month", how: "is fitted on train and validation" },
  ]);
});
