import type { SpecPlan } from "@/lib/contracts/specs";
import { type ParsedSpecs, parseSpecs, type SpecFile, type SpecInput } from "@/lib/contracts/spec-documents";
import { writeSpecFiles } from "@/lib/contracts/spec-documents-write";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { assertCan, can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { checkSpecs } from "@/lib/domain/specs/check";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { parseStages } from "@/lib/sql/parse-stages";
import { consequencesOf } from "@/lib/domain/specs/consequences";
import { type SpecDifference, specDifference } from "@/lib/domain/specs/difference";
import { locateInRegistry } from "@/lib/domain/specs/placed-definition";
import { applyDifferences, ownersOf } from "./apply-differences";
import { type DescribeSource, openSources } from "./open-sources";
import { assertBound, type BindStatements } from "../catalogue/assert-bound";
import { assertNoIssues } from "../catalogue/assert-no-issues";
import { loadCatalogue } from "../catalogue/catalogue";
import { definitionsOf } from "../catalogue/definitions";
import { unknownOwners } from "../access/owners";
import { assertNotDeployed } from "../deployments/use";
import { openScopeFor } from "../scope";
import { createWorkspace, findSpecWorkspace, lockSpecs, type SpecWorkspace } from "../catalogue/workspace-documents";

/** What an engine can tell of documents before they are applied. */
export interface SpecProbes {
  /** Opens the files of sources that are new or read in another way. */
  describe?: DescribeSource;
  bind?: BindStatements;
}

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
 * What applying the documents would do. With probes, files of sources are opened and statements bound. Throws
 * `invalid` with every issue of every document, and `not_found` for a workspace that neither exists nor may be created by the principal.
 */
export async function planSpecs(
  principal: Principal,
  request: SpecRequest,
  probes: SpecProbes = {},
): Promise<SpecPlan> {
  const parsed = parseSpecs(request.documents);
  const trees = await parseStages(parsed.definitions);
  const workspace = await findSpecWorkspace(principal, request.workspace, parsed, "spec:plan");
  const { plan, differences, index } = await comparePlan(prisma(), workspace, parsed, trees, request.prune ?? false);
  const opened = await probe(probes, workspace, parsed, differences, index);
  // What does not fit is said with its values, which are for those who may declare a source.
  return { ...plan, warnings: [...plan.warnings, ...opened.warnings] };
}

/** Milliseconds. Tens of thousands of objects in one transaction take minutes, and others waiting for the lock wait with them. */
const LONG = { timeout: 600_000 };

/**
 * Applies the documents in one transaction, or nothing of them. A concurrent apply to the same workspace waits, and then sees
 * what is left to do. Throws as `planSpecs`, and `forbidden` when the principal may not apply.
 */
export async function applySpecs(
  principal: Principal,
  request: SpecRequest,
  probes: SpecProbes = {},
): Promise<SpecPlan> {
  const parsed = parseSpecs(request.documents);
  const trees = await parseStages(parsed.definitions);
  const before = await findSpecWorkspace(principal, request.workspace, parsed, "spec:apply");
  const { name } = before;
  // Files are opened and statements bound before the transaction, which nobody should have to wait for.
  if (probes.describe || probes.bind) {
    const { differences, index } = await comparePlan(prisma(), before, parsed, trees, request.prune ?? false);
    await probe(probes, before, parsed, differences, index);
  }
  await openQueue();
  return prisma().$transaction(async (tx) => {
    await lockSpecs(tx, name);
    // Somebody may have created it while this waited.
    const workspace = await findSpecWorkspace(principal, request.workspace, parsed, "spec:apply", tx);
    const { plan, differences } = await comparePlan(tx, workspace, parsed, trees, request.prune ?? false);
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

async function comparePlan(
  db: Prisma | Transaction,
  workspace: SpecWorkspace,
  parsed: ParsedSpecs,
  trees: ReadonlyMap<string, SerializedSql>,
  prune: boolean,
): Promise<{ plan: SpecPlan; differences: SpecDifference[]; index: SpecIndex }> {
  const present = workspace.id === null ? [] : definitionsOf(await loadCatalogue(workspace.id, db));
  const given = parsed.definitions;
  const isGiven = new Set(given.map(({ definition }) => `${definition.kind} ${definition.name}`));
  const kept = prune ? [] : present.filter((one) => !isGiven.has(`${one.kind} ${one.name}`));
  const all = [
    ...given,
    ...kept.map((definition) => ({
      definition,
      locate: locateInRegistry(definition.kind, definition.name),
      given: false,
    })),
  ];
  const { errors, warnings } = checkSpecs(all, parsed.unreadable, trees);
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
  return { plan, differences, index: new SpecIndex(all, parsed.unreadable) };
}

/** Opens what documents name and binds what they say. Throws `invalid` with all that does not fit; what is doubtful is returned. */
async function probe(
  { describe, bind }: SpecProbes,
  { name, actor }: SpecWorkspace,
  parsed: ParsedSpecs,
  differences: readonly SpecDifference[],
  index: SpecIndex,
): Promise<{ warnings: Issue[] }> {
  if (bind) await assertBound(bind, name, parsed.definitions, differences, index);
  if (!describe || !can(actor.roles, "spec:apply")) return { warnings: [] };
  const { errors, warnings } = await openSources(parsed, differences, describe);
  assertNoIssues(errors);
  return { warnings };
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
