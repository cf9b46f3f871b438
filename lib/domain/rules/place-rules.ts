import { splitColumn } from "../definitions/column-type";
import type { FeatureDefinition, Sensitivity } from "../definitions/feature";
import type { SourceDefinition } from "../definitions/source";
import { columnsOfRule } from "./check-rule";
import { expectationOf } from "./expectations";
import type { Rule } from "../definitions/rule";

/** A rule with the data that it is checked on. */
export interface PlacedRule {
  rule: Rule;
  /** The feature whose rule it is; null for a source's own. */
  feature: string | null;
  /** Whether a column that it reads is declared personal or special. */
  isPersonal: boolean;
}

type DeclaredFeature = Pick<FeatureDefinition, "name" | "rules" | "sensitivity">;

/** A feature's rule with its column, which need not be written. */
export function ofColumn(rule: Rule, feature: string): Rule {
  const takesColumn = expectationOf(rule.type)?.required.column !== undefined;
  if (!takesColumn || rule.kwargs.column !== undefined) return rule;
  return { ...rule, kwargs: { column: splitColumn(feature)[1], ...rule.kwargs } };
}

/**
 * Rules that data with these columns must keep: the source's own, then those of the features that they carry. A feature's rule
 * that also reads a column which is not there is left to the data that have both.
 * @param columns without the entity
 */
export function placeRules(
  entity: string,
  columns: readonly string[],
  features: readonly DeclaredFeature[],
  own: readonly Rule[] = [],
): PlacedRule[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const carried = columns.flatMap((column) => byName.get(`${entity}.${column}`) ?? []);
  const sensitivityOf = (column: unknown): Sensitivity =>
    byName.get(`${entity}.${String(column)}`)?.sensitivity ?? "none";
  const known = new Set(columns);
  const isPersonal = (rule: Rule) =>
    columnsOfRule(rule).some((column) => ["personal", "special"].includes(sensitivityOf(column)));
  const placed = [
    ...own.map((rule) => ({ rule, feature: null })),
    ...carried.flatMap(({ name, rules = [] }) =>
      rules
        .map((rule) => ({ rule: ofColumn(rule, name), feature: name }))
        .filter(({ rule }) => columnsOfRule(rule).every((column) => known.has(column))),
    ),
  ];
  return placed.map(({ rule, feature }) => ({
    feature,
    isPersonal: isPersonal(rule),
    // What the column is declared to be decides, so that another declaration is another rule.
    rule:
      rule.type === "values_to_hold_no_personal_data"
        ? { ...rule, kwargs: { ...rule.kwargs, sensitivity: sensitivityOf(rule.kwargs.column) } }
        : rule,
  }));
}

/** Rules of a source and of the features that are its columns. */
export function rulesOfSource(
  source: Pick<SourceDefinition, "entity" | "columns" | "rules">,
  features: readonly DeclaredFeature[],
): PlacedRule[] {
  return placeRules(
    source.entity,
    source.columns.map(({ name }) => name),
    features,
    source.rules,
  );
}
