import { describe, expect, it } from "vitest";
import { checkRuleEvidence, type RuleCheckQuestion } from "./rule-check";

const fine: RuleCheckQuestion = { evaluated: 12, critical: 0, warnings: 0, unchecked: 0, quarantined: [], failed: [] };
const failure = (severity: string, words = "id: values are unique") => ({
  words,
  severity,
  dataset: "orders",
  version: 3,
});

describe("checkRuleEvidence", () => {
  it.each<[string, Partial<RuleCheckQuestion>, boolean, string, boolean, string]>([
    ["all pass", {}, false, "hard", true, "All 12 rules passed."],
    ["none are declared", { evaluated: 0 }, false, "advisory", true, "These data have no rules."],
    ["a critical one failed", { critical: 1, quarantined: ["orders@3"], failed: [failure("critical")] }, false, "hard", false, "orders@3 is in quarantine. A critical rule failed: id: values are unique in orders@3. Correct the data, or relax the rule, and check again."],
    ["the data are in quarantine for another feature's sake", { quarantined: ["orders@3"] }, false, "hard", false, "orders@3 is in quarantine. Correct the data, or relax the rule, and check again."],
    ["a critical one failed on the way back", { critical: 1, quarantined: ["orders@3"], failed: [failure("critical")] }, true, "soft", false, "in quarantine"],
    ["others failed", { warnings: 1, failed: [failure("warning")] }, false, "soft", false, "1 of 12 rules failed, none of them critical: id: values are unique in orders@3."],
    ["some were never checked", { unchecked: 2 }, false, "soft", false, "2 rules were not checked on these data"],
  ])("%s", (_, change, rollback, grade, passed, sentence) => {
    const check = checkRuleEvidence({ ...fine, ...change }, rollback);
    expect(check).toMatchObject({ name: "rules", grade, passed });
    expect(check.sentence).toContain(sentence);
  }); // prettier-ignore

  it("names three of many", () => {
    const failed = ["a", "b", "c", "d", "e"].map((words) => failure("warning", words));
    expect(checkRuleEvidence({ ...fine, warnings: 5, failed }, false).sentence).toContain("c in orders@3; and 2 more.");
  });
});
