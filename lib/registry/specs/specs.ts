import type { SpecPlan } from "@/lib/contracts/specs";
import { type ParsedSpecs, parseSpecs, type SpecFile, type SpecInput } from "@/lib/contracts/spec-documents";
import { writeSpecFiles } from "@/lib/contracts/spec-documents-write";
import { prisma, type Transaction } from "@/lib/db/client";
import { isOvertaken } from "@/lib/db/database-errors";
import { RowLoader } from "@/lib/db/load-rows";
import { openQueue } from "@/lib/db/queue";
import { uuidV7 } from "@/lib/db/uuid-v7";
import type { Definition } from "@/lib/domain/definitions/definition";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { assertCan, can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { checkSpecs } from "@/lib/domain/specs/check";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { parseStages } from "@/lib/sql/parse-stages";
import { consequencesIn } from "@/lib/domain/specs/consequences";
import { type SpecDifference, specDifference } from "@/lib/domain/specs/difference";
import { locateInRegistry } from "@/lib/domain/specs/placed-definition";
import { loadSpecWrites, ownersOf, type SpecWrites, workOutWrites, write } from "./apply-differences";
import { type DescribeSource, openSources } from "./open-sources";
import { assertBound, type BindStatements } from "../catalogue/assert-bound";
import { assertNoIssues } from "../catalogue/assert-no-issues";
import { loadCatalogue } from "../catalogue/catalogue";
import { definitionsOf } from "../catalogue/definitions";
import { unknownOwners } from "../access/owners";
import { assertNotDeployed, hasOtherLive } from "../deployments/use";
import { digestOf } from "../record-event";
import { openScopeFor } from "../scope";
import { findSpecWorkspace, insertWorkspace, lockSpecs, type SpecWorkspace } from "../catalogue/workspace-documents";

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
  /** Digest of the plan that was agreed to. */
  expected?: string;
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
  const { plan, differences, index } = await comparePlan(workspace, parsed, trees, request.prune ?? false);
  const opened = await probe(probes, workspace, parsed, differences, index);
  // What does not fit is said with its values, which are for those who may declare a source.
  return { ...plan, warnings: [...plan.warnings, ...opened.warnings] };
}

/**
 * Milliseconds. Everything is worked out, and the database has the rows, before the transaction; what is left takes as long as it puts
 * them in their places: tenths of a second for thousands of objects. Who waits for the one connection of the embedded database waits for others as short.
 */
const LIMITS = { maxWait: 60_000, timeout: 600_000 };
/** Times that an apply is worked out anew because another one, of another process, came first. */
const MOST_ATTEMPTS = 10;

/**
 * Applies the documents in one transaction, or nothing of them. A concurrent apply to the same workspace waits, and then sees
 * what is left to do. Throws as `planSpecs`, `forbidden` when the principal may not apply, and `unavailable` when others do not stop
 * applying.
 */
export async function applySpecs(
  principal: Principal,
  request: SpecRequest,
  probes: SpecProbes = {},
): Promise<SpecPlan> {
  const parsed = parseSpecs(request.documents);
  const trees = await parseStages(parsed.definitions);
  const workOut = () => workOutApply(principal, request, parsed, trees);
  let apply = await workOut();
  // Files are opened and statements bound before anybody has to wait for this.
  if (probes.describe || probes.bind)
    await probe(probes, apply.workspace, parsed, apply.compared.differences, apply.compared.index);
  await openQueue();
  return inTurn(apply.workspace.name, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await writeApply(principal, apply);
      } catch (error) {
        if (!(error instanceof Overtaken) && !isOvertaken(error)) throw error;
        if (attempt < MOST_ATTEMPTS) apply = await workOut();
        else if (error instanceof Overtaken) throw overtaken(apply.workspace.name);
        else throw error;
      }
    }
  });
}

/** An apply that is worked out, and holds as long as the workspace has the revision. */
interface WorkedOutApply {
  workspace: SpecWorkspace;
  compared: Compared;
  /** Null when there is nothing to write. */
  writes: (SpecWrites & { workspaceId: string; liveDeployments: string[] | null }) | null;
}

async function workOutApply(
  principal: Principal,
  request: SpecRequest,
  parsed: ParsedSpecs,
  trees: ReadonlyMap<string, SerializedSql>,
): Promise<WorkedOutApply> {
  // Its revision is read before all else: what is read after it and is newer makes the revision another one.
  const workspace = await findSpecWorkspace(principal, request.workspace, parsed, "spec:apply");
  const compared = await comparePlan(workspace, parsed, trees, request.prune ?? false);
  const { plan, differences, present } = compared;
  if (request.onlyNew) assertNew(parsed, plan);
  if (request.expected !== undefined && request.expected !== plan.digest) throw changedSince(workspace.name);
  if (differences.some(({ kind }) => kind === "Workspace")) assertCan(workspace.actor, "workspace:edit");
  if (differences.length === 0) return { workspace, compared, writes: null };
  const liveDeployments = workspace.id === null ? null : await assertNotDeployed(prisma(), workspace.id, differences);
  const workspaceId = workspace.id ?? uuidV7();
  const writer = { workspaceId, actor: workspace.actor.id, at: new Date().toISOString() };
  const writes = await workOutWrites(prisma(), writer, present, differences);
  return { workspace, compared, writes: { ...writes, workspaceId, liveDeployments } };
}

