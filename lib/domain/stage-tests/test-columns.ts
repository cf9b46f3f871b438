import { type ColumnType, splitColumn } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import type { StageDefinition } from "../definitions/stage";

/** What a test of a stage reads of the declarations around it. */
export interface TestSurroundings {
  entity(name: string): EntityDefinition | undefined;
  /** Type of `entity.column`; undefined when nobody writes it. */
  typeOf(column: string): ColumnType | undefined;
}

/** The same as plain data. */
export interface SurroundingsData {
  entities: EntityDefinition[];
  /** By `entity.column`. */
  types: Record<string, ColumnType>;
}

export function toSurroundings({ entities, types }: SurroundingsData): TestSurroundings {
  return { entity: (name) => entities.find((entity) => entity.name === name), typeOf: (column) => types[column] };
}

/** All that tests of the stage can ask. */
export function surroundingsOf(stage: StageDefinition, { entity, typeOf }: TestSurroundings): SurroundingsData {
  const reads = [...stage.inputs, ...(stage.fitInputs ?? [])];
  const names = new Set([stage.entity, stage.from ?? stage.entity, ...reads.map((column) => splitColumn(column)[0])]);
  const entities = [...names].flatMap((name) => entity(name) ?? []);
  const columns = new Set([
    ...reads,
    ...stage.outputs.map(({ column }) => column),
    ...entities.flatMap(({ name, joinKeys, eventTime, relations = [] }) =>
      [...joinKeys.map((key) => key.name), ...(eventTime ? [eventTime] : []), ...relations.map(({ by }) => by)].map(
        (column) => `${name}.${column}`,
      ),
    ),
  ]);
  const types: Record<string, ColumnType> = {};
  for (const column of columns) {
    const type = typeOf(column);
    if (type !== undefined) types[column] = type;
  }
  return { entities, types };
}

/** A column of rows in a test, by its bare name. */
export interface TestColumn {
  name: string;
  type: ColumnType | undefined;
  /** Whether rows must say it: what the stage reads, but not its keys and its event time, which have defaults. */
  isRead: boolean;
}

/** Join keys and event time: what tells an entity's rows apart. */
export function identityColumns(
  entity: EntityDefinition,
  { typeOf }: Pick<TestSurroundings, "typeOf">,
): { name: string; type: ColumnType }[] {
  return [
    ...entity.joinKeys,
    ...(entity.eventTime
      ? [{ name: entity.eventTime, type: typeOf(`${entity.name}.${entity.eventTime}`) ?? ("timestamp" as const) }]
      : []),
  ];
}

/**
 * The entities whose rows a stage reads, the one that it reads row by row first, with the columns that its rows may have. `labels`
 * for rows that it is fitted on.
 */
export function testColumns(
  stage: StageDefinition,
  surroundings: TestSurroundings,
  labels: boolean,
): Map<string, TestColumn[]> {
  const reader = stage.from ?? stage.entity;
  const reads = [...stage.inputs, ...(labels ? (stage.fitInputs ?? []) : [])];
  const entities = [...new Set([reader, ...reads.map((column) => splitColumn(column)[0])])];
  return new Map(
    entities.map((name) => {
      const columns = new Map<string, TestColumn>();
      const add = (column: string, type: ColumnType | undefined, isRead: boolean) => {
        if (!columns.has(column)) columns.set(column, { name: column, type, isRead });
      };
      const entity = surroundings.entity(name);
      const identity = entity ? identityColumns(entity, surroundings) : [];
      for (const column of identity) add(column.name, column.type, false);
      for (const column of reads) {
        const [owner, bare] = splitColumn(column);
        if (owner === name) add(bare, surroundings.typeOf(column), true);
      }
      if (name === reader)
        for (const relation of entity?.relations ?? []) {
          if (!entities.includes(relation.entity)) continue;
          const via = stage.via?.[relation.entity];
          if (via !== undefined && via !== relation.name) continue;
          add(relation.by, surroundings.typeOf(`${name}.${relation.by}`), true);
        }
      return [name, [...columns.values()]];
    }),
  );
}
