"use client";

import { Anchor, Popover, Text, UnstyledButton } from "@mantine/core";
import Link from "next/link";
import { TimeAgo } from "@/components/ui/time-ago";
import type { RuleCheckEntry } from "@/lib/contracts/rules";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { describeResult, figureOf } from "@/lib/domain/rules/describe-result";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
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

/** One mark for each version: a filled bar failed, an outlined one passed; higher where the figure is higher. It opens the figures. */
export function RuleHistory({ dataset, words, moments }: { dataset: string; words: string; moments: RuleMoment[] }) {
  const figures = moments.map(({ result }) => Math.abs(figureOf(result as RuleResult) ?? 0));
  const top = Math.max(...figures, 0);
  const failed = moments.filter(({ result }) => !result.success).length;
  const newestFailure = moments.findLast(({ result }) => !result.success);
  return (
    <Popover position="bottom-end" width={360} shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.strip}
          aria-label={`${words}: ${moments.length} ${moments.length === 1 ? "check" : "checks"}, ${failed === 0 ? "all passed" : `${failed} failed`}. Show each.`}
        >
          {moments.map(({ version, at, result }, index) => (
            <span
              key={`${version} ${at}`}
              className={result.success ? classes.barPassed : classes.barFailed}
              style={{ height: `${top === 0 ? 40 : 40 + (60 * (figures[index] as number)) / top}%` }}
            />
          ))}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.moments}>
        <ul className={classes.list}>
          {moments.toReversed().map(({ version, at, result }) => (
            <li key={`${version} ${at}`}>
              <Anchor component={Link} size="sm" href={`/datasets/${encodeURIComponent(dataset)}?version=${version}`}>
                version {version}
              </Anchor>{" "}
              <Text span size="xs" c="dimmed">
                <TimeAgo at={at} />
              </Text>
              <Text size="sm">
                {result.success ? "passed" : "failed"}: {describeResult(result as RuleResult)}
              </Text>
            </li>
          ))}
        </ul>
        {newestFailure && <Examples moment={newestFailure} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** The values that were most often not as expected. */
function Examples({ moment: { version, result } }: { moment: RuleMoment }) {
  const counts = result.result.partial_unexpected_counts;
  const shown = Array.isArray(counts) ? (counts as { value: unknown; count: number }[]).slice(0, 10) : [];
  if (shown.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} mt="sm">
        Most frequent on version {version}
      </Text>
      <ul className={classes.examples}>
        {shown.map(({ value, count }) => (
          <li key={JSON.stringify(value)}>
            {value === null ? "missing" : typeof value === "string" ? value : JSON.stringify(value)}{" "}
            <Text span size="xs" c="dimmed">
              {count.toLocaleString("en-US")} times
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}
