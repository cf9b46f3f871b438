import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTIVE_STATES,
  ENDED_STATES,
  FIRST_STATE,
  hasEnded,
  RUN_STATES,
  RUN_TRANSITIONS,
  type RunState,
  type RunTransition,
} from "./run-states";

const NAMES = Object.keys(RUN_TRANSITIONS) as RunTransition[];

/** Walks through transitions from where a run begins; one that does not begin where the run stands leaves it there. */
function walk(names: readonly RunTransition[]): RunState[] {
  const states: RunState[] = [FIRST_STATE];
  for (const name of names) {
    const { from, to } = RUN_TRANSITIONS[name];
    if (from === states.at(-1)) states.push(to);
  }
  return states;
}

describe("the states of a run", () => {
  it.each([
    ["claim", "queued", "running", "worker"],
    ["giveBack", "running", "queued", "attempt"],
    ["succeed", "running", "succeeded", "attempt"],
    ["fail", "running", "failed", "attempt"],
    ["stop", "running", "canceled", "attempt"],
    ["withdraw", "queued", "canceled", "canceler"],
    ["revive", "running", "queued", "reaper"],
    ["giveUp", "running", "failed", "reaper"],
    ["bury", "running", "canceled", "reaper"],
  ] as const)("%s leads from %s to %s, by the %s", (name, from, to, by) => {
    expect(RUN_TRANSITIONS[name]).toMatchObject({ from, to, by });
  });

  it("are left by these transitions alone", () => {
    expect(NAMES).toHaveLength(9);
  });

  it("are active until they have ended, and never both", () => {
    expect([...ACTIVE_STATES, ...ENDED_STATES].sort()).toEqual([...RUN_STATES].sort());
    for (const state of RUN_STATES)
      expect(hasEnded(state)).toBe(!(ACTIVE_STATES as readonly RunState[]).includes(state));
  });

  it("can all be reached, and each active one can end", () => {
    const reached = new Set<RunState>([FIRST_STATE]);
    for (let before = -1; before !== reached.size;) {
      before = reached.size;
      for (const name of NAMES) if (reached.has(RUN_TRANSITIONS[name].from)) reached.add(RUN_TRANSITIONS[name].to);
    }
    expect([...reached].sort()).toEqual([...RUN_STATES].sort());
    for (const state of ACTIVE_STATES)
      expect(NAMES.some((name) => RUN_TRANSITIONS[name].from === state && hasEnded(RUN_TRANSITIONS[name].to))).toBe(
        true,
      );
  });

  it("do not change any more once a run has ended, whatever anybody tries", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NAMES), { maxLength: 40 }), (names) => {
        const states = walk(names);
        const ended = states.findIndex(hasEnded);
        expect(ended === -1 || ended === states.length - 1).toBe(true);
      }),
    );
  });

  it("lead to success only from an attempt that holds the run", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NAMES), { maxLength: 40 }), (names) => {
        const states = walk(names);
        if (states.at(-1) === "succeeded") expect(states.at(-2)).toBe("running");
      }),
    );
  });
});
