import type { SpecPlan } from "@/lib/contracts/specs";
import { type ParsedSpecs, parseSpecs, type SpecFile, type SpecInput } from "@/lib/contracts/spec-documents";
import { writeSpecFiles } from "@/lib/contracts/spec-documents-write";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { Definition } from "@/lib/domain/definitions/definition";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { assertCan } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { checkSpecs } from "@/lib/domain/specs/check";
import { consequencesOf } from "@/lib/domain/specs/consequences";
import { type SpecDifference, specDifference } from "@/lib/domain/specs/difference";
import { locateInRegistry } from "@/lib/domain/specs/placed-definition";
import { applyDifferences, ownersOf } from "./apply-differences";
import { unknownOwners } from "../access/owners";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import { assertNotDeployed } from "../deployments/use";
import { openScopeFor } from "../scope";
import { createWorkspace, findSpecWorkspace, lockSpecs, type SpecWorkspace } from "../catalogue/workspace-documents";

export interface SpecRequest {
  /** May be left out when a Workspace document names it. */
  workspace?: string;
  documents: SpecInput;
  /** Retire what the documents do not have. */
  prune?: boolean;
  /** Refuse documents of objects that the workspace has already. */
  onlyNew?: boolean;
}

/**
 * What applying the documents would do. Throws `invalid` with every issue of every document, and `not_found` for a workspace
 * that neither exists nor may be created by the principal.
 */
export async function planSpecs(principal: Principal, request: SpecRequest): Promise<SpecPlan> {
  const parsed = parseSpecs(request.documents);
  const workspace = await findSpecWorkspace(principal, request.workspace, parsed, "spec:plan");
  const { plan } = await comparePlan(prisma(), workspace, parsed, request.prune ?? false);
  return plan;
}

/** Milliseconds. Tens of thousands of objects in one transaction take minutes, and others waiting for the lock wait with them. */
const LONG = { timeout: 600_000 };

/**
 * Applies the documents in one transaction, or nothing of them. A concurrent apply to the same workspace waits, and then sees
 * what is left to do. Throws as `planSpecs`, and `forbidden` when the principal may not apply.
 */
export async function applySpecs(principal: Principal, request: SpecRequest): Promise<SpecPlan> {
  const parsed = parseSpecs(request.documents);
  const { name } = await findSpecWorkspace(principal, request.workspace, parsed, "spec:apply");
  return prisma().$transaction(async (tx) => {
    await lockSpecs(tx, name);
    // Somebody may have created it while this waited.
    const workspace = await findSpecWorkspace(principal, request.workspace, parsed, "spec:apply", tx);
    const { plan, differences } = await comparePlan(tx, workspace, parsed, request.prune ?? false);
    if (request.onlyNew) assertNew(parsed, plan);
    if (differences.some(({ kind }) => kind === "Workspace")) assertCan(workspace.actor, "workspace:edit");
    if (differences.length === 0) return { ...plan, applied: true };
    if (workspace.id !== null) await assertNotDeployed(tx, workspace.id, differences);
    const scope = {
      actor: workspace.actor,
      requestId: principal.requestId,
      workspace: { name, id: workspace.id ?? (await createWorkspace(tx, workspace.actor, differences)) },
    };
    await applyDifferences(tx, scope, differences);
    return { ...plan, applied: true };
  }, LONG);
}

/** The workspace's declared objects as spec files. Planning them shows no difference. */
export async function exportSpecs(principal: Principal, workspace: string): Promise<{ files: SpecFile[] }> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  return { files: writeSpecFiles(definitionsOf(await loadCatalogue(scope.workspace.id))) };
}

/** A catalogue as a list, stages in declaration order. */
export function definitionsOf(catalogue: Catalogue): Definition[] {
  const { workspace, entities, sources, stages, features, views, services, splits, pipelines, monitors } = catalogue;
  const declared = stages.map(({ versionId: _id, version: _version, digest: _digest, ...stage }) => stage);
  return [
    workspace,
    ...entities,
    ...sources,
    ...splits,
    ...declared,
    ...features,
    ...views,
    ...services,
    ...pipelines,
    ...monitors,
  ];
}

async function comparePlan(
  db: Prisma | Transaction,
  workspace: SpecWorkspace,
  parsed: ParsedSpecs,
  prune: boolean,
): Promise<{ plan: SpecPlan; differences: SpecDifference[] }> {
  const present = workspace.id === null ? [] : definitionsOf(await loadCatalogue(workspace.id, db));
  const given = parsed.definitions;
  const isGiven = new Set(given.map(({ definition }) => `${definition.kind} ${definition.name}`));
  const kept = prune ? [] : present.filter((one) => !isGiven.has(`${one.kind} ${one.name}`));
  const { errors, warnings } = checkSpecs(
    [
      ...given,
      ...kept.map((definition) => ({
        definition,
        locate: locateInRegistry(definition.kind, definition.name),
        given: false,
      })),
    ],
    parsed.unreadable,
  );
  assertNoIssues([...parsed.issues, ...workspace.issues, ...errors]);
  const wanted = given.map(({ definition }) => definition);
  const { differences, unchanged, unlisted } = specDifference(present, wanted, prune);
  const count = (action: SpecDifference["action"]) => differences.filter((one) => one.action === action).length;
  const plan: SpecPlan = {
    workspace: workspace.name,
    newWorkspace: workspace.id === null,
    differences: differences.map((one) => ({
      kind: one.kind,
      name: one.name,
      action: one.action,
      changes: one.changes,
      consequences: consequencesOf(one, present),
    })),
    counts: {
      create: count("create"),
      change: count("change"),
      replace: count("replace"),
      retire: count("retire"),
      unchanged,
    },
    unlisted,
    newGroups: await unknownOwners(db, workspace.id, ownersOf(differences)),
    warnings,
    applied: false,
  };
  return { plan, differences };
}

function assertNew({ definitions }: ParsedSpecs, { workspace, differences }: SpecPlan): void {
  const taken = definitions.find(
    ({ definition: { kind, name } }) =>
      !differences.some((one) => one.action === "create" && one.kind === kind && one.name === name),
  )?.definition;
  if (!taken) return;
  throw new DomainError(
    "conflict",
    `Workspace ${workspace} has a ${taken.kind.toLowerCase()} \`${taken.name}\` already. Choose another name, or change that one by applying its spec.`,
    { kind: taken.kind, name: taken.name },
  );
}

/** Throws all issues at once, by file and line. */
export function assertNoIssues(issues: Issue[]): void {
  if (issues.length === 0) return;
  const sorted = issues.toSorted((a, b) => (a.file ?? "").localeCompare(b.file ?? "") || (a.line ?? 0) - (b.line ?? 0));
  const [first] = sorted;
  const where = first?.file === undefined ? "" : `${first.file}, line ${first.line}: `;
  const more = issues.length > 1 ? ` There are ${issues.length} errors in all; \`issues\` lists them.` : "";
  throw new DomainError("invalid", `Nothing was applied. ${where}${first?.message}${more}`, { issues: sorted });
}
