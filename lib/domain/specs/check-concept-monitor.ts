import { METRIC_FACTS } from "../definitions/outcome-metrics";
import { splitColumn } from "../definitions/column-type";
import { type Finding, missingReference, type SpecIndex } from "./spec-index";
import { CONCEPT_METRICS, CONCEPT_METRIC_NAMES, type ConceptMonitorDefinition } from "../definitions/concept-monitor";

/** What is wrong with a concept monitor beside what else is declared: a metric that does not fit its model's label. */
export function conceptFindings({ model, metric }: ConceptMonitorDefinition, index: SpecIndex): Finding[] {
  const label = index.all("Pipeline").find(({ evaluate }) => evaluate?.model === model)?.evaluate?.label;
  // A model that no pipeline names comes from a deployment; what it predicts is known when it is looked at.
  if (label === undefined) return [];
  const [entity] = splitColumn(label);
  const { eventTime } = index.get("Entity", entity) ?? {};
  const timeless: Finding[] =
    index.get("Entity", entity) && eventTime === undefined
      ? [
          {
            path: ["model"],
            message: `\`${model}\` predicts rows of ${entity}, which have no event time, so that they belong to no window.`,
            expected: `a model of an entity with eventTime, or an eventTime of ${entity}`,
            found: model,
          },
        ]
      : missingReference(index, "Entity", entity, ["model"]);
  const type = index.typeOf(label);
  if (type === undefined) return timeless;
  const wanted = type === "boolean" ? "classification" : "regression";
  const isNumber = type === "bigint" || type === "double";
  if (type !== "boolean" && !isNumber)
    return [
      ...timeless,
      {
        path: ["model"],
        message: `\`${model}\` is judged by \`${label}\`, which is a ${type}; only numbers and true/false values can be compared with predictions.`,
        expected: "a model whose label is a boolean or a number",
        found: model,
      },
    ];
  // A whole number may well be 1 and 0.
  const { task } = METRIC_FACTS[CONCEPT_METRICS[metric]];
  if (task === wanted || (type === "bigint" && task === "classification")) return timeless;
  const fitting = CONCEPT_METRIC_NAMES.filter((one) => METRIC_FACTS[CONCEPT_METRICS[one]].task === wanted);
  return [
    ...timeless,
    {
      path: ["metric"],
      message: `\`${metric}\` does not fit the label \`${label}\` of \`${model}\`, which is a ${type}.`,
      expected: `one of ${fitting.join(", ")}`,
      found: metric,
    },
  ];
}
