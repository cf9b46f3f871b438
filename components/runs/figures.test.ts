import { describe, expect, it } from "vitest";
import {
  bytesInWords,
  durationInWords,
  metricInWords,
  metricNames,
  partNames,
  secondsLeft,
  windowInWords,
  figureInWords,
  figureLabel,
} from "./figures";

describe("figures of a run", () => {
  it.each([
    [0.04, "< 0.1 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [59.6, "1 min 00 s"],
    [185, "3 min 05 s"],
    [4350, "1 h 12 min"],
  ])("says %d seconds as %s", (seconds, words) => expect(durationInWords(seconds)).toBe(words));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [23_075_455, "23.1 MB"],
    [210_365, "210 kB"],
  ])("says %d bytes as %s", (bytes, words) => expect(bytesInWords(bytes)).toBe(words));

  it.each([
    ["2001-06-01T00:00:00.000Z", "2001-06-02T00:00:00.000Z", "2001-06-01"],
    ["2001-06-01T00:00:00.000Z", "2001-06-08T00:00:00.000Z", "2001-06-01 to 2001-06-07"],
    ["2001-06-01T06:00:00.000Z", "2001-06-02T00:00:00.000Z", "2001-06-01 06:00 to 2001-06-02 00:00"],
  ])("says the window from %s to %s", (from, to, words) => expect(windowInWords({ from, to })).toBe(words));

  it("estimates what is left only once there is something to go by", () => {
    expect(secondsLeft(1, 0.5)).toBeNull();
    expect(secondsLeft(10, 0.01)).toBeNull();
    expect(secondsLeft(10, 0.25)).toBe(30);
  });

  it("puts parts and metrics into the order in which they are read", () => {
    const metrics = { test: { rows: 1, lift: 2, auc: 0.6 }, train: { auc: 0.7 }, validation: {} };
    expect(partNames(metrics)).toEqual(["train", "validation", "test"]);
    expect(metricNames(metrics)).toEqual(["auc", "rows", "lift"]);
    expect(metricInWords("positives", 0.2134)).toBe("21.34 %");
    expect(metricInWords("rows", 502228)).toBe("502,228");
  });
});

describe("figures that a list is asked by", () => {
  it.each([
    ["metrics.test.auc", 0.81234, "AUC (test)", "0.8123"],
    ["metrics.train.accuracy", 0.5, "Accuracy (train)", "50.00 %"],
    ["params.late_model.regParam", 0.1, "late_model.regParam", "0.1"],
    ["params.tree.impurity", "gini", "tree.impurity", "gini"],
    ["params.tree.impurity", undefined, "tree.impurity", "–"],
  ])("%s of %j", (name, value, label, words) => {
    expect([figureLabel(name), figureInWords(name, value)]).toEqual([label, words]);
  });
});
