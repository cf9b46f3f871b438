import type { StageDefinition } from "../definitions/stage";
import { columnFlows, type SqlTrees, type StageFlow } from "./column-flows";

/** How a column that is read flows into one that is made: its values, or only which rows there are, or only what was learned. */
export type OriginKind = StageFlow["kind"];

const STRENGTH: Record<OriginKind, number> = { value: 2, rows: 1, fit: 0 };

/**
 * The columns that nobody of these stages writes, from which a column is made in the end, each by its most direct way: a way is as
 * direct as its least direct step.
 * @param writers column → the stage that writes it
 */
export function createOriginTracer(
  stages: ReadonlyMap<string, StageDefinition>,
  writers: ReadonlyMap<string, string>,
  sql: SqlTrees,
): (column: string) => ReadonlyMap<string, OriginKind> {
  const flows = new Map<string, StageFlow[]>();
  const known = new Map<string, ReadonlyMap<string, OriginKind>>();
  const originsOf = (column: string): ReadonlyMap<string, OriginKind> => {
    const before = known.get(column);
    if (before) return before;
    const name = writers.get(column);
    const stage = name === undefined ? undefined : stages.get(name);
    if (name === undefined || !stage) return new Map([[column, "value"]]);
    const origins = new Map<string, OriginKind>();
    // A column that is made of itself ends here instead of going round.
    known.set(column, origins);
    const own = flows.get(name) ?? columnFlows(stage, sql);
    flows.set(name, own);
    for (const flow of own) {
      if (flow.to !== column) continue;
      for (const [origin, kind] of originsOf(flow.from)) {
        const weakest = STRENGTH[flow.kind] < STRENGTH[kind] ? flow.kind : kind;
        const present = origins.get(origin);
        if (present === undefined || STRENGTH[weakest] > STRENGTH[present]) origins.set(origin, weakest);
      }
    }
    return origins;
  };
  return originsOf;
}
