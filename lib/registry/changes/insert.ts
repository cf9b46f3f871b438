import type { z } from "zod";
import type { openChange as contract } from "@/lib/contracts/changes";
import type { Transaction } from "@/lib/db/client";
import { nextState } from "@/lib/domain/changes/change-states";
import { DomainError } from "@/lib/domain/errors";
import { type ChangeMove, createItems } from "./items";
import { announce } from "../notifications/announce";
import type { RevisionContent } from "./mapping";
import { changeNotice } from "./notice";
import { accountableUser } from "./accountable-user";
import { checkProposal } from "./proposal";
import { gatherEvidence } from "./gather-evidence";
import { digestOf, recordEvent } from "../record-event";
import type { Scope } from "../scope";
import { asJson } from "../stored-json";

type OpenInput = z.input<(typeof contract)["body"]>;

/**
 * Opens a request with its evidence inside a transaction of the caller's, who has checked the permission. Throws `conflict` when
 * one is open for the same pointer or alias already, and what `checkProposal` throws.
 */
export async function insertChange(
  tx: Transaction,
  scope: Scope,
  input: OpenInput,
): Promise<{ id: string; number: number }> {
  // One at a time in a workspace: numbers have no gaps, and a second request for the same pointer sees the first.
  await tx.$executeRaw`SELECT 1 FROM "Workspace" WHERE "id" = ${scope.workspace.id} FOR NO KEY UPDATE`;
  const { subject, version, base, rollback } = await checkProposal(tx, scope.workspace.id, input);
  const openKey = `${subject.id}:${input.environment}`;
  await assertNoneOpen(tx, openKey, subject.name, input.environment);
  const content: RevisionContent = {
    [subject.kind]: subject.name,
    environment: input.environment,
    version: version.number,
    base: base?.version ?? null,
    rollback,
  };
  const last = await tx.changeRequest.aggregate({
    where: { workspaceId: scope.workspace.id },
    _max: { number: true },
  });
  const number = (last._max.number ?? 0) + 1;
  const person = accountableUser(scope.actor);
  const change = await tx.changeRequest.create({
    data: {
      workspaceId: scope.workspace.id,
      number,
      environment: input.environment,
      title: titleOf(content),
      description: input.description ?? "",
      state: nextState("draft", "submit"),
      authorId: person.id,
      authorName: person.name,
      openKey,
    },
  });
  await addRevision(tx, scope, {
    changeId: change.id,
    number: 1,
    content,
    moves: [{ subject, environment: input.environment, versionId: version.id, baseVersionId: base?.versionId ?? null }],
  });
  await announce(tx, scope.workspace.id, [
    changeNotice("change.opened", { number, title: titleOf(content) }, `opened by ${person.name}`, {
      ...content,
      author: person.name,
    }),
  ]);
  await recordEvent(tx, scope, {
    action: "change.open",
    object: `change/${number}`,
    after: { ...content, description: input.description ?? "" },
  });
  return { id: change.id, number };
}

async function assertNoneOpen(tx: Transaction, openKey: string, name: string, environment: string) {
  const open = await tx.changeRequest.findUnique({ where: { openKey }, select: { number: true, authorName: true } });
  if (open)
    throw new DomainError(
      "conflict",
      `Change request ${open.number} by ${open.authorName} is already open for \`${name}\` in ${environment}. Review it, or have it withdrawn first.`,
      { number: open.number },
    );
}

function titleOf({ feature, model, environment, version, rollback }: RevisionContent): string {
  const name = feature ?? model;
  return rollback
    ? `Roll ${name} back to v${version} in ${environment}`
    : `Promote ${name} v${version} to ${environment}`;
}

/** Writes the next revision with its evidence. */
export async function addRevision(
  tx: Transaction,
  scope: Scope,
  revision: {
    changeId: string;
    number: number;
    content: RevisionContent;
    /** What it would move; evidence is gathered for the first. */
    moves: readonly ChangeMove[];
  },
): Promise<void> {
  const { changeId, number, content, moves } = revision;
  const [lead] = moves;
  if (!lead) throw new Error("A revision has at least one item.");
  const evidence = await gatherEvidence(tx, { workspaceId: scope.workspace.id, ...lead });
  const editor = accountableUser(scope.actor);
  const { id } = await tx.revision.create({
    data: {
      changeId,
      number,
      digest: digestOf(content),
      content: { ...content },
      evidence: asJson(evidence),
      editorId: editor.id,
      editorName: editor.name,
    },
    select: { id: true },
  });
  await createItems(tx, { id, changeId }, moves);
}
