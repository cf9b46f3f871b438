/** Where the online store has the columns that a model needs, and their values for the rows of a request. */
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { Environment } from "@/lib/domain/environments";
import type { ChainColumn } from "@/lib/domain/plans/scoring-chain";
import { EPOCH } from "@/lib/online/encode-value";
import { type EncodedRow, entityKey, type OnlineStore } from "@/lib/online/online-store";
import type { ServedFeature, ServedView, ServingState, StoredColumn } from "@/lib/registry/serving/state";

/** A feature as an environment serves it. */
export interface KeptColumn {
  view: ServedView;
  feature: ServedFeature;
  version: number;
  stored: StoredColumn;
}

type ValueStatus = "PRESENT" | "NOT_FOUND" | "OUTSIDE_MAX_AGE" | "NULL_VALUE";

export interface ReadColumn {
  /** JSON text of each. */
  values: string[];
  statuses: ValueStatus[];
}

/** What an environment serves, by `entity.column`: of several views the one that keeps values longest, then the first by name. */
const servedByState = new WeakMap<ServingState, Map<Environment, Map<string, KeptColumn>>>();

export function keptColumns(state: ServingState, environment: Environment): Map<string, KeptColumn> {
  let known = servedByState.get(state);
  if (!known) servedByState.set(state, (known = new Map()));
  let columns = known.get(environment);
  if (!columns) {
    known.set(environment, (columns = new Map()));
    const lasting = ({ ttlSeconds }: ServedView) => (ttlSeconds > 0 ? ttlSeconds : Infinity);
    const views = [...state.views.values()].sort(
      (one, other) => (lasting(one) === lasting(other) ? (one.name < other.name ? -1 : 1) : lasting(one) > lasting(other) ? -1 : 1), // prettier-ignore
    );
    for (const view of views)
      for (const feature of view.features.values()) {
        const version = feature.pointers[environment];
        const stored = version === undefined ? undefined : feature.stored.get(version)?.[environment];
        if (version !== undefined && stored && !columns.has(feature.column))
          columns.set(feature.column, { view, feature, version, stored });
      }
  }
  return columns;
}

/** Names that a row must have for a column to be found: the entity's join keys, or the column that its relation goes by. */
export function keysTo({ relation }: Pick<ChainColumn, "relation">, entity: EntityDefinition): string[] {
  return relation ? [relation.by] : entity.joinKeys.map(({ name }) => name);
}

/** Reads kept columns of the rows of one request. Every set of values is read once for all of its columns and keys that are the same. */
export class KeptReader {
  private readonly rows = new Map<string, Promise<(EncodedRow | undefined)[]>>();

  constructor(
    /** Asked for when something is read. */
    private readonly store: () => OnlineStore,
    private readonly kept: ReadonlyMap<string, KeptColumn>,
    private readonly now: Date,
  ) {}

  /** @param keys values of each key in the order of the view's join keys, row by row */
  async read(column: string, keys: readonly (readonly unknown[])[]): Promise<ReadColumn> {
    const { view, stored } = this.kept.get(column) as KeptColumn;
    const oldest = view.ttlSeconds > 0 ? this.now.getTime() - view.ttlSeconds * 1000 : -Infinity;
    const entities = (keys[0] ?? []).map((_, row) =>
      entityKey(
        keys.map((values) => values[row]),
        view.keyTypes,
      ),
    );
    const values: string[] = [];
    const statuses: ValueStatus[] = [];
    for (const row of await this.rowsOf(stored.setId, entities)) {
      // A value that is always true carries the epoch and never grows old.
      const fresh = row && (oldest === -Infinity || row.eventTime === EPOCH || Date.parse(row.eventTime) >= oldest);
      const value = (row && fresh && row.values[stored.position]) || "null";
      values.push(value);
      statuses.push(!row ? "NOT_FOUND" : !fresh ? "OUTSIDE_MAX_AGE" : value === "null" ? "NULL_VALUE" : "PRESENT");
    }
    return { values, statuses };
  }

  private rowsOf(setId: string, entities: string[]): Promise<(EncodedRow | undefined)[]> {
    const key = JSON.stringify([setId, entities]);
    let rows = this.rows.get(key);
    if (!rows) this.rows.set(key, (rows = this.readOnce(setId, entities)));
    return rows;
  }

  /** Many rows of a request are about few entities, such as flights of one airport. */
  private async readOnce(setId: string, entities: string[]): Promise<(EncodedRow | undefined)[]> {
    const different = [...new Set(entities)];
    const read = await this.store().readRows(setId, different);
    if (different.length === entities.length) return read;
    const byKey = new Map(different.map((entity, i) => [entity, read[i]]));
    return entities.map((entity) => byKey.get(entity));
  }
}

/** The column of its own entity that a relation goes by. */
export const byColumn = ({ name }: EntityDefinition, by: string): string => `${name}.${by}`;
