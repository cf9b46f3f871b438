import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { operatorName } from "@/lib/domain/operators/operator-table";

export interface DeclaredColumn {
  type: ColumnType;
  /** The operator that writes it; null for a source's column, a join key or the event time. */
  writer: string | null;
}

/** What is declared of columns by name. Stages that write one column declare one type of it. */
export function declaredColumns(
  { entities, sources }: { entities: readonly EntityDefinition[]; sources: readonly SourceDefinition[] },
  stages: readonly StageDefinition[],
): Map<string, DeclaredColumn> {
  const columns = new Map<string, DeclaredColumn>();
  for (const { name: entity, joinKeys, eventTime } of entities) {
    for (const { name, type } of joinKeys) columns.set(`${entity}.${name}`, { type, writer: null });
    if (eventTime !== undefined) columns.set(`${entity}.${eventTime}`, { type: "timestamp", writer: null });
  }
  for (const source of sources)
    for (const { name, type } of source.columns)
      if (!columns.has(`${source.entity}.${name}`)) columns.set(`${source.entity}.${name}`, { type, writer: null });
  for (const stage of stages)
    for (const { column, type } of stage.outputs)
      if (!columns.has(column)) columns.set(column, { type, writer: operatorName(stage) });
  return columns;
}

/** What a stage's statement calls its columns: its own entity's bare, others' in full, and keys and event time always. */
export function visibleColumns(
  stage: StageDefinition,
  entity: EntityDefinition,
  isTimed: boolean,
): { name: string; column: string }[] {
  const own = [...entity.joinKeys.map(({ name }) => name), ...(isTimed && entity.eventTime ? [entity.eventTime] : [])];
  const named = [...stage.inputs, ...own.map((name) => `${entity.name}.${name}`)].map((column) => {
    const [owner, bare] = splitColumn(column);
    return { name: owner === entity.name ? bare : column, column };
  });
  return named.filter(({ name }, i) => named.findIndex((other) => other.name === name) === i);
}

/** Whether rows of the entity carry an event time. */
export function isTimed(entity: EntityDefinition, sources: readonly SourceDefinition[]): boolean {
  return (
    entity.eventTime !== undefined &&
    sources.some((source) => source.entity === entity.name && source.timeColumn !== undefined)
  );
}
