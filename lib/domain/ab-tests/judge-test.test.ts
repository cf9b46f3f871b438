import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeVerdict, figure } from "./describe-verdict";
import { holm } from "../statistics/holm";
import { type ArmSample, judgeTest, type TestPlan } from "./judge-test";
import { checkSampleRatio, countBuckets } from "./sample-ratio";

const PLAN: TestPlan = { metric: "logLoss", alpha: 0.05, minimumEffect: 0.001, rowIsUnit: true };

const arm = (name: string, value: number, more: Partial<ArmSample> & { variance?: number } = {}): ArmSample => {
  const { variance = 0.15, n = 250_000, ...rest } = more;
  return {
    name,
    buckets: 50,
    n,
    missingPredictions: 0,
    missingLabels: 0,
    figures: n === 0 ? {} : { logLoss: { n, value, variance } },
    ...rest,
  };
};

function judge(arms: ArmSample[], plan: Partial<TestPlan> = {}) {
  const judgement = judgeTest(arms, { ...PLAN, ...plan });
  return { ...judgement, sentence: describeVerdict(judgement, arms, { ...PLAN, ...plan }) };
}

describe("the verdict on two arms", () => {
  it("names the better arm with its uncertainty", () => {
    const found = judge([arm("A", 0.4521, { n: 251_000 }), arm("B", 0.4467, { n: 250_400 })]);
    expect(found.verdict).toEqual({ code: "better", winner: "B" });
    expect(found.metrics[0]?.pairs[0]?.verdict).toBe("b_better");
    expect(found.sentence).toBe(
      "B's log loss is lower by 0.0054 (95 % interval 0.0033 to 0.0075, n = 251,000 and 250,400): B is better",
    );
  });

  it("turns round with the arms, and with a metric of which more is better", () => {
    expect(judge([arm("A", 0.4467), arm("B", 0.4521)]).verdict).toEqual({ code: "better", winner: "A" });
    const area = (value: number) => ({ figures: { auc: { n: 250_000, value, variance: 1e-6 } } });
    const found = judge([arm("A", 0, area(0.7)), arm("B", 0, area(0.72))], { metric: "auc", minimumEffect: 0 });
    expect(found.verdict).toEqual({ code: "better", winner: "B" });
    expect(found.sentence).toContain("B's AUC is higher by 0.0200 (95 % interval 0.0172 to 0.0228");
  });

  it("says that a difference may be smaller than what would matter", () => {
    const found = judge([arm("A", 0.4521), arm("B", 0.4497)]);
    expect(found.verdict.code).toBe("better");
    expect(found.sentence).toContain("B is better, though perhaps by less than the 0.0010 that would matter");
  });

  it("is no difference where the interval is within the minimum effect, even one that leaves zero out", () => {
    const found = judge([arm("A", 0.4521, { n: 25_000_000 }), arm("B", 0.4517, { n: 25_000_000 })]);
    expect(found.metrics[0]?.pairs[0]?.difference?.interval.high).toBeLessThan(0);
    expect(found.verdict.code).toBe("no_difference");
    expect(found.sentence).toContain(": no difference of 0.0010 or more, which is what would matter");
  });

  it("is undecided where the interval includes zero and more", () => {
    const found = judge([arm("A", 0.4521, { n: 900 }), arm("B", 0.4467, { n: 905 })]);
    expect(found.verdict).toEqual({ code: "undecided", winner: null });
    expect(found.sentence).toBe(
      "B's log loss is lower by 0.005 (95 % interval −0.030 to 0.041, n = 900 and 905): undecided, the interval includes zero",
    );
  });

  it("is undecided without rows, or with one", () => {
    expect(judge([arm("A", 0.4), arm("B", 0.4, { n: 0 })])).toMatchObject({
      verdict: { code: "undecided" },
      sentence: expect.stringContaining("not every arm has rows"),
    });
    const one = { n: 1, figures: { logLoss: { n: 1, value: 0.3, variance: null } } };
    expect(judge([arm("A", 0.4, one), arm("B", 0.4, one)]).sentence).toContain("Too few rows tell");
  });

  it("is withheld when the rows are not in the policy's shares", () => {
    const found = judge([arm("A", 0.4521, { n: 251_000 }), arm("B", 0.4467, { n: 240_000 })]);
    expect(found.verdict).toEqual({ code: "withheld", winner: null });
    expect(found.sentence).toContain("A has 51.1 % of the rows instead of 50.0 %");
    // Where many rows share a key, their number says nothing about the assignment.
    expect(
      judge([arm("A", 0.4521, { n: 251_000 }), arm("B", 0.4467, { n: 240_000 })], { rowIsUnit: false }).verdict.code,
    ).toBe("better");
  });
});

