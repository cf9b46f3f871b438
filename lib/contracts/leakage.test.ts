import { readFileSync } from "node:fs";
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
});
