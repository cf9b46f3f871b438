import { splitColumn } from "../definitions/column-type";
import type { StageDefinition } from "../definitions/stage";
import { findOperator, operatorName } from "../operators/operator-table";
import { readSelect, type SelectReading } from "../sql/read-select";
import { SqlRefusal } from "../sql/sql-refusal";
import type { SerializedSql } from "../sql/syntax-tree";

/** What has to be known to read SQL of stages: a parser makes the trees, and entities have columns that no stage declares. */
export interface SqlTrees {
  /** Statement → its tree. */
  trees: ReadonlyMap<string, SerializedSql>;
  /** Entity → its join keys and event time, which a statement may name without declaring them. */
  identities: ReadonlyMap<string, readonly string[]>;
}

export const NO_TREES: SqlTrees = { trees: new Map(), identities: new Map() };

/** The statement of an SQL stage. */
export function statementOf(stage: StageDefinition): string | undefined {
  const statement = operatorName(stage) === "sql" ? stage.params?.statement : undefined;
  return typeof statement === "string" ? statement : undefined;
}

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
export function columnFlows(stage: StageDefinition, sql: SqlTrees): StageFlow[] {
  const fits = (stage.fitInputs ?? []).flatMap((from) =>
    stage.outputs.map(({ column: to }): StageFlow => ({ from, to, kind: "fit", exact: true })),
  );
  return [...valueFlows(stage, sql), ...fits];
}

function valueFlows(stage: StageDefinition, sql: SqlTrees): StageFlow[] {
  const name = operatorName(stage);
  const operator = findOperator(name);
  const outputs = stage.outputs.map(({ column }) => column);
  const all = (exact: boolean) =>
    outputs.flatMap((to) => stage.inputs.map((from): StageFlow => ({ from, to, kind: "value", exact })));
  if (name === "sql") return sqlFlows(stage, sql) ?? all(false);
  if (operator?.outputs.perInput)
    return outputs.flatMap((to, index): StageFlow[] => {
      const from = stage.inputs[index];
      return from === undefined ? [] : [{ from, to, kind: "value", exact: true }];
    });
  return all(operator !== undefined || (stage.inputs.length <= 1 && outputs.length <= 1));
}

/** Names that a statement sees: own columns have their bare name inside it, another entity's their full one. */
export function visibleColumns(stage: StageDefinition): Map<string, string> {
  const own = stage.from ?? stage.entity;
  return new Map(
    stage.inputs.map((column) => {
      const [entity, name] = splitColumn(column);
      return [entity === own ? name : column, column];
    }),
  );
}

/** Null when the statement cannot be followed: it may not run, or has a name that resolves to nothing. */
function sqlFlows(stage: StageDefinition, { trees, identities }: SqlTrees): StageFlow[] | null {
  const tree = trees.get(statementOf(stage) ?? "");
  if (!tree) return null;
  const written = visibleColumns(stage);
  const read = readOrNull(tree, [...written.keys()], identities.get(stage.from ?? stage.entity) ?? []);
  if (!read || read.unresolved.length > 0) return null;
  const { columns, rest, rows } = read.result;
  const flows: StageFlow[] = [];
  for (const { column: to } of stage.outputs) {
    const made = columns.get(splitColumn(to)[1].toLowerCase()) ?? columns.get(to.toLowerCase()) ?? rest;
    // A statement that keeps every row is not asked which rows it has.
    const decides = stage.from !== undefined ? rows : null;
    if (!made?.exact || decides?.exact === false) {
      flows.push(...stage.inputs.map((from): StageFlow => ({ from, to, kind: "value", exact: false })));
      continue;
    }
    const flow = (kind: StageFlow["kind"]) => (name: string) =>
      flows.push({ from: written.get(name) as string, to, kind, exact: true });
    made.from.forEach(flow("value"));
    [...(decides?.from ?? [])].filter((name) => !made.from.has(name)).forEach(flow("rows"));
  }
  return flows;
}

function readOrNull(tree: SerializedSql, input: readonly string[], identity: readonly string[]): SelectReading | null {
  try {
    return readSelect(tree, input, identity);
  } catch (error) {
    if (error instanceof SqlRefusal) return null;
    throw error;
  }
}
