import type { EntityDefinition } from "../definitions/entity";
import type { SourceDefinition } from "../definitions/source";

/**
 * What of a declared object decides which rows and values follow from it. Another wording of the rest (descriptions, owners, tags)
 * is another version of the definition, from which the same follows.
 */
export function entityBehaviour({ name, joinKeys, eventTime, relations }: EntityDefinition) {
  return { name, joinKeys, eventTime, relations };
}

export function sourceBehaviour(source: SourceDefinition | undefined) {
  if (!source) return null;
  const { entity, format, columns, rowKey, timeColumn, rowNumber } = source;
  return {
    entity,
    format,
    columns: columns.map(({ name, type, from }) => ({ name, type, from })),
    rowKey,
    timeColumn,
    rowNumber,
  };
}
