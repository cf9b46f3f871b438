import { describe, expect, it } from "vitest";
import {
  CHANGE_EVENTS,
  CHANGE_STATES,
  eventsFrom,
  isConflict,
  isFinal,
  nextState,
  type ChangeState,
} from "./change-states";

const ALLOWED = `
  draft submit in_review
  draft revise draft
  draft withdraw withdrawn
  draft expire expired
  draft supersede superseded
  in_review revise in_review
  in_review request_changes changes_requested
  in_review approve approved
  in_review reject rejected
  in_review withdraw withdrawn
  in_review expire expired
  in_review supersede superseded
  changes_requested revise in_review
  changes_requested resume_review in_review
  changes_requested reject rejected
  changes_requested withdraw withdrawn
  changes_requested expire expired
  changes_requested supersede superseded
  approved revise in_review
  approved request_changes changes_requested
  approved reopen in_review
  approved reject rejected
  approved withdraw withdrawn
  approved expire expired
  approved supersede superseded
  approved start_apply applying
  applying finish_apply applied
  applying refuse_apply approved
  applying fail_apply apply_failed`;

const allowed = new Map(
  ALLOWED.trim()
    .split("\n")
    .map((line) => line.trim().split(" "))
    .map(([state, event, next]) => [`${state} ${event}`, next]),
);

describe("nextState", () => {
  it.each(CHANGE_STATES.flatMap((state) => CHANGE_EVENTS.map((event) => [state, event] as const)))(
    "%s, %s",
    (state, event) => {
      const expected = allowed.get(`${state} ${event}`);
      if (expected) expect(nextState(state, event)).toBe(expected);
      else {
        expect(() => nextState(state, event)).toThrow(
          expect.objectContaining({
            code: "conflict",
            message: expect.stringMatching(new RegExp(`${state}.*${event}`)),
          }),
        );
      }
    },
  );

  it.each<[ChangeState, string]>([
    [
      "changes_requested",
      "A change request that is changes_requested cannot take the event start_apply. Possible now: revise, resume_review, reject, withdraw, expire, supersede.",
    ],
    ["applied", "A change request that is applied cannot take the event start_apply. It has ended."],
  ])("says what %s would take", (state, message) => {
    expect(() => nextState(state, "start_apply")).toThrow(message);
  });

  const steps = CHANGE_STATES.flatMap((state) =>
    eventsFrom(state).map((event) => [state, nextState(state, event)] as const),
  );

  it.each<[ChangeState, ChangeState[]]>([
    ["applied", ["applying"]],
    ["apply_failed", ["applying"]],
    ["applying", ["approved"]],
    ["approved", ["in_review", "applying"]],
  ])("leads to %s only from %j", (state, expected) => {
    expect(steps.filter(([, next]) => next === state).map(([before]) => before)).toEqual(expected);
  });

  it("leads to every state from draft", () => {
    const reached = new Set<ChangeState>(["draft"]);
    for (const _ of CHANGE_STATES) for (const [before, next] of steps) if (reached.has(before)) reached.add(next);
    expect([...reached].sort()).toEqual([...CHANGE_STATES].sort());
  });
});

describe("isFinal", () => {
  it.each(CHANGE_STATES)("%s", (state) => {
    const ends = ["applied", "rejected", "withdrawn", "expired", "superseded", "apply_failed"];
    expect(isFinal(state)).toBe(ends.includes(state));
  });
});

describe("isConflict", () => {
  it.each<[string | null, string | null, boolean]>([
    ["v1", "v1", false],
    ["v1", "v2", true],
    [null, null, false],
    [null, "v1", true],
    ["v1", null, true],
  ])("base %s, now %s", (base, current, expected) => {
    expect(isConflict(base, current)).toBe(expected);
  });
});
