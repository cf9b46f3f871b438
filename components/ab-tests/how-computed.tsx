import { Anchor } from "@mantine/core";
import Link from "next/link";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import type { AbComparison, AbTest } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS, type MetricFacts } from "@/lib/domain/definitions/outcome-metrics";
import classes from "./ab-tests.module.css";

const FORMULA: Record<MetricFacts["kind"], string> = {
  mean: "Student's interval for each arm; Welch's for the difference, with Satterthwaite's degrees of freedom.",
  share: "Wilson's interval for each arm; Newcombe's for the difference (his method 10).",
  area: "DeLong's variance for each arm; the variances add up for the difference.",
};

/** Which rows, versions and formulas a verdict follows from. */
export function HowComputed({ test, comparison }: { test: AbTest; comparison: AbComparison }) {
  const { label } = METRIC_FACTS[test.metric];
  const { sampleRatio } = comparison;
  return (
    <Section id="how" title="How it was computed">
      <dl className={classes.facts}>
        <dt>Compared</dt>
        <dd>
          <TimeAgo at={comparison.evaluatedAt} />, predictions of {comparison.environment}
        </dd>
        <dt>Predictions</dt>
        <dd>
          {comparison.arms.map(({ name, dataset, versions, modelVersions }) => (
            <div key={name}>
              {name}: {dataset} v{versions.join(", v")}
              {modelVersions.length > 0 && `, scored by model version ${modelVersions.join(", ")}`}
            </div>
          ))}
        </dd>
        <dt>Truth</dt>
        <dd>
          <Anchor component={Link} href={`/features/${test.label}`} inherit underline="always">
            {test.label}
          </Anchor>{" "}
          of {comparison.label.dataset} v{comparison.label.version}
        </dd>
        <dt>Intervals</dt>
        <dd>
          {label}, at {Number(((1 - test.alpha) * 100).toFixed(3))} %. {FORMULA[METRIC_FACTS[test.metric].kind]}
          {test.arms.length > 2 &&
            " Differences hold for all pairs together; the better arm is decided with Holm's correction."}
        </dd>
        <dt>Matters from</dt>
        <dd>{test.minimumEffect > 0 ? `a difference of ${test.minimumEffect}` : "any difference"}</dd>
        <dt>Shares of rows</dt>
        <dd>
          {sampleRatio
            ? `${sampleRatio.found.map((share) => `${(share * 100).toFixed(1)} %`).join(" and ")} instead of ${sampleRatio.expected.map((share) => `${(share * 100).toFixed(1)} %`).join(" and ")}: ${sampleRatio.mismatch ? "unlikely to be chance" : "within chance"} (chi-square, p = ${sampleRatio.pValue < 0.001 ? sampleRatio.pValue.toExponential(1) : sampleRatio.pValue.toFixed(3)})`
            : "not checked: many rows share a key"}
        </dd>
      </dl>
    </Section>
  );
}
