import type { ChangeCheck } from "./model-checks";

export interface RuleCheckQuestion {
  evaluated: number;
  critical: number;
  warnings: number;
  unchecked: number;
  /** Data in quarantine, as `dataset@version`. */
  quarantined: readonly string[];
  /** Worst first. */
  failed: readonly { words: string; severity: string; dataset: string; version: number }[];
}

/**
 * Nothing of data in quarantine is promoted, and nothing that fails a critical rule. Going back to what was served before only
 * warns, because an emergency must not be locked out.
 */
export function checkRuleEvidence(rules: RuleCheckQuestion, rollback: boolean): ChangeCheck {
  const { evaluated, critical, warnings, unchecked, quarantined } = rules;
  const name = "rules";
  const failedWords = (isCritical: boolean) => {
    const words = rules.failed
      .filter(({ severity }) => (severity === "critical") === isCritical)
      .map(({ words, dataset, version }) => `${words} in ${dataset}@${version}`);
    return `${words.slice(0, 3).join("; ")}${words.length > 3 ? `; and ${words.length - 3} more` : ""}`;
  };
  if (quarantined.length > 0 || critical > 0)
    return {
      name,
      grade: rollback ? "soft" : "hard",
      passed: false,
      sentence: [
        quarantined.length > 0 ? `${quarantined.join(" and ")} ${quarantined.length === 1 ? "is" : "are"} in quarantine.` : "",
        critical > 0 ? `${critical === 1 ? "A critical rule" : `${critical} critical rules`} failed: ${failedWords(true)}.` : "",
        "Correct the data, or relax the rule, and check again.",
      ].filter(Boolean).join(" "),
    }; // prettier-ignore
  if (warnings > 0)
    return {
      name,
      grade: "soft",
      passed: false,
      sentence: `${warnings} of ${evaluated} rules failed, none of them critical: ${failedWords(false)}.`,
    };
  if (unchecked > 0)
    return {
      name,
      grade: "soft",
      passed: false,
      sentence: `${unchecked === 1 ? "One rule was" : `${unchecked} rules were`} not checked on these data in the present wording. Check them on the data's page.`,
    };
  if (evaluated === 0) return { name, grade: "advisory", passed: true, sentence: "These data have no rules." };
  return {
    name,
    grade: rollback ? "soft" : "hard",
    passed: true,
    sentence: evaluated === 1 ? "The only rule passed." : `All ${evaluated} rules passed.`,
  };
}
