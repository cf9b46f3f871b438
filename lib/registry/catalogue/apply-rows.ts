import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import type { Scope } from "../scope";

/** What every row of a declared object has. */
interface RowOf {
  workspaceId: string;
  name: string;
  createdBy: string;
  updatedBy: string;
}

/** How the rows of one kind are written. */
export interface Table<Row> {
  /** Names that have a row, retired ones as well. */
  names(): Promise<{ name: string }[]>;
  create(rows: (Row & RowOf)[]): Promise<unknown>;
  update(name: string, row: Row & { retiredAt: null; updatedBy: string }): Promise<unknown>;
  retire(names: string[]): Promise<unknown>;
}

/** Writes the differences of one kind: new rows at once, changed ones one by one. What was retired comes back to life. */
export async function writeRows<Kind extends DefinitionKind, Row>(
  scope: Scope,
  differences: readonly SpecDifference[],
  kind: Kind,
  toRow: (definition: Extract<Definition, { kind: Kind }>) => Row,
  table: Table<Row>,
): Promise<void> {
  const mine = differences.filter((one) => one.kind === kind);
  if (mine.length === 0) return;
  const actor = scope.actor.id;
  const existing = new Set((await table.names()).map(({ name }) => name));
  const wanted = mine.flatMap(({ after }) => (after ? [after as Extract<Definition, { kind: Kind }>] : []));
  const base = { workspaceId: scope.workspace.id, createdBy: actor, updatedBy: actor };
  const created = wanted.filter(({ name }) => !existing.has(name));
  if (created.length > 0) await table.create(created.map((one) => ({ ...toRow(one), ...base, name: one.name })));
  for (const one of wanted)
    if (existing.has(one.name)) await table.update(one.name, { ...toRow(one), retiredAt: null, updatedBy: actor });
  const retired = mine.flatMap(({ after, name }) => (after ? [] : [name]));
  if (retired.length > 0) await table.retire(retired);
}
