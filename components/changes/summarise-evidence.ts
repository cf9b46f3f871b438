import { describeScore } from "@/lib/domain/drift/drift-words";
import { directionOf } from "@/lib/domain/changes/model-checks";
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import type { ModelEvidence } from "@/lib/contracts/change-model-evidence";
import type { RuleEvidence } from "@/lib/contracts/change-rules";
import type { Change } from "@/lib/contracts/changes";
import type { ChangeTab } from "./change-views";
import type { EvidenceItem, Grade } from "./evidence-strip";

const things = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function gradeIn(checks: Change["checks"], name: string): Grade {
  const check = checks.find((candidate) => candidate.name === name);
  if (!check || check.grade === "advisory") return "info";
  if (check.passed) return "good";
  return check.grade === "hard" ? "stop" : "bad";
}

/** "12/12", and what stands in the way. Nothing for a request that ended before rules counted. */
function summariseRules(rules: RuleEvidence | undefined, checks: Change["checks"]): EvidenceItem[] {
  if (!rules) return [];
  const { evaluated, passed, quarantined, unchecked, personal } = rules;
  const undeclared = personal.filter(({ declared }) => !declared).length;
  const notes = [
    ...(quarantined.length > 0 ? ["data in quarantine"] : []),
    ...(unchecked > 0 ? [`${unchecked} not checked`] : []),
    ...(undeclared > 0 ? ["personal data found"] : []),
  ];
  return [
    {
      tab: "rules",
      name: "Rules",
      grade: gradeIn(checks, "rules"),
      sentence: [evaluated === 0 ? "none declared" : `${passed}/${evaluated} pass`, ...notes].join(", "),
    },
  ];
}

/** That nobody is concerned is no praise of the impact. */
function gradeOfReaders(checks: Change["checks"]): Grade {
  const grade = gradeIn(checks, "readers");
  return grade === "good" ? "info" : grade;
}

const WORST_FIRST: readonly Grade[] = ["stop", "bad", "open"];

/** The tab that a reviewer should look at first: that of the worst evidence, or the first where nothing is wrong. */
export function worstTab(items: readonly EvidenceItem[]): ChangeTab {
  const worst = WORST_FIRST.flatMap((grade) => items.filter((item) => item.grade === grade))[0];
  return worst?.tab ?? "evidence";
}

/** The evidence of a request on a feature, in sentences. */
export function summariseFeature(evidence: FeatureEvidence, checks: Change["checks"]): EvidenceItem[] {
  const { leakage, drift, definition, plan, impact, owners, readers = [] } = evidence;
  const verdicts = (verdict: string) => leakage.filter((item) => item.verdict === verdict).length;
  const differs = plan.filter((item) => item.change !== "kept").length;
  const models = impact.filter((item) => item.kind === "model").length;
  return [
    ...summariseRules(evidence.rules, checks),
    {
      tab: "evidence",
      name: "Leakage",
      grade: verdicts("leak") > 0 ? "bad" : verdicts("unknown") > 0 ? "open" : leakage.length > 0 ? "good" : "info",
      sentence:
        leakage.length === 0
          ? "no model reads this version"
          : `safe for ${verdicts("safe")} of ${things(leakage.length, "consumer")}`,
    },
    {
      tab: "definition",
      name: "Definition",
      grade: "info",
      sentence: definition.before
        ? things(definition.changes.length, "difference")
        : `new, by ${definition.after.writer}`,
    },
    {
      tab: "plan",
      name: "Plan",
      grade: "info",
      sentence: differs === 0 ? "the same stages" : `${things(differs, "stage")} differ${differs === 1 ? "s" : ""}`,
    },
    {
      tab: "distribution",
      name: "Distribution",
      grade: !drift ? "open" : drift.state === "fine" ? "good" : drift.state === "insufficient_data" ? "open" : "bad",
      sentence:
        drift?.score === undefined || drift.score === null
          ? "not comparable"
          : `${describeScore(drift.metric, drift.score)}, ${drift.state}`,
    },
    {
      tab: "impact",
      name: "Impact",
      grade: gradeOfReaders(checks),
      sentence: [
        ...(readers.length > 0 ? [`${things(readers.length, "model version")} trained on other versions`] : []),
        `${things(models, "model")}, ${things(impact.length - models, "other reader")}, ${things(owners.length, "owner")}`,
      ].join("; "),
    },
  ];
}

/** The evidence of a request on a model, in sentences, with what the checks make of it. */
export function summariseModel(evidence: ModelEvidence, checks: Change["checks"]): EvidenceItem[] {
  const { before, after, leakage, reads, metrics, sameRows, plan, followers } = evidence;
  const gradeOf = (name: string) => gradeIn(checks, name);
  const served = reads.filter(({ environments }) => environments.includes("production")).length;
  const tested = metrics.filter(({ part, before: old }) => part === "test" && old !== null);
  const better = tested.filter((metric) => directionOf(metric) === "better").length;
  const worse = tested.filter((metric) => directionOf(metric) === "worse").length;
  const differs = plan.filter((item) => item.change !== "kept").length;
  return [
    ...summariseRules(evidence.rules, checks),
    {
      tab: "evidence",
      name: "Leakage",
      grade: leakage.verdict === "unknown" ? "open" : gradeOf("leakage"),
      sentence: leakage.verdict === "safe" ? `safe, of ${things(reads.length, "feature")}` : leakage.verdict,
    },
    {
      tab: "metrics",
      name: "Metrics",
      grade: gradeOf("metrics"),
      sentence: !before
        ? "nothing to compare with"
        : sameRows
          ? `on test ${better} better, ${worse} worse than v${before.version}`
          : `v${before.version} was tested on other rows`,
    },
    {
      tab: "features",
      name: "Features",
      grade: gradeOf("features"),
      sentence: `${served} of ${reads.length} in production`,
    },
    {
      tab: "plan",
      name: "Plan",
      grade: "info",
      sentence: !before
        ? `new, by ${after.stage}`
        : differs === 0
          ? "the same stages"
          : `${things(differs, "stage")} differ${differs === 1 ? "s" : ""}`,
    },
    {
      tab: "jobs",
      name: "Jobs",
      grade: gradeOf("jobs"),
      sentence: followers.length === 0 ? "none follows" : `${things(followers.length, "job")} will follow`,
    },
  ];
}
