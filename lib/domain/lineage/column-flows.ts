import { splitColumn } from "../definitions/column-type";
import type { StageDefinition } from "../definitions/stage";
import { findOperator, operatorName } from "../operators/operator-table";
import { sqlColumns } from "./sql-columns";

export interface StageFlow {
  /** `entity.column` names. */
  from: string;
  to: string;
  /** Computed from its values; decides which rows there are; learned from, and not read to predict. */
  kind: "value" | "rows" | "fit";
  /** False where every input had to count for every output. */
  exact: boolean;
}

/**
 * Which input columns of a stage flow into which of its outputs. Exact for operators of the table (one output for every input, or
 * one made of all) and for SQL whose names can be followed; for anything else every input counts for every output.
 */
export function columnFlows(stage: StageDefinition): StageFlow[] {
  const fits = (stage.fitInputs ?? []).flatMap((from) =>
    stage.outputs.map(({ column: to }): StageFlow => ({ from, to, kind: "fit", exact: true })),
  );
  return [...valueFlows(stage), ...fits];
}

function valueFlows(stage: StageDefinition): StageFlow[] {
  const name = operatorName(stage);
  const operator = findOperator(name);
  const outputs = stage.outputs.map(({ column }) => column);
  const all = (exact: boolean) =>
    outputs.flatMap((to) => stage.inputs.map((from): StageFlow => ({ from, to, kind: "value", exact })));
  if (name === "sql") return sqlFlows(stage) ?? all(stage.inputs.length <= 1);
  if (operator?.outputs.perInput)
    return outputs.flatMap((to, index): StageFlow[] => {
      const from = stage.inputs[index];
      return from === undefined ? [] : [{ from, to, kind: "value", exact: true }];
    });
  return all(operator !== undefined || (stage.inputs.length <= 1 && outputs.length <= 1));
}

/** Null when the statement cannot be followed. An output that it does not name is made of every input. */
function sqlFlows(stage: StageDefinition): StageFlow[] | null {
  const { statement } = stage.params ?? {};
  if (typeof statement !== "string") return null;
  const own = stage.from ?? stage.entity;
  // Own columns have their bare name inside a statement, another entity's their full one.
  const written = new Map(
    stage.inputs.map((column) => {
      const [entity, name] = splitColumn(column);
      return [entity === own ? name : column, column];
    }),
  );
  const result = sqlColumns(statement, [...written.keys()]);
  if (!result) return null;
  const flows: StageFlow[] = [];
  for (const { column: to } of stage.outputs) {
    const made = result.columns.get(splitColumn(to)[1].toLowerCase()) ?? result.columns.get(to.toLowerCase());
    if (!made) {
      flows.push(...stage.inputs.map((from): StageFlow => ({ from, to, kind: "value", exact: false })));
      continue;
    }
    const flow = (kind: StageFlow["kind"]) => (name: string) =>
      flows.push({ from: written.get(name) as string, to, kind, exact: true });
    made.forEach(flow("value"));
    // A statement that keeps every row is not asked which rows it has.
    if (stage.from !== undefined) [...result.rows].filter((name) => !made.has(name)).forEach(flow("rows"));
  }
  return flows;
}
