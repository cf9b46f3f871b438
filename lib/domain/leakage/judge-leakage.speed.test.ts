import { expect, it } from "vitest";
import { createLeakageJudge } from "./judge-leakage";
import type { Box, EstimatorFit, FittedWorld } from "./types";

const FEATURES = 10_000;
const CONSUMERS = 50;

/** Each of the features has a fit of its own; every tenth is also built on the one before. */
const estimators = Array.from({ length: FEATURES }, (_, index): EstimatorFit => {
  const fit: Box = { dataset: "flights", version: "1", split: { policy: "H", parts: ["train"] } };
  return {
    id: `e${index}`,
    class: "statistic",
    inputs: [index % 10 === 9 ? `f${index - 1}` : "amount", "distance"],
    fitInputs: [],
    outputs: [`f${index}`],
    fit: [{ ...fit, keys: { column: "flight", range: [index, null] } }],
  };
});

const world: FittedWorld = {
  datasets: { flights: { columns: ["flight", "ts"], rowKey: ["flight"], timeColumn: "ts", versions: { 1: {} } } },
  policies: {
    H: {
      type: "hash",
      algo: "md5-32",
      key: "flight",
      salt: "s",
      buckets: 10,
      parts: { train: [[0, 8]], test: [[8, 10]] },
    },
  },
  estimators,
  transformers: [],
};

it(`judges ${CONSUMERS} consumers of ${FEATURES} features, each with its own fit, in time linear in the edges`, () => {
  const started = process.cpuUsage();
  const judge = createLeakageJudge(world);
  const features = estimators.flatMap(({ outputs }) => outputs);
  let safe = 0;
  for (let index = 0; index < CONSUMERS; index += 1) {
    const consumer = {
      features,
      unit: ["flight"],
      train: [{ dataset: "flights", version: "1", split: { policy: "H", parts: ["train"] } }],
      test: [{ dataset: "flights", version: "1", split: { policy: "H", parts: ["test"] } }],
      testUnits: index,
    };
    if (judge.judge(consumer, []).verdict === "safe") safe += 1;
    expect(judge.judgeFeatures(consumer, []).size).toBe(FEATURES);
  }
  expect(safe).toBe(CONSUMERS);
  // Processor time, since other work on the machine must not decide. Work that grows with features × edges would take minutes.
  const { user } = process.cpuUsage(started);
  expect(user / 1e6).toBeLessThan(10);
}, 120_000);
