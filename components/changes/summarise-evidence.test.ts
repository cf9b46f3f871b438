import { describe, expect, it } from "vitest";
import type { EvidenceItem } from "./evidence-strip";
import { worstTab } from "./summarise-evidence";

describe("worstTab", () => {
  const items = (grades: Partial<Record<EvidenceItem["tab"], EvidenceItem["grade"]>>) =>
    Object.entries(grades).map(([tab, grade]) => ({ tab, grade, name: tab, sentence: "" }) as EvidenceItem);

  it.each<[Parameters<typeof items>[0], EvidenceItem["tab"]]>([
    [{ rules: "good", evidence: "good", plan: "info" }, "evidence"],
    [{ rules: "good", evidence: "open", impact: "bad" }, "impact"],
    [{ rules: "stop", evidence: "bad" }, "rules"],
    [{ evidence: "bad", metrics: "stop" }, "metrics"],
    [{ evidence: "good", distribution: "open" }, "distribution"],
    [{ evidence: "bad", distribution: "bad" }, "evidence"],
  ])("of %o is %s", (grades, tab) => {
    expect(worstTab(items(grades))).toBe(tab);
  });
});
