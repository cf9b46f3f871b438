import { can } from "../permissions";
import type { Role } from "../roles";
import { orOf } from "./can-decide";

export interface ApprovalPolicy {
  /** How many people must approve. */
  approvals: number;
  /** Roles whose approval counts; empty when anybody's counts who may approve. */
  roles: readonly Role[];
  /** Whether the owner must be among those who approve: a member of the group that owns it, or the person who does. */
  owner?: boolean;
  /** Whether unresolved threads block. */
  resolvedThreads?: boolean;
}

export interface Review {
  id: string;
  reviewerId: string;
  reviewerName: string;
  /** Of the reviewer, now: an approval by somebody who lost the role counts no longer. */
  roles: readonly Role[];
  decision: "approve" | "request_changes" | "comment";
  /** Digest of the revision that was reviewed. */
  digest: string;
}

export interface NeedQuestion {
  policy: ApprovalPolicy;
  /** Oldest first. A reviewer's last decision on the revision counts. */
  reviews: readonly Review[];
  revisionDigest: string;
  authorId: string;
  revisionEditors?: readonly string[];
  checkOverriders?: readonly string[];
  /** Names of hard checks that do not pass. */
  failingChecks?: readonly string[];
  unresolvedThreads?: number;
  /** Who owns what would change, and the ids of whoever approves as the owner; null when nobody owns it. */
  owner?: { name: string; members: readonly string[] } | null;
}

export interface NeedAnswer {
  satisfied: boolean;
  /** What is still needed and from whom, in plain sentences. */
  sentence: string;
  approvals: number;
  required: number;
  /** Ids of reviews of another revision than this one. */
  stale: string[];
}

/** What the policy still asks for before the revision may be applied. */
export function approvalStatus(question: NeedQuestion): NeedAnswer {
  const { policy, reviews, revisionDigest, failingChecks = [], unresolvedThreads = 0 } = question;
  const stale = reviews.filter((review) => review.digest !== revisionDigest);
  const decisions = new Map<string, Review>();
  for (const review of reviews) {
    if (review.digest === revisionDigest && review.decision !== "comment") decisions.set(review.reviewerId, review);
  }
  const counted = [...decisions.values()].filter((review) => counts(review, question));
  const approvals = counted.length;
  const ownerMissing =
    policy.owner === true && !counted.some(({ reviewerId }) => question.owner?.members.includes(reviewerId));
  const objectors = [...decisions.values()].filter(({ decision }) => decision === "request_changes");
  const openThreads = policy.resolvedThreads ? unresolvedThreads : 0;

  const missing = Math.max(0, policy.approvals - approvals);
  const needs = [
    ...(missing > 0 ? [sentenceForMissing(missing, approvals, policy)] : []),
    ...(ownerMissing ? [sentenceForOwner(question)] : []),
    ...objectors.map(({ reviewerName }) => `${reviewerName} asked for changes.`),
    ...(failingChecks.length > 0 ? [sentenceForChecks(failingChecks)] : []),
    ...(openThreads > 0 ? [`${openThreads === 1 ? "1 thread is" : `${openThreads} threads are`} not resolved.`] : []),
  ];
  const staleApprovers = new Set(
    stale
      .filter(({ decision, reviewerId }) => decision === "approve" && !decisions.has(reviewerId))
      .map(({ reviewerName }) => reviewerName),
  );
  if (missing > 0 && staleApprovers.size > 0) {
    needs.push(`The approval of ${[...staleApprovers].join(" and ")} was for an earlier revision.`);
  }

  return {
    satisfied:
      missing === 0 && !ownerMissing && objectors.length === 0 && failingChecks.length === 0 && openThreads === 0,
    sentence: needs.join(" ") || sentenceForSatisfied(policy.approvals),
    approvals,
    required: policy.approvals,
    stale: stale.map(({ id }) => id),
  };
}

/** Asked again although reviews are refused when they are made: who edited, overrode or lost a role may have changed since. */
function counts(
  review: Review,
  { policy, authorId, revisionEditors = [], checkOverriders = [] }: NeedQuestion,
): boolean {
  const tookPart = [authorId, ...revisionEditors, ...checkOverriders].includes(review.reviewerId);
  const hasRole = policy.roles.length === 0 || review.roles.some((role) => policy.roles.includes(role));
  return review.decision === "approve" && !tookPart && hasRole && can(review.roles, "change:approve");
}

function sentenceForMissing(missing: number, approvals: number, { roles }: ApprovalPolicy): string {
  const from =
    roles.length === 0 ? "somebody who took no part in the change" : `${orOf(roles)} who took no part in the change`;
  if (missing === 1) return `One ${approvals === 0 ? "" : "more "}approval is needed, from ${from}.`;
  return `${missing} ${approvals === 0 ? "" : "more "}approvals are needed, each from ${from}.`;
}

/** Whoever took part in the change does not approve it, whatever they own. */
function sentenceForOwner({ owner, authorId, revisionEditors = [], checkOverriders = [] }: NeedQuestion): string {
  if (!owner) return "The approval of the owner is needed, but it has no owner: name one in its spec.";
  const tookPart = [authorId, ...revisionEditors, ...checkOverriders];
  if (owner.members.every((member) => tookPart.includes(member)))
    return `The approval of the owner, ${owner.name}, is needed, and ${owner.members.length === 0 ? "it has no members" : "all of its members took part in the change"}: an administrator can add somebody to the group.`;
  return `The approval of the owner, ${owner.name}, is needed.`;
}

function sentenceForChecks(checks: readonly string[]): string {
  return `${checks.length === 1 ? "The check" : "The checks"} ${checks.join(", ")} must pass.`;
}

function sentenceForSatisfied(required: number): string {
  if (required === 0) return "No approval is needed.";
  return `Nothing more is needed: ${required === 1 ? "the approval" : `all ${required} approvals`} the policy asks for ${required === 1 ? "is" : "are"} there.`;
}
