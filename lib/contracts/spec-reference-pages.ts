import { DRIFT_METRICS } from "@/lib/domain/definitions/drift-metric";
import type { Operator, OperatorParam, OperatorPort } from "@/lib/domain/operators/operator";
import { OPERATORS } from "@/lib/domain/operators/operator-table";
import { describeParam, show } from "@/lib/domain/operators/operator-params";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { type Argument, type Expectation, EXPECTATIONS, OWN_RULES } from "@/lib/domain/rules/expectations";
import { ERROR_CODES, SERVER_CODES } from "./problem";
import { cell, documentSchema, documentsPage } from "./spec-reference";

/** The files under docs/reference, by their path. */
export function referenceFiles(): Record<string, string> {
  return {
    "docs/reference/documents.md": documentsPage(),
    "docs/reference/operators.md": operatorsPage(),
    "docs/reference/rules.md": rulesPage(),
    "docs/reference/metrics.md": metricsPage(),
    "docs/reference/errors.md": errorsPage(),
    "docs/reference/document-schema.json": JSON.stringify(documentSchema()),
  };
}

const WRITTEN = "This page is written from the code by `npm run docs`.";

/** docs/reference/operators.md. */
function operatorsPage(): string {
  return `# Operators

What \`transformer\` and \`estimator\` of a [stage](documents.md#stage) may name: Spark ML's names, parameters, defaults and meaning. A
parameter that is not here is refused. Any other class is named \`python:MODULE.CLASS\` and runs on Spark only.

${WRITTEN}

${Object.values(OPERATORS).map(operatorSection).join("\n")}`;
}

function operatorSection({ name, kind, description, params, inputs, fitInputs, outputs, engines, ...rest }: Operator) {
  const facts = [
    `${kind === "estimator" ? "Estimator" : "Transformer"}${rest.class ? `, learns as ${rest.class}` : ""}`,
    `reads ${portInWords(inputs)}`,
    ...(fitInputs.max === 0 ? [] : [`is fitted with ${portInWords(fitInputs)}`]),
    `writes ${outputs.perInput ? "one column for each input" : portInWords(outputs)}${outputs.perInput ? ` (${outputs.types.join(", ")})` : ""}`,
    `runs on ${engines.join(" and ")}`,
  ];
  return `## ${name}

${description}

${facts.join("; ")}.
${params.length === 0 ? "" : `\n| parameter | what it takes | left out | what it is |\n| --- | --- | --- | --- |\n${params.map(paramRow).join("\n")}\n`}`;
}

const paramRow = (param: OperatorParam) =>
  `| \`${param.name}\` | ${cell(describeParam(param))} | ${defaultInWords(param)} | ${cell(param.description)} |`;

function defaultInWords(param: OperatorParam): string {
  if (param.default === undefined) return "must be given";
  return param.default === null ? "does nothing" : `\`${cell(show(param.default))}\``;
}

function portInWords({ types, min, max }: OperatorPort): string {
  const many =
    max === min
      ? `${min} column${min === 1 ? "" : "s"}`
      : max === null
        ? `${min} or more columns`
        : `${min} to ${max} columns`;
  return `${many} (${types.join(", ")})`;
}

const FAMILIES: [Expectation["family"], title: string, about: string][] = [
  ["map", "Row by row", "Each row passes or fails; `mostly` says which share must pass."],
  ["aggregate", "Of a column", "One figure of the column passes or fails."],
  ["table", "Of the whole", "The data as a whole passes or fails."],
  [
    "own",
    "Of this product",
    "Data tests of the ML Test Score (Breck et al. 2017) that Great Expectations has no name for; they stand apart in an exported suite.",
  ],
];

const ARGUMENTS: Record<Argument, string> = {
  column: "a column",
  columns: "a list of columns",
  number: "a number",
  count: "a whole number of at least 0",
  share: "a number from 0 to 1",
  boolean: "true or false",
  text: "a text",
  regex: "a regular expression of RE2",
  regexes: "a list of regular expressions of RE2",
  timeFormat: "a format of times, as Python's strptime reads it",
  anyOrAll: "any or all",
  pairs: "a list of pairs of values",
  bound: "a number, or a text that the column's type compares with",
  values: "a list of values",
  quantiles: "{ quantiles, value_ranges }",
  partition: "a partition: { values, weights } or { bins, weights }",
  ignoreRow: "both_values_are_missing, either_value_is_missing or neither",
  ignoreRowOfMany: "all_values_are_missing, any_value_is_missing or never",
  personalKinds: "a list of kinds of personal data",
  milliseconds: "a number of milliseconds",
};

/** docs/reference/rules.md. */
function rulesPage(): string {
  const all = Object.entries({ ...EXPECTATIONS, ...OWN_RULES });
  const sections = FAMILIES.map(([family, title, about]) => {
    const rows = all
      .filter(([, expectation]) => expectation.family === family)
      .map(([name, { required, optional, oneOf }]) => {
        const said = Object.entries(required).map(([argument, type]) => `\`${argument}\`: ${ARGUMENTS[type]}`);
        const may = Object.entries(optional).map(([argument, type]) => `\`${argument}\`: ${ARGUMENTS[type]}`);
        return `| \`${name}\` | ${cell(said.join("; ") || "–")} | ${cell(may.join("; ") || "–")}${oneOf ? `. At least one of ${oneOf.map((one) => `\`${one}\``).join(", ")}` : ""} |`;
      });
    return `## ${title}

${about}

| rule | must say | may say |
| --- | --- | --- |
${rows.join("\n")}
`;
  });
  return `# Rules

What \`type\` of a rule may name, with Great Expectations' names and arguments. Every rule that judges rows also takes \`row_condition\`.
[Rules](../rules.md) says how they are checked and what a failure does.

${WRITTEN}

${sections.join("\n")}`;
}

/** docs/reference/metrics.md. */
function metricsPage(): string {
  const models = Object.entries(MODEL_METRICS).map(
    ([name, { label, about, better, tasks }]) =>
      `| \`${name}\` | ${label} | ${tasks.join(", ")} | ${better ?? "–"} | ${cell(about)} |`,
  );
  const drift = Object.entries(DRIFT_METRICS).map(([name, { name: label }]) => `| \`${name}\` | ${label} |`);
  return `# Metrics

${WRITTEN}

## Of models

Names and definitions are scikit-learn's, where it has the metric.

| metric | name | of | better | what it is |
| --- | --- | --- | --- | --- |
${models.join("\n")}

## Of drift

Formulas and thresholds are in [Drift](../drift.md#metrics).

| metric | name |
| --- | --- |
${drift.join("\n")}
`;
}

/** docs/reference/errors.md. */
function errorsPage(): string {
  const rows = Object.entries({ ...ERROR_CODES, ...SERVER_CODES }).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${cell(meaning)} |`,
  );
  return `# Errors

Every error of the API is a problem document (RFC 9457, \`application/problem+json\`): \`status\`, \`code\` for programs, \`detail\` for people (what
went wrong, what was expected and what to do), \`requestId\` to find it in the log and, where an input is wrong, \`issues\`: each with its
\`path\`, \`message\`, \`expected\`, \`found\` and, of documents, \`file\` and \`line\`. Feast's \`{"detail"}\` is answered under \`/api/serving\`.

${WRITTEN}

| code | status | what happened |
| --- | --- | --- |
${rows.join("\n")}
`;
}
