import type { Prisma as Client, Transaction } from "@/lib/db/client";
import { canDecide, type DecisionAnswer } from "@/lib/domain/changes/can-decide";
import { type ChangeState, isConflict, isFinal } from "@/lib/domain/changes/change-states";
import { type GovernedEnvironment, PROMOTION_POLICIES } from "@/lib/domain/changes/promotion-policy";
import { type NeedAnswer, type Review, approvalStatus } from "@/lib/domain/changes/approval-status";
import type { Role } from "@/lib/domain/roles";
import type { ChangePointer } from "./pointer";
import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import type { RuleEvidence } from "@/lib/contracts/change-rules";
import { type ChangeCheck, failingHardChecks } from "@/lib/domain/changes/model-checks";
import { checksOfEvidence, evidenceOf } from "./checks";
import type { ChangeMove } from "./items";
import { type ChangeRow, currentOf, leadOf, movesOf } from "./row";
import { grantsIn } from "../access/grants";
import type { Owner } from "../access/owners";
import { loadOwners } from "./owners";
import { gatherRuleEvidence } from "../rules/evidence";
import type { Scope } from "../scope";
import { loadVerdictsNow, type VerdictsNow, withVerdictsNow } from "./verdicts-now";

/** What is computed of a request and never stored. */
export interface ChangeJudgement {
  state: ChangeState;
  open: boolean;
  /** What the pointer names now. */
  pointer: ChangePointer | null;
  conflict: boolean;
  /** Of the current revision; while the request is open, what rules say and the verdicts of models are as of now. */
  evidence: ChangeEvidence;
  checks: ChangeCheck[];
  need: NeedAnswer;
  /** Who owns what it is about; null when nobody does. */
  owner: Owner | null;
  /** Somebody's last decision on the current revision asks for changes. */
  objected: boolean;
  /** Whether the caller may approve, ask for changes or reject. */
  decide: DecisionAnswer;
}

/** Judges requests of one workspace for the caller; the world is read once for all of them. */
export async function judgeChanges(
  db: Client | Transaction,
  scope: Scope,
  rows: readonly ChangeRow[],
): Promise<ChangeJudgement[]> {
  const served = await loadServed(db, rows);
  const roles = await loadRoles(db, scope, rows);
  const rules = await loadRules(db, scope, rows);
  const owners = await loadOwners(db, scope, rows);
  const verdicts = await loadVerdictsNow(db, rows.filter(isOpen).map(evidenceOf));
  return rows.map((row) =>
    judge(scope, row, {
      pointer: served.get(keyOf(leadOf(row))) ?? null,
      moved: movesOf(currentOf(row)).some((move) =>
        isConflict(move.baseVersionId, served.get(keyOf(move))?.versionId ?? null),
      ),
      roles,
      rules: rules.get(row.id),
      verdicts,
      owner: owners.get(row.id) ?? null,
    }),
  );
}

const isOpen = (row: ChangeRow) => !isFinal(row.state as ChangeState);

/** Open request by id → what rules say of its data now: whatever was checked since it was opened counts. */
async function loadRules(
  db: Client | Transaction,
  scope: Scope,
  rows: readonly ChangeRow[],
): Promise<ReadonlyMap<string, RuleEvidence>> {
  const open = rows.filter(isOpen);
  const subjects = open.map(leadOf).map(({ subject: { kind }, versionId }) => ({ kind, versionId }));
  const found = await gatherRuleEvidence(db, scope.workspace.id, subjects);
  return new Map(open.map((row, at) => [row.id, found[at] as RuleEvidence]));
}

export async function judgeChange(db: Client | Transaction, scope: Scope, row: ChangeRow): Promise<ChangeJudgement> {
  const [judgement] = await judgeChanges(db, scope, [row]);
  return judgement as ChangeJudgement;
}

function keyOf({ subject, environment }: Pick<ChangeMove, "subject" | "environment">): string {
  return `${subject.id}:${environment}`;
}

