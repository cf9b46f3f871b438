import { CONCEPT_METRICS, conceptThresholds, type ConceptMonitorDefinition } from "./concept-monitor";
import type { Definition } from "./definition";
import { DRIFT_METRICS } from "./drift-metric";
import type { EntityDefinition } from "./entity";
import type { FeatureServiceDefinition } from "./feature-service";
import type { FeatureViewDefinition } from "./feature-view";
import type { MonitorDefinition } from "./monitor";
import { METRIC_FACTS } from "./outcome-metrics";
import type { PipelineDefinition } from "./pipeline";
import { toSplitRule } from "./split-rule";
import type { Shares, SplitPolicyDefinition } from "./split-policy";

/** Declared objects that are told in a sentence. Sources, stages, features and models have pages that show what they are. */
export type Described = Exclude<Definition, { kind: "Source" | "Stage" | "Feature" | "Model" }>;

/** What a definition says, in a sentence or two. */
export function describeDefinition(definition: Described): string {
  switch (definition.kind) {
    case "Workspace":
      return [
        definition.defaultSplit === undefined
          ? "No default split policy."
          : `Teams share split policy ${definition.defaultSplit} unless they say otherwise.`,
        ...(definition.testBudget ? [`The same test rows may be scored ${definition.testBudget.scorings} times.`] : []),
      ].join(" ");
    case "Entity":
      return describeEntity(definition);
    case "FeatureView":
      return describeView(definition);
    case "FeatureService":
      return describeService(definition);
    case "SplitPolicy":
      return describeSplit(definition);
    case "Pipeline":
      return describePipeline(definition);
    case "Monitor":
      return definition.drift === "concept" ? describeConcept(definition) : describeDriftMonitor(definition);
  }
}

function describeEntity({ joinKeys, eventTime, relations = [] }: EntityDefinition): string {
  const keys = joinKeys.map(({ name, type }) => `${name} (${type})`).join(", ");
  const time = eventTime === undefined ? "No event time." : `Event time: ${eventTime}.`;
  const related = relations.map(({ name, entity, by }) => `${entity} by ${by}${name === by ? "" : ` (${name})`}`);
  return [`Key: ${keys}.`, time, ...(related.length > 0 ? [`Related to ${related.join(", ")}.`] : [])].join(" ");
}

function describeView({ entity, features, online, ttlSeconds, schedule }: FeatureViewDefinition): string {
  const served = online ? "online" : "offline only";
  const copied = schedule === undefined ? "" : ` Copied to the online store at \`${schedule}\` (UTC).`;
  return `${count(features.length, "feature")} of ${entity}, served ${served}, ${describeTtl(ttlSeconds)}.${copied}`;
}

/** How long an online value may be served. */
export function describeTtl(seconds: number): string {
  if (seconds === 0) return "no expiry (TTL 0)";
  if (seconds % 86_400 === 0) return `TTL ${seconds / 86_400} d`;
  return seconds % 3600 === 0 ? `TTL ${seconds / 3600} h` : `TTL ${seconds.toLocaleString("en")} s`;
}

function describeService({ features }: FeatureServiceDefinition): string {
  const views = new Set(features.map((reference) => reference.split(":")[0]));
  return `${count(features.length, "feature")} of ${count(views.size, "view")}, in the order that a model reads them.`;
}

function describeSplit(split: SplitPolicyDefinition): string {
  switch (split.type) {
    case "time": {
      const parts = Object.entries(split.parts)
        .sort(([, [one]], [, [other]]) => (one ?? "").localeCompare(other ?? ""))
        .map(([part, [from, to]]) => `${part} ${interval(from, to)}`);
      return `By time in ${split.column}: ${parts.join(", ")}.`;
    }
    case "hash": {
      const parts = Object.entries(split.parts).map(([part, ranges]) => {
        const buckets = ranges.filter(([from, to]) => from < to);
        const size = buckets.reduce((sum, [from, to]) => sum + to - from, 0);
        return `${part} ${size} of ${split.buckets} buckets`;
      });
      return `By hash of ${split.key}: ${parts.join(", ")}. ${ONE_PART}`;
    }
    case "group":
      return `By group, a hash of ${split.key}: ${sharesInWords(split.parts)}. ${ONE_PART}`;
    case "random":
      return `Rows of ${split.source}, drawn at random: ${sharesInWords(split.parts)}. ${KEPT}`;
    case "stratified":
      return `Rows of ${split.source}, drawn at random within each value of ${split.stratify}: ${sharesInWords(split.parts)}. ${KEPT}`;
    case "kfold": {
      const { folds, test } = split;
      const parts = `${folds} folds of equal shares${test === undefined ? "" : ` of what is left beside ${percent(test)} for test`}`;
      if (split.source === undefined) return `By group, a hash of ${split.key}: ${parts}. ${ONE_PART}`;
      const within = split.stratify === undefined ? "" : ` within each value of ${split.stratify}`;
      return `Rows of ${split.source}, drawn at random${within}: ${parts}. ${KEPT}`;
    }
  }
}

