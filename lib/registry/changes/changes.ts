import type { z } from "zod";
import type {
  Change,
  ChangeSummary,
  listChanges as contract,
  openChange as openContract,
  reviewChange as reviewContract,
} from "@/lib/contracts/changes";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { failingHardChecks } from "@/lib/domain/changes/model-checks";
import { type ChangeEvent, type ChangeState, isConflict, isFinal, nextState } from "@/lib/domain/changes/change-states";
import { DomainError } from "@/lib/domain/errors";
import { assertCan, type Verb } from "@/lib/domain/permissions";
import type { Environment } from "@/lib/domain/environments";
import type { Principal } from "@/lib/domain/principal";
import { announce } from "../notifications/announce";
import { proposeStagedFitOfAlert } from "./alert-fits";
import { checksOfEvidence } from "./checks";
import { type ChangeJudgement, judgeChange, judgeChanges } from "./judgement";
import { addRevision, insertChange } from "./insert";
import { contentOf, toChange, toSummary } from "./mapping";
import { changeNotice } from "./notice";
import { accountableUser } from "./accountable-user";
import type { ChangeMove } from "./items";
import { lockMoves, moveServed } from "./pointer";
import { type ChangeRef, type ChangeRow, currentOf, findChange, findChanges, leadOf, movesOf } from "./row";
import { listWaiting } from "./waiting";
import { gatherEvidence } from "./gather-evidence";
import { recordEvent, recordEvents } from "../record-event";
import { numberOf } from "../paging";
import { openScope, openScopeFor, type Scope } from "../scope";

type OpenInput = z.input<(typeof openContract)["body"]>;
type ReviewInput = z.input<(typeof reviewContract)["body"]>;

/**
 * Opens a request to move a pointer or an alias, with its evidence. Throws `conflict` when one is open for it already, and
 * what `checkProposal` throws.
 */
export async function openChange(principal: Principal, input: OpenInput): Promise<Change> {
  const scope = await openScope(principal, input.workspace);
  assertCan(scope.actor, "feature:propose", input.environment);
  const { id } = await prisma().$transaction((tx) => insertChange(tx, scope, input));
  return getChange(principal, id);
}

/**
 * Records a decision on the current revision. The author and the editors of the revision may only comment (`forbidden`);
 * `conflict` when the request ended, or when `digest` is not the current revision's.
 */
export function reviewChange(principal: Principal, ref: ChangeRef, input: ReviewInput): Promise<Change> {
  const { decision, comment = "" } = input;
  return inChange(principal, ref, "change:comment", async (tx, { scope, row, judgement }) => {
    const current = currentOf(row);
    assertOpen(row, judgement);
    if (decision !== "comment" && !judgement.decide.allowed)
      throw new DomainError("forbidden", judgement.decide.reason);
    if (decision !== "approve" && comment.trim() === "")
      throw new DomainError("invalid", "Say why: a comment is needed.", {
        issues: [{ path: ["comment"], message: "Missing.", expected: "some text" }],
      });
    if (input.digest !== undefined && input.digest !== current.digest)
      throw new DomainError(
        "conflict",
        `The request has changed since: revision ${current.number} is current. Look at it and decide again.`,
      );
    const reviewer = accountableUser(scope.actor);
    await tx.review.create({
      data: {
        changeId: row.id,
        revisionId: current.id,
        revisionDigest: current.digest,
        reviewerId: reviewer.id,
        reviewerName: reviewer.name,
        decision,
        comment: comment.trim(),
      },
    });
    const after = await findChange(tx, principal, row.id);
    const state = stateAfter(await judgeChange(tx, scope, after.row), decision);
    await setState(tx, row.id, state);
    const said = comment.trim();
    if (decision !== "comment")
      await announce(tx, scope.workspace.id, [
        changeNotice("change.decided", row, `${DECIDED[decision]} by ${reviewer.name}${said && `: ${said}`}`, {
          decision,
          comment: said,
          reviewer: reviewer.name,
          state,
        }),
      ]);
    await recordEvent(tx, scope, {
      action: "change.review",
      object: `change/${row.number}`,
      before: { state: row.state },
      after: { state, decision, comment: comment.trim(), revision: current.number, digest: current.digest },
    });
  });
}

const DECIDED = { approve: "approved", reject: "rejected", request_changes: "sent back for changes" } as const;

/** Where a decision leads, given everything that is known after it. */
function stateAfter({ state, need, objected }: ChangeJudgement, decision: ReviewInput["decision"]): ChangeState {
  if (decision === "comment") return state;
  if (decision === "reject") return nextState(state, "reject");
  const take = (now: ChangeState, event: ChangeEvent, when: boolean) => (when ? nextState(now, event) : now);
  let next = take(state, "request_changes", objected && state !== "changes_requested");
  next = take(next, "resume_review", !objected && next === "changes_requested");
  next = take(next, "approve", need.satisfied && next === "in_review");
  return take(next, "reopen", !need.satisfied && next === "approved");
}

