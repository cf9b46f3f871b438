import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  GENESIS_HASH,
  createChainVerifier,
  hashEvent,
  verifyChain,
  type AuditEvent,
  type AuditEventBody,
} from "./chain";

const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

type Content = Omit<AuditEventBody, "sequence" | "previousHash">;

const content: fc.Arbitrary<Content> = fc.record({
  at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }).map((date) => date.toISOString()),
  actor: fc.string(),
  action: fc.constantFrom("feature.promote", "policy.edit", "run.start"),
  object: fc.string(),
  before: fc.jsonValue({ maxDepth: 2 }),
  after: fc.jsonValue({ maxDepth: 2 }),
  requestId: fc.option(fc.string()),
});

function chainOf(contents: Content[]): AuditEvent[] {
  let previousHash = GENESIS_HASH;
  return contents.map((item, index) => {
    const body = { ...item, sequence: index + 1, previousHash };
    previousHash = hashEvent(body, sha256Hex);
    return { ...body, hash: previousHash };
  });
}

const log = fc.array(content, { minLength: 2, maxLength: 8 }).map(chainOf);
const logAndPlace = log.chain((events) => fc.tuple(fc.constant(events), fc.nat({ max: events.length - 1 })));

describe("hashEvent", () => {
  const body: AuditEventBody = {
    sequence: 1,
    at: "2026-01-02T03:04:05.000Z",
    actor: "ann",
    action: "feature.promote",
    object: "feature/airport.segment",
    before: null,
    after: { versionId: "v2" },
    requestId: "r1",
    previousHash: GENESIS_HASH,
  };

  it("is the hash of the canonical JSON with the previous hash", () => {
    const text = `{"action":"feature.promote","actor":"ann","after":{"versionId":"v2"},"at":"2026-01-02T03:04:05.000Z","before":null,"object":"feature/airport.segment","previousHash":"${"0".repeat(64)}","requestId":"r1","sequence":1}`;
    expect(hashEvent(body, sha256Hex)).toBe(sha256Hex(text));
  });

  it("ignores members that are no part of the event, such as its own hash", () => {
    const stored = { ...body, hash: "x", workspaceId: "w" };
    expect(hashEvent(stored, sha256Hex)).toBe(hashEvent(body, sha256Hex));
  });

  it("hashes an undefined before as the null a database returns", () => {
    expect(hashEvent({ ...body, before: undefined }, sha256Hex)).toBe(hashEvent(body, sha256Hex));
  });
});

