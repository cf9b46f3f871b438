import { describe, expect, it } from "vitest";
import { toAddress, type Tried, triedOf } from "./trial-state";

const saved: Tried = { metric: "psi", warn: 0.1, critical: 0.25, calibrated: false, after: 1 };
const NOTHING = { tryMetric: null, tryWarn: null, tryCritical: null, tryCalibrated: null, tryAfter: null };

describe("what is tried on a monitor's history", () => {
  it.each<[string, Tried]>([
    ["what is saved", saved],
    ["another threshold", { ...saved, warn: 0.2 }],
    ["another metric with its own thresholds", { ...saved, metric: "ks", warn: null, critical: null }],
    ["another metric with others", { ...saved, metric: "ks", warn: 0.3, critical: 0.4 }],
    ["calibrated, three in a row", { ...saved, calibrated: true, after: 3 }],
  ])("comes back from the address: %s", (_, tried) => {
    expect(triedOf(saved, toAddress(saved, tried))).toEqual(tried);
  });

  it("leaves nothing in the address of what is saved, and reads nonsense as the least that there is", () => {
    expect(toAddress(saved, saved)).toEqual(NOTHING);
    expect(triedOf(saved, { ...NOTHING, tryAfter: -4 }).after).toBe(1);
  });
});