describe("more than two arms", () => {
  it("have a winner that is better than each of the others", () => {
    const thirds = { buckets: 20 };
    const found = judge([arm("A", 0.46, thirds), arm("B", 0.45, thirds), arm("C", 0.44, thirds)]);
    expect(found.verdict).toEqual({ code: "better", winner: "C" });
    expect(found.metrics[0]?.pairs.map(({ a, b, verdict }) => `${a}${b} ${verdict}`)).toEqual([
      "AB b_better",
      "AC b_better",
      "BC b_better",
    ]);
    expect(found.sentence).toContain("C is better than each of the others. B's log loss is lower by 0.0100");
  });

  it("have none when the best two cannot be told apart, and wider intervals than two have", () => {
    const found = judge([arm("A", 0.46), arm("B", 0.4401), arm("C", 0.44)]);
    expect(found.verdict.code).toBe("undecided");
    const two = judge([arm("A", 0.46), arm("B", 0.4401)]);
    const width = ({ metrics }: typeof two) => {
      const { low, high } = metrics[0]!.pairs[0]!.difference!.interval;
      return high - low;
    };
    expect(width(found)).toBeGreaterThan(width(two));
  });
});

describe("holm", () => {
  it("multiplies the smallest by all, the next by one less, and never falls", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([0.02])).toEqual([0.02]);
  });

  it("is between the p-value and Bonferroni's", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }), (pValues) => {
        holm(pValues).forEach((corrected, index) => {
          expect(corrected).toBeGreaterThanOrEqual(pValues[index] as number);
          expect(corrected).toBeLessThanOrEqual(Math.min(1, (pValues[index] as number) * pValues.length));
        });
      }),
    );
  });
});

describe("checkSampleRatio", () => {
  it("computed by hand", () => {
    // Expected 500 and 500: 2 × 20²/500 = 1.6, p = 0.2059 (chi-square, one degree of freedom).
    const found = checkSampleRatio([520, 480], [50, 50]);
    expect(found.chiSquare).toBeCloseTo(1.6, 12);
    expect(found.pValue).toBeCloseTo(0.2059, 4);
    expect(found.mismatch).toBe(false);
    expect(checkSampleRatio([600, 400], [50, 50]).mismatch).toBe(true);
    expect(checkSampleRatio([600, 400], [60, 40])).toMatchObject({ chiSquare: 0, pValue: 1, mismatch: false });
    expect(checkSampleRatio([0, 0], [1, 1]).mismatch).toBe(false);
  });

  it("counts the buckets of several ranges and parts", () => {
    expect(
      countBuckets(
        {
          a: [
            [0, 10],
            [20, 25],
          ],
          b: [[10, 20]],
        },
        ["a", "b"],
      ),
    ).toBe(25);
    expect(countBuckets({ a: [[0, 10]] }, ["nothing"])).toBe(0);
  });
});

describe("figure", () => {
  it.each([
    [0.00214, 0.0009, "0.00214"],
    [0.00214, 0.005, "0.0021"],
    [-0.25, 0.3, "−0.25"],
    [12.3456, 4, "12.3"],
    [1234.5, 50, "1,235"],
    [-0.00001, 0.01, "0.000"],
    [0.5, 0, "0.5000"],
  ])("%d at %d is %s", (value, scale, text) => expect(figure(value, scale)).toBe(text));
});

describe("any two arms", () => {
  it("have the same verdict in either order, whatever the plan", () => {
    const arms = fc.record({
      n: fc.integer({ min: 2, max: 1_000_000 }),
      value: fc.double({ min: 0.2, max: 0.6, noNaN: true }),
      variance: fc.double({ min: 0.001, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(arms, arms, fc.constantFrom(0, 0.001, 0.1), (one, other, minimumEffect) => {
        const a = arm("A", one.value, one);
        const b = arm("B", other.value, other);
        expect(judge([a, b], { minimumEffect }).verdict).toEqual(judge([b, a], { minimumEffect }).verdict);
      }),
    );
  });
});
