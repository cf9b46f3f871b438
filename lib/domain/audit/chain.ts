import { canonicalJson } from "../canonical-json";

/** What an audit event says, before its own hash. `at` is an ISO 8601 time in UTC; `before` and `after` are JSON. */
export interface AuditEventBody {
  /** 1 for the first event; every event is one more than its predecessor. */
  sequence: number;
  at: string;
  /** Id of who did it. */
  actor: string;
  /** A verb with its noun, such as `feature.promote`. */
  action: string;
  /** What it was done to, such as `feature/airport.segment`. */
  object: string;
  before: unknown;
  after: unknown;
  requestId: string | null;
  /** Hash of the event before, `GENESIS_HASH` for the first. */
  previousHash: string;
}

export interface AuditEvent extends AuditEventBody {
  hash: string;
}

/** A place in the chain from which verification may continue: the last event that is known to be sound. */
export interface ChainHead {
  sequence: number;
  hash: string;
}

export type ChainVerdict =
  | { ok: true; events: number; head: string }
  /** `brokenAt` is the sequence the chain should have had at the first place that does not hold. */
  | { ok: false; brokenAt: number; reason: string };

export interface ChainVerifier {
  /** Verifies the next events, oldest first, and answers for everything seen so far. Once broken, it stays broken. */
  add(events: Iterable<AuditEvent>): ChainVerdict;
  verdict(): ChainVerdict;
  /** The last sound event, from which another verifier may continue. */
  head(): ChainHead;
}

/** SHA-256 of nothing is a hash somebody could have computed; 64 zeros is nobody's. */
export const GENESIS_HASH = "0".repeat(64);

/**
 * SHA-256, in lower-case hex, of the canonical JSON of the event with the previous hash. Members outside `AuditEventBody`
 * are not hashed; undefined `before` and `after` hash as null, which is what a database returns for them.
 */
export function hashEvent(body: AuditEventBody, sha256Hex: (text: string) => string): string {
  const { sequence, at, actor, action, object, before, after, requestId, previousHash } = body;
  return sha256Hex(
    canonicalJson({
      sequence,
      at,
      actor,
      action,
      object,
      before: before ?? null,
      after: after ?? null,
      requestId,
      previousHash,
    }),
  );
}

/**
 * Whether `events`, oldest first, form an unbroken chain that starts after `from` (the genesis when absent). A chain cut
 * off at its end is sound as far as it goes: only a head kept elsewhere shows truncation.
 */
export function verifyChain(
  events: Iterable<AuditEvent>,
  sha256Hex: (text: string) => string,
  from?: ChainHead,
): ChainVerdict {
  return createChainVerifier(sha256Hex, from).add(events);
}

/** Verifies a log page by page, holding nothing but the last hash. */
export function createChainVerifier(sha256Hex: (text: string) => string, from?: ChainHead): ChainVerifier {
  let head: ChainHead = from ?? { sequence: 0, hash: GENESIS_HASH };
  let events = 0;
  let broken: Extract<ChainVerdict, { ok: false }> | undefined;

  const verdict = (): ChainVerdict => broken ?? { ok: true, events, head: head.hash };
  return {
    verdict,
    head: () => head,
    add(page) {
      for (const event of page) {
        if (broken) break;
        const reason = whyBroken(event, head, sha256Hex);
        if (reason === undefined) {
          head = { sequence: event.sequence, hash: event.hash };
          events += 1;
        } else {
          broken = { ok: false, brokenAt: head.sequence + 1, reason };
        }
      }
      return verdict();
    },
  };
}

function whyBroken(event: AuditEvent, head: ChainHead, sha256Hex: (text: string) => string): string | undefined {
  const expected = head.sequence + 1;
  if (event.sequence !== expected) {
    return `Event ${expected} was expected and event ${event.sequence} was found: an event was removed, repeated, reordered or renumbered.`;
  }
  if (event.previousHash !== head.hash) {
    const predecessor = head.sequence === 0 ? "the genesis hash" : `the hash of event ${head.sequence}`;
    return `Event ${expected} does not name ${predecessor} as its previous hash: it or its predecessor was replaced.`;
  }
  if (hashEvent(event, sha256Hex) !== event.hash) {
    return `The content of event ${expected} does not have the hash recorded for it: it was changed after it was written.`;
  }
  return undefined;
}
