import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/domain/canonical-json";
import { GENESIS_HASH, hashEvent } from "@/lib/domain/audit/chain";
import type { Transaction } from "@/lib/db/client";
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

export async function recordEvents(tx: Transaction, scope: Scope, events: EventInput[]): Promise<void> {
  if (events.length === 0) return;
  await assertInUse(tx, scope);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK}::bigint)`;
  const last = await tx.auditEvent.findFirst({ orderBy: { sequence: "desc" }, select: { sequence: true, hash: true } });
  let sequence = last?.sequence ?? 0;
  let previousHash = last?.hash ?? GENESIS_HASH;
  const rows = events.map((event) => {
    const object = `${scope.workspace.name}/${event.object}`;
    const plain = (value: unknown) =>
      value === undefined || value === null ? null : JSON.parse(JSON.stringify(value));
    const body = {
      sequence: ++sequence,
      at: new Date().toISOString(),
      actor: scope.actor.id,
      action: event.action,
      object,
      before: plain(event.before),
      after: plain(event.after),
      requestId: scope.requestId,
      previousHash,
    };
    previousHash = hashEvent(body, sha256);
    return {
      sequence,
      workspaceId: scope.workspace.id,
      workspace: scope.workspace.name,
      change: changeOf(event),
      at: body.at,
      actorId: scope.actor.id,
      actorName: scope.actor.name,
      action: event.action,
      object,
      before: body.before,
      after: body.after,
      requestId: scope.requestId,
      previousHash: body.previousHash,
      hash: previousHash,
    };
  });
  await insertRows(tx, "AuditEvent", rows);
}