/** `keyOf` → what the pointer or alias names now. */
async function loadServed(
  db: Client | Transaction,
  rows: readonly ChangeRow[],
): Promise<ReadonlyMap<string, ChangePointer>> {
  const idsOf = (kind: "feature" | "model") =>
    rows
      .flatMap((row) => movesOf(currentOf(row)))
      .flatMap(({ subject }) => (subject.kind === kind ? [subject.id] : []));
  const pointers = await db.pointer.findMany({
    where: { featureId: { in: idsOf("feature") } },
    select: { featureId: true, environment: true, versionId: true, version: { select: { version: true } } },
  });
  const aliases = await db.modelAlias.findMany({
    where: { modelId: { in: idsOf("model") } },
    select: { modelId: true, alias: true, modelVersionId: true, modelVersion: { select: { version: true } } },
  });
  return new Map([
    ...pointers.map(
      ({ featureId, environment, versionId, version }) =>
        [`${featureId}:${environment}`, { versionId, version: version.version }] as const,
    ),
    ...aliases.map(
      ({ modelId, alias, modelVersionId, modelVersion }) =>
        [`${modelId}:${alias}`, { versionId: modelVersionId, version: modelVersion.version }] as const,
    ),
  ]);
}

/** What is known besides the request when it is judged. */
interface World {
  pointer: ChangePointer | null;
  /** Whether something that it would move was moved since its base. */
  moved: boolean;
  /** Of the reviewers, by id. */
  roles: ReadonlyMap<string, readonly Role[]>;
  rules: RuleEvidence | undefined;
  verdicts: VerdictsNow;
  owner: Owner | null;
}

function judge(
  scope: Scope,
  row: ChangeRow,
  { pointer, moved, roles, rules, verdicts, owner }: World,
): ChangeJudgement {
  const state = row.state as ChangeState;
  const current = currentOf(row);
  const policy = PROMOTION_POLICIES[row.environment as GovernedEnvironment];
  const people = { authorId: row.authorId, revisionEditors: [current.editorId] };
  // A rejection ends the request; only the decisions that leave it open are weighed.
  const reviews = row.reviews.flatMap((review): Review[] =>
    review.decision === "reject"
      ? []
      : [
          {
            id: review.id,
            reviewerId: review.reviewerId,
            reviewerName: review.reviewerName,
            roles: roles.get(review.reviewerId) ?? [],
            decision: review.decision as Review["decision"],
            digest: review.revisionDigest,
          },
        ],
  );
  const last = new Map(
    reviews
      .filter((review) => review.digest === current.digest && review.decision !== "comment")
      .map((review) => [review.reviewerId, review.decision]),
  );
  const open = isOpen(row);
  const { subject } = leadOf(row);
  const gathered = evidenceOf(row);
  const evidence = {
    ...(open ? withVerdictsNow(gathered, subject.kind === "feature" ? subject.name : null, verdicts) : gathered),
    ...(rules && { rules }),
  };
  const { rollback } = current.content as { rollback: boolean };
  const checks = checksOfEvidence(evidence, row.environment as GovernedEnvironment, rollback);
  const failingChecks = failingHardChecks(checks).map(({ name }) => name);
  return {
    state,
    open,
    pointer,
    conflict: open && moved,
    evidence,
    checks,
    owner,
    need: approvalStatus({
      policy,
      reviews,
      revisionDigest: current.digest,
      failingChecks,
      owner: owner && { name: owner.name, members: owner.members.map(({ id }) => id) },
      ...people,
    }),
    objected: [...last.values()].includes("request_changes"),
    decide: canDecide({ actor: scope.actor, roles: policy.roles, ...people }),
  };
}

/**
 * The roles that the reviewers have now, in the workspace of the requests. A token has none here: a decision that one made when
 * tokens could still decide counts no longer.
 */
async function loadRoles(
  db: Client | Transaction,
  scope: Scope,
  rows: readonly ChangeRow[],
): Promise<Map<string, Role[]>> {
  const reviewers = [...new Set(rows.flatMap((row) => row.reviews.map((review) => review.reviewerId)))];
  const here = grantsIn(scope.workspace.id);
  const bindings = await db.roleBinding.findMany({ where: { userId: { in: reviewers }, ...here } });
  const roles = new Map<string, Role[]>();
  for (const { userId, role } of bindings) roles.set(userId, [...(roles.get(userId) ?? []), role as Role]);
  return roles;
}
