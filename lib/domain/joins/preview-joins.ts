import { type JoinRule, joinAsOf, type SpineRow, type ViewRow } from "./point-in-time";

interface PreviewInput {
  spine: readonly { id: unknown; entity: string | null; t: bigint }[];
  views: readonly {
    name: string;
    rows: readonly {
      entity: string | null;
      event_ts: bigint;
      created_ts?: bigint | null | undefined;
      value: unknown;
    }[];
    ttlSeconds?: bigint | null | undefined;
    delaySeconds?: bigint | null | undefined;
    boundary: JoinRule["boundary"];
    knowledge: JoinRule["knowledge"];
  }[];
}

/** Spine rows with what they see of each view. Times and spans are microseconds. */
export function previewJoins({ spine, views }: PreviewInput): { rows: Record<string, unknown>[] } {
  const asked = spine.map(({ entity, t }): SpineRow => ({ entity, at: t }));
  const rows = spine.map(({ id }): Record<string, unknown> => ({ id }));
  for (const view of views) {
    const { boundary, knowledge } = view;
    const given = view.rows.map(({ entity, event_ts, created_ts, value }): ViewRow<unknown> => ({
      entity,
      event: event_ts,
      created: created_ts ?? null,
      value,
    }));
    const rule = { ttl: view.ttlSeconds ?? null, delay: view.delaySeconds ?? 0n, boundary, knowledge };
    joinAsOf(asked, given, rule).forEach((seen, at) => {
      (rows[at] as Record<string, unknown>)[view.name] = seen ? seen.value : null;
    });
  }
  return { rows };
}
