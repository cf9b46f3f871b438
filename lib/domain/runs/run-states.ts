/**
 * The state machine of a run: where it may stand, how it comes from one state to another, and who may cause that. Whatever writes
 * a run's state names a transition of this table (`moveRuns` in the registry); the database checks that the state is one of these.
 */
export const RUN_STATES = ["queued", "running", "succeeded", "failed", "canceled"] as const;
export type RunState = (typeof RUN_STATES)[number];

export const STATE_MEANINGS: Record<RunState, string> = {
  queued: "Waits for a worker. Nothing of it is computed, or nothing that is left of an earlier attempt is visible.",
  running:
    "One attempt of one worker holds it. Only that attempt may write about it, and its heartbeat says that it lives.",
  succeeded: "Its outputs, fits and figures are recorded.",
  failed: "It ended with an error, and published nothing.",
  canceled: "Somebody asked for its end before it succeeded, and it published nothing.",
};

/** Where a run begins. */
export const FIRST_STATE: RunState = "queued";

/**
 * Who may cause a transition: any worker that takes the run's job; the attempt that holds the run; whoever may cancel it, or the
 * product when what it belongs to ends; or the reaper, which acts for a worker that no longer says that it lives.
 */
type RunMover = "worker" | "attempt" | "canceler" | "reaper";

interface Transition {
  from: RunState;
  to: RunState;
  by: RunMover;
  meaning: string;
}

export const RUN_TRANSITIONS = {
  claim: { from: "queued", to: "running", by: "worker", meaning: "A worker takes the run: a new attempt begins." },
  giveBack: {
    from: "running",
    to: "queued",
    by: "attempt",
    meaning: "The worker stops, or its machine is the trouble: another attempt is to be made.",
  },
  succeed: {
    from: "running",
    to: "succeeded",
    by: "attempt",
    meaning: "What it did is recorded with this transition.",
  },
  fail: { from: "running", to: "failed", by: "attempt", meaning: "It cannot be done as it was asked for." },
  stop: { from: "running", to: "canceled", by: "attempt", meaning: "The worker saw that somebody asked for its end." },
  withdraw: { from: "queued", to: "canceled", by: "canceler", meaning: "It is canceled before it began." },
  revive: {
    from: "running",
    to: "queued",
    by: "reaper",
    meaning: "The worker is gone: another attempt is to be made.",
  },
  giveUp: {
    from: "running",
    to: "failed",
    by: "reaper",
    meaning: "The workers of so many attempts are gone that the run must be what ends them.",
  },
  bury: {
    from: "running",
    to: "canceled",
    by: "reaper",
    meaning: "The worker is gone, and somebody had asked for the run's end.",
  },
} as const satisfies Record<string, Transition>;

export type RunTransition = keyof typeof RUN_TRANSITIONS;

/** Transitions that only the attempt that holds the run may cause. */
export type AttemptTransition = {
  [Name in RunTransition]: (typeof RUN_TRANSITIONS)[Name]["by"] extends "attempt" ? Name : never;
}[RunTransition];

/** States that no transition leaves. */
export const ENDED_STATES = ["succeeded", "failed", "canceled"] as const satisfies RunState[];

/** States of a run that is still to end. */
export const ACTIVE_STATES = ["queued", "running"] as const satisfies RunState[];

/** Whether nothing will change any more. */
export const hasEnded = (state: RunState): boolean => (ENDED_STATES as readonly RunState[]).includes(state);
