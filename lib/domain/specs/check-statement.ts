import { visibleColumns } from "../lineage/column-flows";
import type { StageDefinition } from "../definitions/stage";
import { readSelect, THIS } from "../sql/read-select";
import { SqlRefusal } from "../sql/sql-refusal";
import type { StatementToCheck } from "../sql/statement-to-check";
import type { SerializedSql } from "../sql/syntax-tree";
import { identityColumns } from "../stage-tests/test-columns";
import type { Finding, SpecIndex } from "./spec-index";

/** What is wrong with an SQL stage's statement by its tree: what it may not call or read, and what it reads without declaring it. */
export function statementFindings(stage: StageDefinition, tree: SerializedSql, index: SpecIndex): Finding[] {
  const path = ["params", "statement"];
  const names = [...visibleColumns(stage).keys()];
  const reader = index.get("Entity", stage.from ?? stage.entity);
  const identity = reader ? [...reader.joinKeys.map(({ name }) => name), ...(reader.eventTime ? [reader.eventTime] : [])] : []; // prettier-ignore
  try {
    const { unresolved } = readSelect(tree, names, identity);
    // Without the entity nobody knows its keys, and that it is missing is said elsewhere.
    if (!reader) return [];
    return unresolved.map((name) => ({
      path,
      message: `the statement reads \`${name}\`, which is neither an input of the stage nor a key. Declare it in inputs, or correct the name.`,
      expected: [...names, ...identity].join(", "),
      found: name,
    }));
  } catch (error) {
    if (!(error instanceof SqlRefusal)) throw error;
    return [
      {
        path,
        message: `the statement ${error.problem}.`,
        expected: `a single SELECT over ${THIS}`,
        found: error.found.slice(0, 80),
      },
    ];
  }
}

/** The stage's statement with the types of all that it sees; undefined where one of them is not known. */
export function statementToCheck(stage: StageDefinition, index: SpecIndex): StatementToCheck | undefined {
  const columns = new Map<string, StatementToCheck["columns"][number]>();
  for (const [name, column] of visibleColumns(stage)) {
    const type = index.typeOf(column);
    if (type === undefined) return undefined;
    columns.set(name, { name, type });
  }
  const typeOf = (column: string) => index.typeOf(column);
  const [reader, writer] = [index.get("Entity", stage.from ?? stage.entity), index.get("Entity", stage.entity)];
  if (!reader || !writer) return undefined;
  for (const column of identityColumns(reader, { typeOf }))
    if (!columns.has(column.name)) columns.set(column.name, column);
  return { stage, columns: [...columns.values()], keys: identityColumns(writer, { typeOf }) };
}