/**
 * Moves the pointer or alias, ends the request and records who did it, or does none of it. Throws `conflict` when approvals
 * are missing, when it was applied before, when the pointer moved since the revision was made, or when what is known by now
 * no longer passes a check that must pass.
 */
export function applyChange(principal: Principal, ref: ChangeRef): Promise<Change> {
  return inChange(principal, ref, "change:apply", async (tx, { scope, row, judgement }) => {
    assertOpen(row, judgement);
    const current = currentOf(row);
    const moves = movesOf(current);
    const before = await lockMoves(tx, moves);
    // Judged again under the lock: a run or another request may have come between.
    const { need, conflict, state, checks } = await judgeChange(tx, scope, row);
    const moved = moves.find((move, at) => isConflict(move.baseVersionId, before[at]?.versionId ?? null));
    if (conflict || moved) {
      const { subject, environment } = moved ?? leadOf(row);
      const pointer = moved && before[moves.indexOf(moved)];
      throw new DomainError(
        "conflict",
        `${environment} moved to ${pointer ? `version ${pointer.version}` : "no version"} of \`${subject.name}\` since revision ${current.number}. Rebase the request, then have it approved again.`,
        { pointer: pointer?.version ?? null, base: contentOf(current).base },
      );
    }
    const why = failingHardChecks(checks).map((check) => ` ${check.sentence}`);
    if (!need.satisfied) throw new DomainError("conflict", `It cannot be applied yet. ${need.sentence}${why.join("")}`);
    const applied = nextState(nextState(state, "start_apply"), "finish_apply");
    for (const move of moves) {
      await assertChecksPass(tx, scope, row, move);
      await moveServed(tx, scope, move);
    }
    await setState(tx, row.id, applied);
    for (const { subject, environment, versionId } of moves)
      if (subject.kind === "model" && environment === "staging")
        await proposeStagedFitOfAlert(tx, scope.workspace.id, subject.name, versionId);
    await announce(tx, scope.workspace.id, [
      ...moves.map(({ subject, environment, version }, at) =>
        changeNotice("change.applied", row, `applied by ${scope.actor.name}`, {
          [subject.kind]: subject.name,
          environment,
          before: before[at]?.version ?? null,
          version,
          approvedBy: approversOf(row).join(", "),
        }),
      ),
    ]);
    await recordEvents(
      tx,
      scope,
      moves.map(({ subject, environment, version }, at) => ({
        action: `${subject.kind}.promote`,
        object: `${subject.kind}/${subject.name}`,
        before: { environment, version: before[at]?.version ?? null },
        after: {
          environment,
          version,
          change: row.number,
          revision: current.number,
          digest: current.digest,
          approvedBy: approversOf(row),
        },
      })),
    );
  });
}

/**
 * Evidence is computed again, because a model may have come since that reads the version and leaks, or a check that puts its data
 * into quarantine.
 */
async function assertChecksPass(
  tx: Transaction,
  scope: Scope,
  row: ChangeRow,
  { subject, environment, versionId, baseVersionId }: ChangeMove,
): Promise<void> {
  const workspaceId = scope.workspace.id;
  const evidence = await gatherEvidence(tx, { workspaceId, subject, environment, versionId, baseVersionId });
  const [failing] = failingHardChecks(checksOfEvidence(evidence, environment, contentOf(currentOf(row)).rollback));
  if (failing)
    throw new DomainError(
      "conflict",
      `It cannot be applied: the check ${failing.name} no longer passes. ${failing.sentence}`,
      { check: failing.name },
    );
}

/** Names of whoever's last decision on the current revision is an approval. */
function approversOf(row: ChangeRow): string[] {
  const { digest } = currentOf(row);
  const last = new Map(
    row.reviews
      .filter((review) => review.revisionDigest === digest && review.decision !== "comment")
      .map((review) => [review.reviewerName, review.decision]),
  );
  return [...last].filter(([, decision]) => decision === "approve").map(([name]) => name);
}

/** Ends the request without effect: for its author, and for admins. */
export function withdrawChange(principal: Principal, ref: ChangeRef): Promise<Change> {
  return inChange(principal, ref, "change:withdraw", async (tx, { scope, row, judgement }) => {
    assertOpen(row, judgement);
    const { withdraw } = toChange(scope, row, judgement).can;
    if (!withdraw.allowed) throw new DomainError("forbidden", withdraw.reason ?? "");
    const state = nextState(judgement.state, "withdraw");
    await setState(tx, row.id, state);
    await recordEvent(tx, scope, {
      action: "change.withdraw",
      object: `change/${row.number}`,
      before: { state: row.state },
      after: { state },
    });
  });
}

