import { Document, isMap, isScalar, isSeq, Scalar, visit } from "yaml";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import type { SpecFile } from "./spec-documents";
import { toDuration } from "./spec-documents-values";

const FILES: Record<DefinitionKind, string> = {
  Workspace: "workspace.yaml",
  Entity: "entities.yaml",
  Source: "sources.yaml",
  SplitPolicy: "splits.yaml",
  Stage: "stages.yaml",
  Feature: "features.yaml",
  FeatureView: "views.yaml",
  FeatureService: "services.yaml",
  Pipeline: "pipelines.yaml",
  Model: "models.yaml",
  Monitor: "monitors.yaml",
};

/** Members in the order in which people read them; what is not listed comes after, by name. */
const ORDER = [
  "kind", "name", "title", "entity", "from", "via", "unit", "column", "type", "algo", "key", "salt", "buckets",
  "transformer", "estimator", "class", "format", "location", "connection", "table", "sql", "reading", "columns", "joinKeys", "eventTime", "relations", "rowKey",
  "rowNumber", "timeColumn", "createdColumn", "appendOnly", "profileEvery", "rules", "kwargs", "severity", "inputs", "fitInputs", "features", "outputs", "params", "cost",
  "fit", "pins", "refit", "split", "parts", "train", "validation", "test", "evaluate", "label", "model", "ttl", "freshness", "online",
  "view", "source", "environment", "reference", "metric", "warn", "critical", "minRows", "after", "schedule", "sensitivity", "expected", "min", "max", "values", "by", "deprecated", "defaultSplit", "testBudget", "scorings", "check", "code", "owner",
  "description", "intendedUse", "tags", "meta", "tests", "rows", "expect", "tolerance", "error",
]; // prettier-ignore

/** One file for each kind, in the order of the definitions. What is written parses back to the same definitions. */
export function writeSpecFiles(definitions: readonly Definition[]): SpecFile[] {
  return (Object.keys(FILES) as DefinitionKind[]).flatMap((kind) => {
    const ofKind = definitions.filter((definition) => definition.kind === kind);
    return ofKind.length === 0 ? [] : [{ file: FILES[kind], text: ofKind.map(writeSpec).join("---\n") }];
  });
}

/** One definition as a YAML document. */
export function writeSpec(definition: Definition): string {
  const document = new Document(ordered(shorthand(definition)), { aliasDuplicateObjects: false });
  visit(document, {
    // Plain, this key would merge its value into the mapping when it is read.
    Pair(_, { key }) {
      if (isScalar(key) && key.value === "<<") key.type = Scalar.QUOTE_DOUBLE;
    },
    // In digits it would be read as an integer that has to be exact, and a double is not.
    Scalar(_, node) {
      if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) node.format = "EXP";
    },
    // Short lists and small mappings on one line, as people write them.
    Collection(_, node, path) {
      if (path.length < 2) return;
      const text = JSON.stringify(node.toJSON());
      const nested = isSeq(node) && node.items.some((item) => isMap(item) || isSeq(item)) && text.length > 60;
      if (text.length <= 84 && !nested && !text.includes("\\n")) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 88, flowCollectionPadding: false, blockQuote: "literal" });
}

function shorthand(definition: Definition): Record<string, unknown> {
  if (definition.kind !== "FeatureView") return { ...definition };
  const { ttlSeconds, freshnessSeconds, ...view } = definition;
  const freshness = freshnessSeconds === undefined ? {} : { freshness: toDuration(freshnessSeconds) };
  return { ...view, ttl: toDuration(ttlSeconds), ...freshness };
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, ordered(member)]));
}