/** What puts a row into each part of a policy, by part. */
export function describeParts(split: SplitPolicyDefinition): { part: string; rows: string }[] {
  const rule = toSplitRule(split);
  if (rule.by === "time")
    return Object.entries(rule.parts)
      .sort(([, [one]], [, [other]]) => (one ?? "").localeCompare(other ?? ""))
      .map(([part, [from, to]]) => ({ part, rows: `${rule.column} ${interval(from, to)}` }));
  if (rule.by === "assignment")
    return rule.shares.map(([part, share]) => ({
      part,
      rows: `${percent(share)} of the rows${rule.stratify === null ? "" : ` of each value of ${rule.stratify}`}`,
    }));
  return Object.entries(rule.parts).map(([part, all]) => {
    const ranges = all.filter(([from, to]) => from < to);
    const size = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    const buckets = ranges.map(([from, to]) => (to - from === 1 ? `${from}` : `${from} to ${to - 1}`)).join(", ");
    return {
      part,
      rows: `${percent(size / rule.buckets)} of the values of ${rule.key}: buckets ${buckets || "none"} of ${rule.buckets}`,
    };
  });
}

const ONE_PART = "Rows with equal keys are always in the same part.";
const KEPT = "Each version of the source has an assignment of its own, which is kept.";

function sharesInWords(shares: Shares): string {
  return Object.entries(shares)
    .map(([part, share]) => `${part} ${percent(share)}`)
    .join(", ");
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

function interval(from: string | null, to: string | null): string {
  if (from === null) return to === null ? "at any time" : `before ${day(to)}`;
  return to === null ? `from ${day(from)}` : `from ${day(from)} until before ${day(to)}`;
}

function day(instant: string): string {
  return instant.replace(/T00:00(:00(\.0+)?)?Z$/, "");
}

function describePipeline({ outputs, evaluate, pins = {} }: PipelineDefinition): string {
  const pinned = Object.entries(pins).map(([column, stage]) => `${column} by ${stage}`);
  const end = evaluate
    ? `Trains model ${evaluate.model} on ${evaluate.label}, tested on ${evaluate.test.join(" and ")} of ${evaluate.split}.`
    : "No evaluation is declared.";
  return `Computes ${outputs.join(", ")}${pinned.length > 0 ? `, ${pinned.join(", ")}` : ""}. ${end}`;
}

function describeDriftMonitor(monitor: MonitorDefinition): string {
  const watched = monitor.view
    ? `features of ${monitor.view} in ${monitor.environment}`
    : monitor.source
      ? `columns of ${monitor.source}`
      : `the features that ${monitor.model} reads`;
  const { warn, critical, metric, reference } = monitor;
  const levels = warn === undefined && critical === undefined ? "" : ` (warn ${warn ?? "by default"}, critical ${critical ?? "by default"})`; // prettier-ignore
  const against =
    "window" in reference
      ? `rows ${interval(...reference.window)}`
      : "part" in reference
        ? `part ${reference.part}`
        : reference.rolling === 1
          ? "the window before"
          : `the ${reference.rolling} windows before`;
  return `Compares ${watched} with ${against}, window by window. Metric: ${DRIFT_METRICS[metric].name}${levels}.`;
}

function describeConcept(monitor: ConceptMonitorDefinition): string {
  const { warn, critical } = conceptThresholds(monitor);
  const against = monitor.reference
    ? `rows ${interval(...monitor.reference.window)}` : "the test part of the model version that predicts"; // prettier-ignore
  const { label } = METRIC_FACTS[CONCEPT_METRICS[monitor.metric]];
  return `Compares the ${label} of ${monitor.model} in ${monitor.environment ?? "production"}, by ${monitor.window}, with ${against}. Warns at p < ${warn}, critical at p < ${critical}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
