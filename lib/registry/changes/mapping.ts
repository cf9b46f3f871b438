import type { Change, ChangePermit, ChangeSummary } from "@/lib/contracts/changes";
import { type ChangeState, eventsFrom } from "@/lib/domain/changes/change-states";
import { can, PERMISSIONS, type Verb } from "@/lib/domain/permissions";
import type { ChangeJudgement } from "./judgement";
import { type ChangeRow, currentOf, leadOf, movesOf } from "./row";
import { accountableUser } from "./accountable-user";
import type { Scope } from "../scope";

export function toSummary(scope: Scope, row: ChangeRow, judgement: ChangeJudgement): ChangeSummary {
  const { open, conflict, need, decide } = judgement;
  const current = currentOf(row);
  const content = contentOf(current);
  const { subject, version } = leadOf(row);
  const me = accountableUser(scope.actor).id;
  const decided = row.reviews.some(
    (review) => review.reviewerId === me && review.revisionDigest === current.digest && review.decision !== "comment",
  );
  const stale = new Set(need.stale);
  return {
    id: row.id,
    number: row.number,
    workspace: row.workspace.name,
    title: row.title,
    feature: subject.kind === "feature" ? subject.name : null,
    model: subject.kind === "model" ? subject.name : null,
    environment: row.environment as ChangeSummary["environment"],
    version,
    items: movesOf(current).map((move) => ({
      kind: move.subject.kind,
      object: move.subject.name,
      environment: move.environment,
      baseVersion: move.baseVersion,
      version: move.version,
    })),
    baseVersion: content.base,
    rollback: content.rollback,
    state: judgement.state,
    open,
    author: { id: row.authorId, name: row.authorName },
    revision: current.number,
    stale: open && row.reviews.some((review) => stale.has(review.id) && review.decision !== "comment"),
    conflict,
    needed: neededOf(row, judgement),
    mine: row.authorId === me,
    waitingForMe: open && decide.allowed && !need.satisfied && !decided,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function toChange(scope: Scope, row: ChangeRow, judgement: ChangeJudgement): Change {
  const current = currentOf(row);
  return {
    ...toSummary(scope, row, judgement),
    description: row.description,
    pointerVersion: judgement.pointer?.version ?? null,
    revisions: row.revisions.map((revision) => ({
      number: revision.number,
      digest: revision.digest,
      version: movesOf(revision)[0]?.version as number,
      baseVersion: contentOf(revision).base,
      editor: { id: revision.editorId, name: revision.editorName },
      createdAt: revision.createdAt.toISOString(),
    })),
    reviews: row.reviews.map((review) => ({
      id: review.id,
      reviewer: { id: review.reviewerId, name: review.reviewerName },
      decision: review.decision as Change["reviews"][number]["decision"],
      comment: review.comment,
      revision: review.revision.number,
      stale: review.revisionDigest !== current.digest,
      asOwner: judgement.owner?.members.some(({ id }) => id === review.reviewerId) ?? false,
      createdAt: review.createdAt.toISOString(),
    })),
    owner: judgement.owner && {
      ...judgement.owner,
      members: judgement.owner.members.map(({ id, name }) => ({ id, name })),
    },
    evidence: judgement.evidence,
    checks: judgement.checks,
    can: permitsOf(scope, row, judgement),
  };
}

/** What a revision would change. `base` is the version that the pointer or alias named; null when it named none. */
export interface RevisionContent {
  /** Name of the feature; exactly one of `feature` and `model` is there. */
  feature?: string;
  model?: string;
  environment: string;
  version: number;
  base: number | null;
  rollback: boolean;
}

export const contentOf = (revision: { content: unknown }) => revision.content as RevisionContent;

/** How a request ended, as its page says it. */
const ENDED_AS: Partial<Record<ChangeState, string>> = {
  applied: "Applied",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  expired: "Expired",
  superseded: "Superseded",
  apply_failed: "Failed to apply",
};

function neededOf(row: ChangeRow, { state, open, conflict, need, pointer }: ChangeJudgement): string {
  if (!open) return `${ENDED_AS[state] ?? state}; nothing left to do.`;
  if (conflict)
    return `A rebase is needed: ${row.environment} moved to ${pointer ? `version ${pointer.version}` : "no version"} since revision ${currentOf(row).number}.`;
  return state === "approved" ? `${need.sentence} It can be applied.` : need.sentence;
}

const ALLOWED: ChangePermit = { allowed: true, reason: null };
const refuse = (reason: string): ChangePermit => ({ allowed: false, reason });

function permitsOf(scope: Scope, row: ChangeRow, judgement: ChangeJudgement): Change["can"] {
  const { state, open, conflict, need, decide } = judgement;
  const { environment } = scope.actor;
  const may = (verb: Verb, step: () => ChangePermit): ChangePermit => {
    if (!open) return refuse(`This request has ended: it was ${state.replaceAll("_", " ")}.`);
    if (!can(scope.actor.roles, verb))
      return refuse(`This needs one of the roles ${PERMISSIONS[verb].join(", ")}. Ask somebody who has it.`);
    if (environment !== undefined && environment !== row.environment)
      return refuse(`${scope.actor.name} may work in ${environment} only.`);
    return step();
  };
  return {
    approve: may("change:comment", () => (decide.allowed ? ALLOWED : refuse(decide.reason))),
    apply: may("change:apply", () => {
      if (conflict) return refuse("The pointer moved since this revision was made. Rebase first.");
      return state === "approved" && need.satisfied ? ALLOWED : refuse(need.sentence);
    }),
    rebase: may("feature:propose", () => {
      if (!conflict) return refuse("The pointer has not moved since this revision was made.");
      return judgement.pointer?.versionId === leadOf(row).versionId
        ? refuse(`${row.environment} already serves this version. Withdraw the request.`)
        : ALLOWED;
    }),
    withdraw: may("change:withdraw", () =>
      accountableUser(scope.actor).id !== row.authorId && !scope.actor.roles.includes("admin")
        ? refuse(`Only ${row.authorName}, who opened it, or an admin may withdraw it.`)
        : eventsFrom(state).includes("withdraw")
          ? ALLOWED
          : refuse("It is being applied."),
    ),
  };
}
