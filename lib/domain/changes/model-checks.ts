import { MODEL_METRICS } from "../outcomes/model-metrics";
import type { Verdict } from "../leakage/codes";
import type { GovernedEnvironment } from "./promotion-policy";

export const CHECK_GRADES = ["hard", "soft", "advisory"] as const;
/** A hard check must pass; a soft one asks reviewers to look; an advisory one informs. */
type CheckGrade = (typeof CHECK_GRADES)[number];

export interface ChangeCheck {
  name: string;
  grade: CheckGrade;
  passed: boolean;
  /** What was found, for people. */
  sentence: string;
}

/** Metrics of one part: of the proposed version, and of the version that the alias names now. */
export interface ComparedMetric {
  part: string;
  metric: string;
  before: number | null;
  after: number | null;
}

export interface ModelCheckQuestion {
  alias: GovernedEnvironment;
  /** The version had the alias before. */
  rollback: boolean;
  leakage: { verdict: Verdict; sentence: string };
  /** How often its test rows were scored, by whichever models; left out where nobody counted. */
  testUse?: { scored: number; limit: number | null; check: "soft" | "hard" } | null;
  /** The feature versions that the model reads, with the environments that serve them now. */
  reads: readonly { feature: string; version: number; environments: readonly string[] }[];
  metrics: readonly ComparedMetric[];
  /** Whether both versions were tested on the same rows against the same label. */
  sameRows: boolean;
  /** Jobs that would score with the proposed version at their next run; `fits` says whether they can. */
  followers: readonly { deployment: string; fits: boolean }[];
}

/** Whether a metric became better or worse; null where no direction is known or a value is missing. */
export function directionOf({
  metric,
  before,
  after,
}: Omit<ComparedMetric, "part">): "better" | "worse" | "same" | null {
  const wanted = MODEL_METRICS[metric]?.better;
  if (wanted === undefined || before === null || after === null) return null;
  if (before === after) return "same";
  return after > before === (wanted === "higher") ? "better" : "worse";
}

/**
 * What is checked before an alias moves. A leak is hard in production: its test score says nothing of what it will do there.
 * Going back to a version that had the alias before only warns, because an emergency must not be locked out.
 */
export function checkModel(question: ModelCheckQuestion): ChangeCheck[] {
  return [
    checkLeakage(question),
    ...checkTestUse(question),
    checkReads(question),
    checkMetrics(question),
    checkFollowers(question),
  ];
}

export function failingHardChecks(checks: readonly ChangeCheck[]): ChangeCheck[] {
  return checks.filter(({ grade, passed }) => grade === "hard" && !passed);
}

function checkLeakage({ alias, rollback, leakage }: ModelCheckQuestion): ChangeCheck {
  const blocks = alias === "production" && !rollback && leakage.verdict !== "unknown";
  return {
    name: "leakage",
    grade: blocks ? "hard" : "soft",
    passed: leakage.verdict === "safe",
    sentence: leakage.sentence,
  };
}

/** Nothing where nobody counts, or no budget is set. Going back must not be locked out here either. */
function checkTestUse({ alias, rollback, testUse }: ModelCheckQuestion): ChangeCheck[] {
  if (!testUse || testUse.limit === null) return [];
  const { scored, limit, check } = testUse;
  const times = (count: number) => (count === 1 ? "once" : `${count} times`);
  const passed = scored <= limit;
  return [
    {
      name: "test rows",
      grade: check === "hard" && alias === "production" && !rollback ? "hard" : "soft",
      passed,
      sentence: passed
        ? `Its test rows were scored ${times(scored)}, by whichever models, of ${limit} that the workspace allows.`
        : `Its test rows were scored ${times(scored)}, by whichever models, and the workspace allows ${limit}: choices may have adapted to them. Test it on other rows.`,
    },
  ];
}

function checkReads({ alias, reads }: ModelCheckQuestion): ChangeCheck {
  // What production serves has been in staging, so that it may be read there too.
  const served = alias === "production" ? ["production"] : ["staging", "production"];
  const early = reads.filter(({ environments }) => !environments.some((environment) => served.includes(environment)));
  const named = early.slice(0, 3).map(({ feature, version }) => `\`${feature}\` v${version}`);
  const more = early.length > named.length ? ` and ${early.length - named.length} more` : "";
  return {
    name: "features",
    grade: "soft",
    passed: early.length === 0,
    sentence:
      early.length === 0
        ? `Every feature version that it reads is served in ${alias}.`
        : `${early.length} of ${reads.length} feature versions that it reads ${early.length === 1 ? "is" : "are"} not served in ${alias}: ${named.join(", ")}${more}.`,
  };
}

function checkMetrics({ metrics, sameRows }: ModelCheckQuestion): ChangeCheck {
  const compared = metrics.filter(({ part, before, after }) => part === "test" && before !== null && after !== null);
  const worse = compared.filter((metric) => directionOf(metric) === "worse");
  const name = "metrics";
  if (compared.length === 0)
    return { name, grade: "advisory", passed: true, sentence: "There is no earlier score to compare with." };
  if (!sameRows)
    return {
      name,
      grade: "soft",
      passed: false,
      sentence: "The two versions were tested on different rows, so their scores do not compare.",
    };
  return {
    name,
    grade: "soft",
    passed: worse.length === 0,
    sentence:
      worse.length === 0
        ? "On the test rows it is no worse than the version it replaces."
        : `On the test rows it is worse in ${worse.map(({ metric }) => metric).join(", ")}.`,
  };
}

function checkFollowers({ alias, followers }: ModelCheckQuestion): ChangeCheck {
  const unfit = followers.filter(({ fits }) => !fits).map(({ deployment }) => deployment);
  const name = "jobs";
  if (unfit.length > 0)
    return {
      name,
      grade: "soft",
      passed: false,
      sentence: `It was made by another variant than ${unfit.join(", ")} ${unfit.length === 1 ? "runs" : "run"}, whose ${alias} ${unfit.length === 1 ? "job" : "jobs"} cannot score with it.`,
    };
  return {
    name,
    grade: "advisory",
    passed: true,
    sentence:
      followers.length === 0
        ? `No deployment follows ${alias}.`
        : `${followers.length === 1 ? "One job follows" : `${followers.length} jobs follow`} ${alias} and will score with it at ${followers.length === 1 ? "its" : "their"} next run.`,
  };
}
