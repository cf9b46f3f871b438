import { DomainError } from "../errors";

export const CHANGE_STATES = [
  "draft",
  "in_review",
  "changes_requested",
  "approved",
  "applying",
  "applied",
  "rejected",
  "withdrawn",
  "expired",
  "superseded",
  "apply_failed",
] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

export const CHANGE_EVENTS = [
  /** The author asks for a review. */
  "submit",
  /** A new revision, a rebase too: it dismisses approvals. */
  "revise",
  /** A reviewer asks for changes. */
  "request_changes",
  /** The reviewer takes the wish for changes back. */
  "resume_review",
  /** What the policy asks for is there. */
  "approve",
  /** What the policy asks for is there no longer: a review was taken back, or the policy changed. */
  "reopen",
  "reject",
  "withdraw",
  "expire",
  /** Another request took its place. */
  "supersede",
  "start_apply",
  "finish_apply",
  /** The pointer had moved, or the policy no longer holds: nothing was changed, and the request waits for a rebase. */
  "refuse_apply",
  /** Something broke: the request ends here. */
  "fail_apply",
] as const;
export type ChangeEvent = (typeof CHANGE_EVENTS)[number];

const ENDINGS = { reject: "rejected", withdraw: "withdrawn", expire: "expired", supersede: "superseded" } as const;

/** A request being applied cannot be withdrawn: its transaction decides. What is missing here is not allowed. */
const TRANSITIONS: Record<ChangeState, Partial<Record<ChangeEvent, ChangeState>>> = {
  draft: { submit: "in_review", revise: "draft", withdraw: "withdrawn", expire: "expired", supersede: "superseded" },
  in_review: { ...ENDINGS, revise: "in_review", request_changes: "changes_requested", approve: "approved" },
  changes_requested: { ...ENDINGS, revise: "in_review", resume_review: "in_review" },
  approved: {
    ...ENDINGS,
    revise: "in_review",
    request_changes: "changes_requested",
    reopen: "in_review",
    start_apply: "applying",
  },
  applying: { finish_apply: "applied", refuse_apply: "approved", fail_apply: "apply_failed" },
  applied: {},
  rejected: {},
  withdrawn: {},
  expired: {},
  superseded: {},
  apply_failed: {},
};

/** The events a request in this state can take. */
export function eventsFrom(state: ChangeState): ChangeEvent[] {
  return CHANGE_EVENTS.filter((event) => TRANSITIONS[state][event] !== undefined);
}

/** Whether nothing can happen to the request any more. Only requests that are open count against "one per feature and environment". */
export function isFinal(state: ChangeState): boolean {
  return eventsFrom(state).length === 0;
}

/** Throws `conflict` when the state does not take the event. */
export function nextState(state: ChangeState, event: ChangeEvent): ChangeState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) {
    const possible = eventsFrom(state);
    const expected = possible.length === 0 ? "It has ended." : `Possible now: ${possible.join(", ")}.`;
    throw new DomainError("conflict", `A change request that is ${state} cannot take the event ${event}. ${expected}`, {
      state,
      event,
      possible,
    });
  }
  return next;
}

/** Whether the pointer moved since the request's base was read: applying would undo what somebody else did. Null is a pointer not yet set. */
export function isConflict(baseVersionId: string | null, currentVersionId: string | null): boolean {
  return baseVersionId !== currentVersionId;
}
