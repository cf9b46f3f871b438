"use client";

import { Tooltip } from "@mantine/core";
import type { RuleCheckEntry } from "@/lib/contracts/rules";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { describeResult, figureOf } from "@/lib/domain/rules/describe-result";
import type { RuleResult } from "@/lib/domain/rules/rule";
import classes from "./rules.module.css";

type Result = RuleCheckEntry["results"][number];

/** How many checks a strip has room for. */
const SHOWN = 12;

/** A result of one rule on one dataset version. */
export interface RuleMoment {
  version: number;
  at: string;
  result: Result;
}

/** What a rule found in its present wording, the oldest first. */
export function historyOf(
  rule: Pick<Result["expectation_config"], "type" | "kwargs">,
  checks: RuleCheckEntry[],
): RuleMoment[] {
  const wording = canonicalJson({ type: rule.type, kwargs: rule.kwargs });
  return checks
    .flatMap(({ version, at, results }) => {
      const result = results.find(
        ({ expectation_config: { type, kwargs } }) => canonicalJson({ type, kwargs }) === wording,
      );
      return result ? [{ version, at, result }] : [];
    })
    .slice(0, SHOWN)
    .reverse();
}

/** One mark for each version: a filled bar failed, an outlined one passed; higher where the figure is higher. */
export function RuleHistory({ moments }: { moments: RuleMoment[] }) {
  const figures = moments.map(({ result }) => Math.abs(figureOf(result as RuleResult) ?? 0));
  const top = Math.max(...figures, 0);
  const failed = moments.filter(({ result }) => !result.success).length;
  return (
    <span
      role="img"
      className={classes.strip}
      aria-label={`${moments.length} ${moments.length === 1 ? "check" : "checks"}, ${failed === 0 ? "all passed" : `${failed} failed`}; the newest on version ${moments.at(-1)?.version ?? 0}`}
    >
      {moments.map(({ version, at, result }, index) => (
        <Tooltip
          key={`${version} ${at}`}
          multiline
          maw={320}
          label={`version ${version}, ${at.slice(0, 16).replace("T", " ")}: ${result.success ? "passed" : "failed"}, ${describeResult(result as RuleResult)}`}
        >
          <span
            className={result.success ? classes.barPassed : classes.barFailed}
            style={{ height: `${top === 0 ? 40 : 40 + (60 * (figures[index] as number)) / top}%` }}
          />
        </Tooltip>
      ))}
    </span>
  );
}
