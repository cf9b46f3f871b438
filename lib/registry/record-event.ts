import { createHash } from "node:crypto";
import { CanonicalText, canonicalJson } from "@/lib/domain/canonical-json";
import { GENESIS_HASH, hashEvent } from "@/lib/domain/audit/chain";
import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { insertRows } from "@/lib/db/write-rows";
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
  if (events.length === 0) return;
  const prepared = events.map((event) => ("afterText" in event ? event : prepareEvent(event)));
  await assertInUse(tx, scope);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK}::bigint)`;
  const last = await tx.auditEvent.findFirst({ orderBy: { sequence: "desc" }, select: { sequence: true, hash: true } });
  let sequence = last?.sequence ?? 0;
  let hash = last?.hash ?? GENESIS_HASH;
  const { actor, workspace, requestId } = scope;
  const rows = prepared.map(({ action, change, before, after, beforeText, afterText, ...event }) => {
    sequence += 1;
    const previousHash = hash;
    const at = new Date().toISOString();
    const object = `${workspace.name}/${event.object}`;
    const body = { sequence, at, actor: actor.id, action, object, requestId, previousHash };
    hash = hashEvent({ ...body, before: beforeText, after: afterText }, sha256);
    return {
      sequence,
      workspaceId: workspace.id,
      workspace: workspace.name,
      change,
      at,
      actorId: actor.id,
      actorName: actor.name,
      action,
      object,
      before: before as Prisma.InputJsonValue,
      after: after as Prisma.InputJsonValue,
      requestId,
      previousHash,
      hash,
    };
  });
  await insertRows(tx, "AuditEvent", rows);
}