describe("verifyChain", () => {
  it("accepts the empty log", () => {
    expect(verifyChain([], sha256Hex)).toEqual({ ok: true, events: 0, head: GENESIS_HASH });
  });

  it("accepts what was appended in order, and names its head", () => {
    fc.assert(
      fc.property(log, (events) => {
        expect(verifyChain(events, sha256Hex)).toEqual({ ok: true, events: events.length, head: events.at(-1)?.hash });
      }),
    );
  });

  const forgeries: { [Member in keyof AuditEvent]: (event: AuditEvent) => AuditEvent[Member] } = {
    sequence: (event) => event.sequence + 1,
    at: () => "1999-12-31T23:59:59.000Z",
    actor: (event) => `${event.actor}x`,
    action: (event) => `${event.action}x`,
    object: (event) => `${event.object}x`,
    before: (event) => [event.before],
    after: (event) => [event.after],
    requestId: (event) => `${event.requestId ?? ""}x`,
    previousHash: (event) => sha256Hex(event.previousHash),
    hash: (event) => sha256Hex(event.hash),
  };

  it.each(Object.keys(forgeries) as (keyof AuditEvent)[])("names the event whose %s was changed", (member) => {
    fc.assert(
      fc.property(logAndPlace, ([events, place]) => {
        const forged = events.map((event, index) =>
          index === place ? { ...event, [member]: forgeries[member](event) } : event,
        );
        expect(verifyChain(forged, sha256Hex)).toMatchObject({ ok: false, brokenAt: place + 1 });
      }),
    );
  });

  it("names the next event when a forger recomputed the changed one's hash", () => {
    fc.assert(
      fc.property(logAndPlace, ([events, place]) => {
        fc.pre(place < events.length - 1);
        const forged = events.map((event, index) => {
          if (index !== place) return event;
          const body = { ...event, actor: `${event.actor}x` };
          return { ...body, hash: hashEvent(body, sha256Hex) };
        });
        expect(verifyChain(forged, sha256Hex)).toMatchObject({ ok: false, brokenAt: place + 2 });
      }),
    );
  });

  it("names the event that was deleted", () => {
    fc.assert(
      fc.property(logAndPlace, ([events, place]) => {
        fc.pre(place < events.length - 1);
        const verdict = verifyChain(
          events.filter((_, index) => index !== place),
          sha256Hex,
        );
        expect(verdict).toMatchObject({ ok: false, brokenAt: place + 1 });
      }),
    );
  });

  it("names the first of two events that were exchanged", () => {
    fc.assert(
      fc.property(logAndPlace, fc.nat(), ([events, place], step) => {
        const other = (place + 1 + (step % (events.length - 1))) % events.length;
        const exchanged = events.map((event, index) =>
          index === place ? events[other]! : index === other ? events[place]! : event,
        );
        expect(verifyChain(exchanged, sha256Hex)).toMatchObject({ ok: false, brokenAt: Math.min(place, other) + 1 });
      }),
    );
  });

  it("says what is wrong with the first broken event", () => {
    const [first, second, third] = chainOf(
      ["a", "b", "c"].map((object) => ({
        at: "",
        actor: "",
        action: "",
        object,
        before: null,
        after: null,
        requestId: null,
      })),
    );
    const reason = (events: AuditEvent[]) => {
      const verdict = verifyChain(events, sha256Hex);
      return verdict.ok ? "sound" : verdict.reason;
    };
    expect(reason([first!, third!])).toMatch(/^Event 2 was expected and event 3 was found/);
    expect(reason([{ ...first!, previousHash: "" }])).toMatch(/^Event 1 does not name the genesis hash/);
    expect(reason([first!, { ...second!, previousHash: "" }])).toMatch(/^Event 2 does not name the hash of event 1/);
    expect(reason([first!, { ...second!, object: "" }])).toMatch(/^The content of event 2 does not have the hash/);
  });

  it("refuses a gap in the numbers although every hash fits", () => {
    const [first] = chainOf([
      { at: "", actor: "", action: "", object: "", before: null, after: null, requestId: null },
    ]);
    const body = { ...first!, sequence: 3, previousHash: first!.hash };
    const skipping = { ...body, hash: hashEvent(body, sha256Hex) };
    expect(verifyChain([first!, skipping], sha256Hex)).toMatchObject({ ok: false, brokenAt: 2 });
  });

  it("continues from a head, and only from the right one", () => {
    fc.assert(
      fc.property(logAndPlace, ([events, place]) => {
        const last = events[place]!;
        const rest = events.slice(place + 1);
        const from = { sequence: last.sequence, hash: last.hash };
        expect(verifyChain(rest, sha256Hex, from)).toMatchObject({ ok: true, events: rest.length });
        if (rest.length > 0) {
          const verdict = verifyChain(rest, sha256Hex, { ...from, hash: GENESIS_HASH });
          expect(verdict).toMatchObject({ ok: false, brokenAt: place + 2 });
        }
      }),
    );
  });
});

describe("createChainVerifier", () => {
  it("finds page by page what it finds at once, sound or broken", () => {
    fc.assert(
      fc.property(logAndPlace, fc.integer({ min: 1, max: 3 }), fc.boolean(), ([events, place], size, forge) => {
        const read = forge ? events.map((event, index) => (index === place ? { ...event, at: "" } : event)) : events;
        const verifier = createChainVerifier(sha256Hex);
        for (let start = 0; start < read.length; start += size) verifier.add(read.slice(start, start + size));
        expect(verifier.verdict()).toEqual(verifyChain(read, sha256Hex));
        expect(verifier.head().sequence).toBe(forge ? place : events.length);
      }),
    );
  });
});
