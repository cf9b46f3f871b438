/** The documents of a new source while they are edited: the YAML is the truth, and the form reads and writes it. */
import { parseAllDocuments } from "yaml";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";

export interface SourceDraft {
  entity: EntityDefinition;
  source: SourceDefinition;
  /** Documents of other kinds. */
  others: Definition[];
}

/** The draft in a YAML text, or why the form cannot show it. */
export function readDraft(text: string): SourceDraft | string {
  const parsed = parseAllDocuments(text);
  const documents = "empty" in parsed ? [] : parsed;
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) return `The YAML cannot be read: ${error.message.split("\n")[0]}`;
  const values = documents
    .map((document) => document.toJS() as Partial<Definition> | null)
    .filter((one) => one !== null);
  const entity = values.find((one) => one.kind === "Entity") as EntityDefinition | undefined;
  const source = values.find((one) => one.kind === "Source") as SourceDefinition | undefined;
  if (!entity || !source) return "The form shows an Entity and a Source; one of the two documents is missing.";
  if (!Array.isArray(source.columns) || !Array.isArray(source.rowKey) || !Array.isArray(entity.joinKeys))
    return "The form needs `columns`, `rowKey` and `joinKeys` as lists.";
  const others = values.filter((one) => one !== entity && one !== source) as Definition[];
  return { entity, source, others };
}

export function writeDraft({ entity, source, others }: SourceDraft): string {
  return [entity, source, ...others].map(writeSpec).join("---\n");
}

/** The entity follows the source: what tells rows apart without their time is its key. */
function withKeys(draft: SourceDraft, source: SourceDefinition): SourceDraft {
  const time = source.timeColumn;
  const typeOf = (name: string): ColumnType => source.columns.find((column) => column.name === name)?.type ?? "string";
  const keys = source.rowKey.filter((name) => name !== time);
  const { eventTime: _, ...entity } = draft.entity;
  return {
    ...draft,
    source,
    entity: {
      ...entity,
      joinKeys: (keys.length > 0 ? keys : source.rowKey).map((name) => ({ name, type: typeOf(name) })),
      ...(time !== undefined && { eventTime: time }),
    },
  };
}

export const edits = {
  rename(draft: SourceDraft, from: string, to: string): SourceDraft {
    const name = (one: string) => (one === from ? to : one);
    const { source } = draft;
    return withKeys(draft, {
      ...source,
      columns: source.columns.map((column) =>
        column.name === from ? { ...column, name: to, from: column.from ?? from } : column,
      ),
      rowKey: source.rowKey.map(name),
      ...(source.timeColumn !== undefined && { timeColumn: name(source.timeColumn) }),
      ...(source.rowNumber !== undefined && { rowNumber: name(source.rowNumber) }),
    });
  },
  retype(draft: SourceDraft, name: string, type: ColumnType): SourceDraft {
    const columns = draft.source.columns.map((column) => (column.name === name ? { ...column, type } : column));
    return withKeys(draft, { ...draft.source, columns });
  },
  key(draft: SourceDraft, name: string, isKey: boolean): SourceDraft {
    const { source } = draft;
    const rowKey = isKey ? [...source.rowKey, name] : source.rowKey.filter((one) => one !== name);
    const { rowNumber } = source;
    // A real key makes the row's number superfluous.
    const isNumbered = rowNumber !== undefined && isKey && name !== rowNumber;
    const { rowNumber: __, ...rest } = source;
    return withKeys(
      draft,
      isNumbered
        ? {
            ...rest,
            columns: source.columns.filter((column) => column.name !== rowNumber),
            rowKey: rowKey.filter((one) => one !== rowNumber),
          }
        : { ...source, rowKey },
    );
  },
  time(draft: SourceDraft, name: string | null): SourceDraft {
    const { timeColumn: _, ...source } = draft.source;
    return withKeys(draft, { ...source, ...(name !== null && { timeColumn: name }) });
  },
  leaveOut(draft: SourceDraft, name: string): SourceDraft {
    const { source } = draft;
    const columns = source.columns.filter((column) => column.name !== name);
    const without = source.timeColumn === name ? edits.time(draft, null).source : source;
    return withKeys(draft, { ...without, columns, rowKey: source.rowKey.filter((one) => one !== name) });
  },
  /** Called `from` in the file. */
  takeIn(draft: SourceDraft, column: { name: string; from: string; type: ColumnType }): SourceDraft {
    const { name, from, type } = column;
    return {
      ...draft,
      source: { ...draft.source, columns: [...draft.source.columns, { name, type, ...(from !== name && { from }) }] },
    };
  },
  call(draft: SourceDraft, names: { source?: string; entity?: string }): SourceDraft {
    const entity = names.entity ?? draft.entity.name;
    return {
      ...draft,
      entity: { ...draft.entity, name: entity },
      source: { ...draft.source, entity, name: names.source ?? draft.source.name },
    };
  },
};
