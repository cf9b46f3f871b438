import { splitColumn } from "../definitions/column-type";
import type { FeatureDefinition } from "../definitions/feature";
import type { SourceDefinition } from "../definitions/source";
import { checkRule, columnsOfRule } from "../rules/check-rule";
import { isAboutColumns } from "../rules/expectations";
import { ofColumn } from "../rules/place-rules";
import type { Rule } from "../definitions/rule";
import type { Finding, SpecIndex } from "./spec-index";
import { nearest } from "../names/nearest-name";

export function sourceRuleFindings(source: SourceDefinition): Finding[] {
  return (source.rules ?? []).flatMap((rule, position) => placedAt(position, ruleOfSourceFindings(rule, source)));
}

/** What is wrong with one rule as a rule of the source. */
export function ruleOfSourceFindings(rule: Rule, source: Pick<SourceDefinition, "columns">): Finding[] {
  const columns = source.columns.map(({ name }) => name);
  const issues: Finding[] = [...checkRule(rule), ...costFindings(rule)];
  if (issues.length > 0) return issues;
  return columnsOfRule(rule).flatMap((name) => (columns.includes(name) ? [] : [strangeColumn(name, columns)]));
}

/** A feature's rule is about its own column; others that it reads are columns of the same entity. */
export function featureRuleFindings(feature: FeatureDefinition, index: SpecIndex): Finding[] {
  const [entity, own] = splitColumn(feature.name);
  const isRead = index.writers(feature.name).every(({ placed }) => placed.definition.kind === "Source");
  return (feature.rules ?? []).flatMap((written, position) => {
    const rule = ofColumn(written, feature.name);
    const issues: Finding[] = [...checkRule(rule), ...(isRead ? costFindings(rule) : [])];
    if (isAboutColumns(rule.type) && rule.type !== "expect_column_to_exist")
      issues.push({
        path: ["type"],
        message: "a feature is one column: which columns there are is a rule of the source.",
        expected: "a rule about the column",
        found: rule.type,
      });
    if (typeof rule.kwargs.column === "string" && rule.kwargs.column !== own)
      issues.push({
        path: ["kwargs", "column"],
        message: `the rule is about \`${rule.kwargs.column}\`, but it stands at ${feature.name}. Leave \`column\` out, or move the rule.`,
        expected: own,
        found: rule.kwargs.column,
      });
    const found =
      issues.length > 0
        ? issues
        : columnsOfRule(rule).flatMap((name) => {
            if (index.mayWrite(`${entity}.${name}`)) return [];
            const columns = [...index.columns()].flatMap(([column]) =>
              splitColumn(column)[0] === entity ? [splitColumn(column)[1]] : [],
            );
            return [strangeColumn(name, columns)];
          });
    return placedAt(position, found);
  });
}

function placedAt(position: number, found: Finding[]): Finding[] {
  return found.map((issue) => ({ ...issue, path: ["rules", position, ...issue.path] }));
}

function costFindings({ type, kwargs }: Rule): Finding[] {
  if (type !== "feature_cost_to_be_at_most" || kwargs.max_milliseconds === undefined) return [];
  return [
    {
      path: ["kwargs", "max_milliseconds"],
      message: "a source's column is read, not computed, so it takes no time of a stage.",
      expected: "max_rows or max_bytes",
      found: "max_milliseconds",
    },
  ];
}

function strangeColumn(name: string, columns: readonly string[]): Finding {
  const near = nearest(name, columns);
  return {
    path: ["kwargs"],
    message: `\`${name}\` is not among the columns${near ? `; did you mean \`${near}\`?` : "."}`,
    expected: `one of ${columns.slice(0, 20).join(", ")}`,
    found: name,
  };
}
