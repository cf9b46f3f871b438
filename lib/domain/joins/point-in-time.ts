/**
 * Which row of a view a moment sees. The window of moment t is [t − ttl, t − delay], or up to but without t − delay where the
 * boundary is exclusive; of the rows in it, the one with the newest event time, then the newest time of creation (none is the
 * lowest), then the one that came last. A newest row that is older than t − ttl gives nothing, never an older row.
 *
 * A row is seen from one moment on: its event time plus the delay, and not before its creation where that counts. So of all rows
 * only those matter that are the newest at the moment from which they are seen, and at any moment the last of them is the answer.
 */

export const BOUNDARIES = ["inclusive", "exclusive"] as const;
export const KNOWLEDGE = ["event", "created"] as const;

/** Times are microseconds. */
export interface JoinRule {
  /** How old a row may be at most; null or 0 is any age. */
  ttl: bigint | null;
  /** How long after its event time a row is seen. */
  delay: bigint;
  boundary: (typeof BOUNDARIES)[number];
  /** Whether a row is seen from its event time on, or not before it was created: what audits use. */
  knowledge: (typeof KNOWLEDGE)[number];
}

/** Times are microseconds since 1970. */
export interface ViewRow<Value> {
  /** Null belongs to nobody and is never seen. */
  entity: string | null;
  event: bigint;
  /** Null: known from its event time on. */
  created: bigint | null;
  value: Value;
}

export interface SpineRow {
  entity: string | null;
  at: bigint;
}

/** A row with the moment from which it is seen. */
interface Seen<Value> extends ViewRow<Value> {
  from: bigint;
  /** Place among the rows of its view. */
  place: number;
}

/** What each spine row sees of a view, in the spine's order; null where it sees no row. */
export function joinAsOf<Value>(
  spine: readonly SpineRow[],
  rows: readonly ViewRow<Value>[],
  rule: JoinRule,
): ({ value: Value } | null)[] {
  const newest = newestByEntity(rows, rule);
  return spine.map(({ entity, at }) => {
    const seen = entity === null ? undefined : lastSeen(newest.get(entity) ?? [], at, rule);
    const isExpired = seen !== undefined && rule.ttl !== null && rule.ttl > 0n && seen.event < at - rule.ttl;
    return seen === undefined || isExpired ? null : { value: seen.value };
  });
}

/** By entity, the rows that are the newest when they are first seen, in the order in which they are. */
function newestByEntity<Value>(rows: readonly ViewRow<Value>[], rule: JoinRule): Map<string, Seen<Value>[]> {
  const byEntity = new Map<string, Seen<Value>[]>();
  rows.forEach((row, place) => {
    if (row.entity === null) return;
    const seen = { ...row, from: seenFrom(row, rule), place };
    const known = byEntity.get(row.entity);
    if (known) known.push(seen);
    else byEntity.set(row.entity, [seen]);
  });
  for (const [entity, all] of byEntity) {
    all.sort((one, other) => compare(one.from, other.from) || compareAge(one, other));
    let best: Seen<Value> | undefined;
    const kept = all.filter((row) => {
      const isNewest = best === undefined || compareAge(row, best) > 0;
      if (isNewest) best = row;
      return isNewest;
    });
    byEntity.set(entity, kept);
  }
  return byEntity;
}

function seenFrom({ event, created }: ViewRow<unknown>, { delay, knowledge }: JoinRule): bigint {
  const due = event + delay;
  return knowledge === "created" && created !== null && created > due ? created : due;
}

function lastSeen<Value>(rows: readonly Seen<Value>[], at: bigint, { boundary }: JoinRule): Seen<Value> | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { from } = rows[middle] as Seen<Value>;
    if (boundary === "inclusive" ? from <= at : from < at) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

/** Above 0 when the first is newer. */
function compareAge(one: Seen<unknown>, other: Seen<unknown>): number {
  return compare(one.event, other.event) || compareCreated(one.created, other.created) || one.place - other.place;
}

function compareCreated(one: bigint | null, other: bigint | null): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return compare(one, other);
}

const compare = (one: bigint, other: bigint) => (one < other ? -1 : one > other ? 1 : 0);