/** What was worked out does not hold any more, or what was loaded is not there any more. */
class Overtaken extends Error {}

async function writeApply(principal: Principal, apply: WorkedOutApply): Promise<SpecPlan> {
  const { workspace, compared, writes } = apply;
  if (!writes) return { ...compared.plan, applied: true };
  const { name, actor, revision } = workspace;
  const { workspaceId, liveDeployments } = writes;
  const scope = { actor, requestId: principal.requestId, workspace: { name, id: workspaceId } };
  const loader = new RowLoader();
  try {
    const loaded = await loadSpecWrites(loader, scope, writes);
    await prisma().$transaction(async (tx) => {
      await lockSpecs(tx, name);
      if (workspace.id === null) await createWorkspace(tx, actor.id, workspaceId, compared.differences);
      const moved = await tx.$executeRaw`
        UPDATE "Workspace" SET "specRevision" = "specRevision" + 1 WHERE "id" = ${workspaceId} AND "specRevision" = ${revision}`;
      if (moved === 0) throw new Overtaken();
      if (liveDeployments && (await hasOtherLive(tx, workspaceId, liveDeployments))) throw new Overtaken();
      await write(tx, scope, loaded);
    }, LIMITS);
  } catch (error) {
    throw loader.isLost(error) ? new Overtaken() : error;
  } finally {
    await loader.drop();
  }
  return { ...compared.plan, applied: true };
}

/** Creates the workspace that the differences begin with. */
async function createWorkspace(
  tx: Transaction,
  by: string,
  id: string,
  differences: readonly SpecDifference[],
): Promise<void> {
  const definition = differences.find(({ kind }) => kind === "Workspace")?.after;
  if (definition?.kind !== "Workspace") throw new Error("Differences of a new workspace begin with its document.");
  await insertWorkspace(tx, definition, by, id);
}

function changedSince(workspace: string): DomainError {
  return new DomainError(
    "conflict",
    `Nothing was applied: workspace ${workspace} or the documents are not what they were when the plan was made. Plan again, and look at what is different.`,
  );
}

function overtaken(workspace: string): DomainError {
  return new DomainError(
    "unavailable",
    `Nothing was applied: others applied documents to workspace ${workspace} ${MOST_ATTEMPTS} times while this was worked out. Try again.`,
  );
}

const holder = globalThis as typeof globalThis & { tributaryApplies?: Map<string, Promise<unknown>> };

/** Applies of this process to one workspace follow each other, so that none of them is worked out again and again. */
async function inTurn<Answer>(workspace: string, work: () => Promise<Answer>): Promise<Answer> {
  const turns = (holder.tributaryApplies ??= new Map());
  const mine = (turns.get(workspace) ?? Promise.resolve()).then(work);
  const ended = mine.catch(() => undefined);
  turns.set(workspace, ended);
  try {
    return await mine;
  } finally {
    if (turns.get(workspace) === ended) turns.delete(workspace);
  }
}

/** The workspace's declared objects as spec files. Planning them shows no difference. */
export async function exportSpecs(principal: Principal, workspace: string): Promise<{ files: SpecFile[] }> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  return { files: writeSpecFiles(definitionsOf(await loadCatalogue(scope.workspace.id))) };
}

interface Compared {
  plan: SpecPlan;
  differences: SpecDifference[];
  index: SpecIndex;
  /** What is declared now, stages in declaration order. */
  present: Definition[];
}

async function comparePlan(
  workspace: SpecWorkspace,
  parsed: ParsedSpecs,
  trees: ReadonlyMap<string, SerializedSql>,
  prune: boolean,
): Promise<Compared> {
  const present = workspace.id === null ? [] : definitionsOf(await loadCatalogue(workspace.id));
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
  const consequencesOf = consequencesIn(present);
  const count = (action: SpecDifference["action"]) => differences.filter((one) => one.action === action).length;
  const plan: SpecPlan = {
    workspace: workspace.name,
    newWorkspace: workspace.id === null,
    differences: differences.map((one) => ({
      kind: one.kind,
      name: one.name,
      action: one.action,
      changes: one.changes,
      consequences: consequencesOf(one),
    })),
    counts: {
      create: count("create"),
      change: count("change"),
      replace: count("replace"),
      retire: count("retire"),
      unchanged,
    },
    unlisted,
    newGroups: await unknownOwners(prisma(), workspace.id, ownersOf(differences)),
    warnings,
    digest: digestOf(differences.map(({ kind, name, before, after }) => [kind, name, before ?? null, after ?? null])),
    applied: false,
  };
  return { plan, differences, index: new SpecIndex(all, parsed.unreadable), present };
}

/** Opens what documents name and binds what they say. Throws `invalid` with all that does not fit; what is doubtful is returned. */
async function probe(
  { describe, bind }: SpecProbes,
  { id, name, actor }: SpecWorkspace,
  parsed: ParsedSpecs,
  differences: readonly SpecDifference[],
  index: SpecIndex,
): Promise<{ warnings: Issue[] }> {
  if (bind) await assertBound(bind, name, parsed.definitions, differences, index);
  if (!describe || !can(actor.roles, "spec:apply")) return { warnings: [] };
  const { errors, warnings } = await openSources({ id, name }, parsed, differences, describe);
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
