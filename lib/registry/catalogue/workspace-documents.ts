import type { ParsedSpecs } from "@/lib/contracts/spec-documents";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { WorkspaceDefinition } from "@/lib/domain/definitions/workspace";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { assertCan, can, type Verb } from "@/lib/domain/permissions";
import { actorIn, type Principal } from "@/lib/domain/principal";
import { digestOf } from "../record-event";
import { scopeIn } from "../scope";
import { asJson } from "../stored-json";

/** The workspace that documents are about. `id` is null for one that they would create. */
export interface SpecWorkspace {
  id: string | null;
  name: string;
  /** How often documents were applied to it when this was read. */
  revision: number;
  actor: Actor;
  /** What is wrong with the documents' own idea of their workspace. */
  issues: Issue[];
}

/** Any fixed number: applies to one workspace take the same lock, whether or not it exists yet, and so does who counts on its documents. */
const SPEC_LOCK = 7_105;

export async function lockSpecs(tx: Transaction, workspace: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SPEC_LOCK}::int, hashtext(${workspace}))`;
}

/**
 * Finds the workspace by the request, else by the Workspace document, and checks that the principal has the verb there. To
 * create one takes `workspace:edit` in every workspace.
 */
export async function findSpecWorkspace(
  principal: Principal,
  asked: string | undefined,
  parsed: ParsedSpecs,
  verb: Verb,
): Promise<SpecWorkspace> {
  const declared = parsed.definitions.filter(({ definition }) => definition.kind === "Workspace");
  const name = asked ?? declared[0]?.definition.name;
  if (name === undefined) throw missingWorkspace(parsed);
  const issues = declared
    .filter(({ definition }) => definition.name !== name)
    .map(({ definition, locate }) => ({
      ...locate(["name"]),
      message: `Workspace ${definition.name}: the documents are about workspace \`${name}\`. One apply has one workspace.`,
      expected: name,
      found: definition.name,
    }));
  const row = await prisma().workspace.findUnique({
    where: { name },
    select: { id: true, name: true, specRevision: true },
  });
  if (row) {
    const { actor } = scopeIn(principal, row, `workspace \`${name}\``);
    assertCan(actor, verb);
    return { id: row.id, name, revision: row.specRevision, actor, issues };
  }
  const actor = actorIn(principal, "");
  if (!can(actor.roles, "workspace:edit") || (declared.length === 0 && parsed.issues.length === 0))
    throw new DomainError(
      "not_found",
      `There is no workspace \`${name}\` that you can see. To create it, apply a document of kind Workspace as an administrator.`,
    );
  return { id: null, name, revision: 0, actor, issues };
}

/** Without a workspace the documents cannot be compared, but what is wrong with them can be said. */
function missingWorkspace(parsed: ParsedSpecs): DomainError {
  const issue: Issue = {
    path: ["workspace"],
    message: "The documents name no workspace.",
    expected: "`workspace` in the request, or a document of kind Workspace",
    found: "neither",
  };
  // The document that names it may be the one that is wrong, and then that is what has to be mended.
  const [first] = parsed.issues;
  const message = `${issue.message} Expected ${issue.expected}.`;
  return new DomainError("invalid", first ? `${first.message} ${message}` : message, {
    issues: [...parsed.issues, issue],
  });
}

export function insertWorkspace(
  tx: Transaction,
  definition: WorkspaceDefinition,
  by: string,
  id?: string,
): Promise<{ id: string; name: string }> {
  return tx.workspace.create({
    data: {
      ...(id !== undefined && { id }),
      name: definition.name,
      ...workspaceRow(definition),
      createdBy: by,
      updatedBy: by,
    },
    select: { id: true, name: true },
  });
}

export function workspaceRow(definition: WorkspaceDefinition) {
  return {
    title: definition.title ?? definition.name,
    description: definition.description ?? "",
    defaultSplit: definition.defaultSplit ?? null,
    definition: asJson(definition),
    digest: digestOf(definition),
  };
}
