import { readFileSync } from "node:fs";
import { parse } from "lossless-json";
import { describe, expect, it } from "vitest";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import { previewLeakage } from "./leakage";

const cases = JSON.parse(readFileSync(new URL("../../test/fixtures/leakage-cases.json", import.meta.url), "utf8")) as {
  name: string;
  expected: unknown;
}[];

describe("previewLeakage", () => {
  // The whole case is sent, as a person would who has the file: its name, note and expected answer are ignored.
  it.each(cases.map((item) => [item.name, item] as const))("answers %s", (_, item) => {
    const answer = judgeLeakage(previewLeakage.body.parse(item));
    expect(previewLeakage.response.parse(answer)).toEqual(item.expected);
  });

  it("refuses a condition of a row-set that it does not know", () => {
    const wide = structuredClone(cases[0]) as unknown as { consumer: { test: object[] } };
    wide.consumer.test = [{ dataset: "sales", version: "1", tmie: ["2024-01-01", null] }];
    expect(previewLeakage.body.safeParse(wide).error?.issues[0]?.path).toEqual(["consumer", "test", 0]);
  });

  describe("keys beyond 2^53", () => {
    const text = readFileSync(new URL("../../test/fixtures/04-big-integer-leakage.json", import.meta.url), "utf8");
    const bounds = (low: unknown) => {
      const input = JSON.parse(text) as { consumer: { test: { keys: { range: unknown[] } }[] } };
      input.consumer.test[0]!.keys.range[0] = low;
      return input;
    };
    const asBigints = parse(text, null, {
      parseNumber: (digits) => (Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits)),
    });
    const asTexts = JSON.parse(text.replaceAll(/\b9007\d+/g, '"$&"')) as unknown;

    it.each([
      ["numbers", asBigints],
      ["texts", asTexts],
    ])("overlap as %s", (_, input) => {
      expect(judgeLeakage(previewLeakage.body.parse(input))).toMatchObject({
        verdict: "leak",
        perEstimator: { seg: { verdict: "leak", reasons: ["FIT_OVERLAPS_TEST"] } },
      });
    });

    it("are refused once they were rounded", () => {
      const refused = previewLeakage.body.safeParse(bounds(9007199254740992));
      expect(refused.error?.issues[0]?.path).toEqual(expect.arrayContaining(["keys", "range"]));
      expect(JSON.stringify(refused.error?.issues)).toContain("9007199254740993");
    });
  });

  it("refuses what it does not know: a list that is misspelt is no empty one, and its verdict would be safe", () => {
    const { estimators, ...rest } = structuredClone(cases[0]) as unknown as Record<string, unknown>;
    expect(() => previewLeakage.body.parse({ ...rest, estimator: estimators })).toThrow(/Unrecognized key.*estimator/s);
  });

  it("takes rows of the consumer that nobody recorded", () => {
    const input = structuredClone(cases[0]) as unknown as { consumer: { train: unknown } };
    input.consumer.train = null;
    expect(judgeLeakage(previewLeakage.body.parse(input)).perEstimator).toHaveProperty("consumer", {
      verdict: "unknown",
      reasons: ["FIT_UNRECORDED"],
    });
  });
});
