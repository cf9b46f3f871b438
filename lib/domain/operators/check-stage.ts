/** Whether a stage is one that its operator can be. Paths of issues are inside the stage. */
import type { ColumnType } from "../definitions/column-type";
import { type StageDefinition, stageKind } from "../definitions/stage";
import type { Issue } from "../errors";
import { GLM_LINKS } from "./model-operators";
import type { Operator, OperatorPort } from "./operator";
import { didYouMean } from "../names/nearest-name";
import { checkParams, show } from "./operator-params";
import { OPERATORS, PYTHON_PREFIX, findOperator, labelOf, operatorName } from "./operator-table";

function checkCount(path: string, count: number, port: OperatorPort, name: string): Issue[] {
  if (count >= port.min && (port.max === null || count <= port.max)) return [];
  const expected =
    port.max === port.min ? `${port.min}` : port.max === null ? `${port.min} or more` : `${port.min} to ${port.max}`;
  return [{ path: [path], message: `${name} takes ${expected} ${path}.`, expected, found: String(count) }];
}

/** Whether a stage is one that its operator can be: name, kind, parameters, number of columns and types of outputs. Paths are inside the stage. */
export function checkStage(stage: StageDefinition): Issue[] {
  if ((stage.transformer === undefined) === (stage.estimator === undefined)) {
    const found = stage.transformer === undefined ? "neither" : "both";
    return [
      {
        path: [],
        message: "A stage names exactly one of transformer and estimator.",
        expected: "transformer or estimator",
        found,
      },
    ];
  }
  const kind = stageKind(stage);
  const name = operatorName(stage);
  if (name.startsWith(PYTHON_PREFIX)) return checkPythonName(kind, name);

  const operator = findOperator(name);
  if (!operator) {
    const names = Object.keys(OPERATORS);
    const alias = name === "SQLTransformer" ? " It is called sql here." : didYouMean(name, names);
    return [
      {
        path: [kind],
        message: `There is no operator ${name}.${alias}`,
        expected: `one of ${names.join(", ")}, or python:module.Class`,
        found: name,
      },
    ];
  }

  const issues: Issue[] = [];
  if (operator.kind !== kind) {
    issues.push({
      path: [kind],
      message: `${name} is ${operator.kind === "estimator" ? "an estimator, which is fitted" : "a transformer, which has nothing to fit"}. Write \`${operator.kind}: ${name}\`.`,
      expected: operator.kind,
      found: kind,
    });
  }
  if (kind === "transformer" && (stage.class !== undefined || stage.fit !== undefined)) {
    const path = stage.class !== undefined ? "class" : "fit";
    issues.push({
      path: [path],
      message: `A transformer is not fitted, so it has no ${path}.`,
      expected: "nothing",
      found: show(stage[path]),
    });
  }
  if (stage.from !== undefined && name !== "sql") {
    issues.push({
      path: ["from"],
      message: "Only an sql stage aggregates another entity's rows.",
      expected: "no from",
      found: stage.from,
    });
  }
  issues.push(...checkParams(stage, operator.params), ...checkLink(stage));
  issues.push(...checkCount("inputs", stage.inputs.length, operator.inputs, name));
  issues.push(...checkCount("fitInputs", stage.fitInputs?.length ?? 0, operator.fitInputs, name));
  if (operator.outputs.perInput) {
    const count = stage.inputs.length;
    issues.push(...checkCount("outputs", stage.outputs.length, { types: [], min: count, max: count }, name));
  } else {
    issues.push(...checkCount("outputs", stage.outputs.length, operator.outputs, name));
  }
  stage.outputs.forEach((output, i) => {
    if (operator.outputs.types.includes(output.type)) return;
    const expected = operator.outputs.types.join(" or ");
    issues.push({
      path: ["outputs", i, "type"],
      message: `${name} writes ${expected}, not ${output.type}.`,
      expected,
      found: output.type,
    });
  });
  return issues;
}

/** A link that its family does not have. */
function checkLink(stage: StageDefinition): Issue[] {
  if (operatorName(stage) !== "GeneralizedLinearRegression") return [];
  const { family = "gaussian", link } = stage.params ?? {};
  const links = GLM_LINKS[String(family)];
  if (!links || link === undefined || link === null || links.includes(String(link))) return [];
  return [
    {
      path: ["params", "link"],
      message: `family ${String(family)} of GeneralizedLinearRegression has no link ${show(link)}.`,
      expected: `one of ${links.join(", ")}`,
      found: show(link),
    },
  ];
}

function checkPythonName(kind: string, name: string): Issue[] {
  if (/^python:[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name)) return [];
  return [
    { path: [kind], message: `${name} does not name a Python class.`, expected: "python:module.Class", found: name },
  ];
}

/** Whether the columns that the stage reads have types its operator can take. `typeOf` answers undefined for a column nobody declared. */
export function checkInputTypes(stage: StageDefinition, typeOf: (column: string) => ColumnType | undefined): Issue[] {
  const operator = findOperator(operatorName(stage));
  if (!operator) return [];
  const check = (list: string[], path: "inputs" | "fitInputs") =>
    list.flatMap((column, i): Issue[] => {
      const found = typeOf(column);
      if (found === undefined || operator[path].types.includes(found)) return [];
      const expected = operator[path].types.join(" or ");
      return [
        {
          path: [path, i],
          message: `${operator.name} of stage ${stage.name} cannot read ${column}: it takes ${expected}, not ${found}.`,
          expected,
          found,
        },
      ];
    });
  return [
    ...check(stage.inputs, "inputs"),
    ...check(stage.fitInputs ?? [], "fitInputs"),
    ...(operator.predicts === "class" ? checkClassOutputs(stage, operator, typeOf) : []),
    ...checkFamily(stage, typeOf),
  ];
}

/** A yes or no is a label of family binomial only. */
function checkFamily(stage: StageDefinition, typeOf: (column: string) => ColumnType | undefined): Issue[] {
  const label = labelOf(stage);
  if (operatorName(stage) !== "GeneralizedLinearRegression" || label === null || typeOf(label) !== "boolean") return [];
  const { family = "gaussian" } = stage.params ?? {};
  if (family === "binomial") return [];
  return [
    {
      path: ["params", "family"],
      message: `GeneralizedLinearRegression of stage ${stage.name} predicts ${label}, which is true or false: that is family binomial, and not ${String(family)}.`,
      expected: "binomial",
      found: String(family),
    },
  ];
}

/** A class that is predicted is of its label's type; class numbers that an indexer wrote are whole, though double. */
function checkClassOutputs(
  stage: StageDefinition,
  operator: Operator,
  typeOf: (column: string) => ColumnType | undefined,
): Issue[] {
  const label = labelOf(stage);
  const type = label === null ? undefined : typeOf(label);
  if (type === undefined) return [];
  const own = type === "boolean" ? "boolean" : "bigint";
  return stage.outputs.flatMap((output, i): Issue[] => {
    if ((output.type !== "boolean" && output.type !== "bigint") || output.type === own) return [];
    return [
      {
        path: ["outputs", i, "type"],
        message: `${operator.name} of stage ${stage.name} predicts ${label}, which is ${type}, so its class is ${own} and not ${output.type}. ${operator.writesMargin ? "A double is the margin, a vector both margins." : "A double is the probability of a yes, a vector the probabilities of all classes."}`,
        expected: own,
        found: output.type,
      },
    ];
  });
}