/** Makes a revision on what the pointer names now. Approvals of earlier revisions no longer count. */
export function rebaseChange(principal: Principal, ref: ChangeRef): Promise<Change> {
  return inChange(principal, ref, "feature:propose", async (tx, { scope, row, judgement }) => {
    assertOpen(row, judgement);
    const current = currentOf(row);
    const moves = movesOf(current);
    const bases = await lockMoves(tx, moves);
    const { rebase } = toChange(scope, row, await judgeChange(tx, scope, row)).can;
    if (!rebase.allowed) throw new DomainError("conflict", rebase.reason ?? "");
    const content = { ...contentOf(current), base: bases[0]?.version ?? null };
    const state = nextState(judgement.state, "revise");
    await addRevision(tx, scope, {
      changeId: row.id,
      number: current.number + 1,
      content,
      moves: moves.map((move, at) => ({ ...move, baseVersionId: bases[at]?.versionId ?? null })),
    });
    await setState(tx, row.id, state);
    await recordEvent(tx, scope, {
      action: "change.rebase",
      object: `change/${row.number}`,
      before: contentOf(current),
      after: content,
    });
  });
}

function assertOpen(row: ChangeRow, { open, state }: ChangeJudgement): void {
  if (!open)
    throw new DomainError("conflict", `Change request ${row.number} has ended: it was ${state.replaceAll("_", " ")}.`, {
      state,
    });
}

async function setState(tx: Transaction, id: string, state: ChangeState): Promise<void> {
  const ended = isFinal(state) ? { openKey: null, endedAt: new Date() } : {};
  await tx.changeRequest.update({ where: { id }, data: { state, updatedAt: new Date(), ...ended } });
}

interface OpenedChange {
  scope: Scope;
  row: ChangeRow;
  judgement: ChangeJudgement;
}

/** One step on one request in one transaction, with the request locked, so that steps come one after the other. */
async function inChange(
  principal: Principal,
  ref: ChangeRef,
  verb: Verb,
  step: (tx: Transaction, change: OpenedChange) => Promise<void>,
): Promise<Change> {
  const id = await prisma().$transaction(async (tx) => {
    const found = await findChange(tx, principal, ref);
    assertCan(found.scope.actor, verb, found.row.environment as Environment);
    await tx.$executeRaw`SELECT 1 FROM "ChangeRequest" WHERE "id" = ${found.row.id} FOR UPDATE`;
    // Read again: whoever held the lock may have changed it.
    const { row, scope } = await findChange(tx, principal, found.row.id);
    await step(tx, { scope, row, judgement: await judgeChange(tx, scope, row) });
    return row.id;
  });
  return getChange(principal, id);
}

export async function getChange(principal: Principal, ref: ChangeRef): Promise<Change> {
  const { row, scope } = await findChange(prisma(), principal, ref);
  assertCan(scope.actor, "feature:read");
  return toChange(scope, row, await judgeChange(prisma(), scope, row));
}

/** Newest first; the cursor is the number of the last one seen. */
export async function listChanges(
  principal: Principal,
  query: z.input<(typeof contract)["query"]>,
): Promise<{ items: ChangeSummary[]; total: number; nextCursor: string | null }> {
  const { view = "all", feature, model, environment, cursor } = query;
  const limit = Number(query.limit ?? 50);
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const where: Prisma.ChangeRequestWhereInput = {
    workspaceId: scope.workspace.id,
    ...((view === "open" || view === "waiting") && { endedAt: null }),
    ...(view === "ended" && { endedAt: { not: null } }),
    ...(view === "mine" && { authorId: accountableUser(scope.actor).id }),
    ...(feature && { items: { some: { feature: { name: feature } } } }),
    ...(model && { items: { some: { model: { name: model } } } }),
    ...(environment && { environment }),
  };
  const before = numberOf(cursor);
  const after = before === undefined ? {} : { number: { lt: before } };
  const summaries = async (rows: ChangeRow[]) => {
    const judgements = await judgeChanges(prisma(), scope, rows);
    return rows.map((row, index) => toSummary(scope, row, judgements[index] as ChangeJudgement));
  };
  if (view === "waiting") {
    const all = await listWaiting(scope, where);
    const rest = before === undefined ? all : all.filter((change) => change.number < before);
    return pageOf(rest, all.length, limit);
  }
  const rows = await findChanges({ AND: [where, after] }, prisma(), limit + 1);
  return pageOf(await summaries(rows), await prisma().changeRequest.count({ where }), limit);
}

function pageOf(found: ChangeSummary[], total: number, limit: number) {
  const items = found.slice(0, limit);
  return { items, total, nextCursor: found.length > limit ? String(items[items.length - 1]?.number) : null };
}
