import { createHash } from "node:crypto";
import { CanonicalText, canonicalJson } from "@/lib/domain/canonical-json";
import { GENESIS_HASH, hashEvent } from "@/lib/domain/audit/chain";
import type { Transaction } from "@/lib/db/client";
import type { RowLoader } from "@/lib/db/load-rows";
import type { Prisma } from "@/lib/db/generated/client";
import { type NewRow, type Rows, rowsOf } from "@/lib/db/write-rows";
import { archived, type Scope } from "./scope";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** SHA-256 of the canonical JSON: equal documents have equal digests. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));

/** Any fixed number: every writer of the log takes the same lock, so that sequence and hashes have no gaps and no forks. */
const AUDIT_LOCK = 7_105_221;

export interface EventInput {
  /** Verb with its noun: `feature.promote`. */
  action: string;
  /** Kind and name inside the workspace: `feature/airport.segment`. */
  object: string;
  before?: unknown;
  after?: unknown;
}

/** An event whose texts are written already: what can be done of it before the log is locked. */
export interface PreparedEvent extends Required<EventInput> {
  change: number | null;
  beforeText: CanonicalText;
  afterText: CanonicalText;
}

export function prepareEvent(event: EventInput): PreparedEvent {
  const { action, object } = event;
  const [before, after] = [plain(event.before), plain(event.after)];
  const textOf = (value: unknown) => new CanonicalText(canonicalJson(value));
  return {
    action,
    object,
    before,
    after,
    change: changeOf(event),
    beforeText: textOf(before),
    afterText: textOf(after),
  };
}

const plain = (value: unknown): unknown =>
  value === undefined || value === null ? null : JSON.parse(JSON.stringify(value));

/** The change request that an event belongs to: it is about the request, or says which one caused it. */
function changeOf({ object, after }: EventInput): number | null {
  const number = /^change\/(\d{1,9})$/.exec(object)?.[1];
  if (number !== undefined) return Number(number);
  const change = typeof after === "object" && after !== null ? (after as { change?: unknown }).change : null;
  return typeof change === "number" && Number.isSafeInteger(change) ? change : null;
}

/** Appends to the audit log inside the transaction of the change that it records. Call it last: the lock is held until commit. */
export async function recordEvent(tx: Transaction, scope: Scope, event: EventInput): Promise<void> {
  await recordEvents(tx, scope, [event]);
}

/**
 * Every change of a workspace is written to the log in its own transaction, so that this is where an archived workspace refuses
 * them all. What was under way may end.
 */
async function assertInUse(tx: Transaction, { workspace, actor }: Scope): Promise<void> {
  if (actor.kind === "system") return;
  const row = await tx.workspace.findUnique({ where: { id: workspace.id }, select: { archivedAt: true } });
  if (row?.archivedAt) throw archived(workspace.name);
}

export async function recordEvents(
  tx: Transaction,
  scope: Scope,
  events: readonly (EventInput | PreparedEvent)[],
): Promise<void> {
  const prepared = events.map((event) => ("afterText" in event ? event : prepareEvent(event)));
  await recordLoaded(tx, scope, { events: prepared, rows: rowsOf("AuditEvent", eventRows(scope, prepared)) });
}

/** Events whose rows the database may have already, without what depends on the events before them. */
export interface LoadedEvents {
  events: readonly PreparedEvent[];
  /** Their sequences are their places among these events, from 1. */
  rows: Rows<"AuditEvent">;
}

export async function loadEvents(
  loader: RowLoader,
  scope: Scope,
  events: readonly PreparedEvent[],
): Promise<LoadedEvents> {
  return { events, rows: await loader.load("AuditEvent", eventRows(scope, events)) };
}

function eventRows({ actor, workspace, requestId }: Scope, events: readonly PreparedEvent[]): NewRow<"AuditEvent">[] {
  const rows = events.map(({ action, object, change, before, after }, at) => ({
    sequence: at + 1,
    workspaceId: workspace.id,
    workspace: workspace.name,
    change,
    actorId: actor.id,
    actorName: actor.name,
    action,
    object: `${workspace.name}/${object}`,
    before: before as Prisma.InputJsonValue,
    after: after as Prisma.InputJsonValue,
    requestId,
  }));
  return rows as NewRow<"AuditEvent">[];
}

/** `recordEvents` of what was loaded before the transaction began. */
export async function recordLoaded(tx: Transaction, scope: Scope, { events, rows }: LoadedEvents): Promise<void> {
  if (events.length === 0) return;
  await assertInUse(tx, scope);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK}::bigint)`;
  const last = await tx.auditEvent.findFirst({ orderBy: { sequence: "desc" }, select: { sequence: true, hash: true } });
  const { sequence: before, hash: head } = last ?? { sequence: 0, hash: GENESIS_HASH };
  const { actor, workspace, requestId } = scope;
  const at = new Date().toISOString();
  let previousHash = head;
  const hashes = events.map(({ action, object, beforeText, afterText }, index) => {
    const body = { sequence: before + index + 1, at, actor: actor.id, action, object: `${workspace.name}/${object}` };
    return (previousHash = hashEvent({ ...body, requestId, previousHash, before: beforeText, after: afterText }, sha256)); // prettier-ignore
  });
  await tx.$executeRaw`
    INSERT INTO "AuditEvent" ("sequence", "workspaceId", "workspace", "change", "at", "actorId", "actorName", "action", "object", "before", "after",
      "requestId", "previousHash", "hash")
    SELECT ${before}::int + r."sequence", r."workspaceId", r."workspace", r."change", ${at}::timestamp(3), r."actorId", r."actorName", r."action",
      r."object", r."before", r."after", r."requestId", lag(h."hash", 1, ${head}::text) OVER (ORDER BY h."place"), h."hash"
    FROM ${rows.from} AS r JOIN unnest(${hashes}::text[]) WITH ORDINALITY AS h("hash", "place") ON h."place" = r."sequence"`;
}
