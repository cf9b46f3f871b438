import { prisma } from "@/lib/db/client";
import type { DatasetVersion } from "@/lib/db/generated/client";
import type { Jobs } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { SYSTEM_ACTOR } from "@/lib/domain/principal";
import { judgePlaced } from "@/lib/domain/rules/judge-placed";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import type { Engine } from "@/lib/engines/engine";
import { ensureDatasetVersion } from "@/lib/registry/datasets/versions";
import { recordEvent } from "@/lib/registry/record-event";
import { recordRuleCheck, refuseQuarantined } from "@/lib/registry/rules/checks";
import { digestOfRules, placedOnSource } from "@/lib/registry/rules/placement";
import type { Scope } from "@/lib/registry/scope";
import { checkNewestOutput } from "./check-output-rules";
import { queueSourceProfiles } from "./queue-source-profiles";

/**
 * Checks the rules of a source and of its columns' features on a dataset version that was not checked with these rules before,
 * and refuses a version that is in quarantine. Costs two queries when there is nothing to do.
 * @throws DomainError `invalid` naming the critical rules that failed
 */
export async function guardVersion(
  scope: Scope,
  source: SourceDefinition,
  version: Pick<DatasetVersion, "id" | "version">,
  described: Omit<DatasetSnapshot, "version">,
  engine: Engine,
): Promise<void> {
  const placed = await placedOnSource(prisma(), scope.workspace.id, source);
  if (placed.length === 0) return;
  const known = await prisma().ruleCheck.findUnique({
    where: { datasetVersionId_rulesDigest: { datasetVersionId: version.id, rulesDigest: digestOfRules(placed) } },
    select: { critical: true },
  });
  if (known?.critical === 0) return;
  const failed = await checkVersion(scope, source, version, described, placed, engine);
  if (failed.length > 0) refuseQuarantined(source.name, version.version, failed);
}

/**
 * The job behind "check now": of a source it describes the data as they are, of an output it takes the newest version; and checks
 * them even when they were checked before. Why that cannot be done is kept for whoever asked.
 */
export async function checkRules({ workspaceId, dataset }: Jobs["check-rules"], engine: Engine): Promise<void> {
  const workspace = await prisma().workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: { id: true, name: true },
  });
  const scope: Scope = {
    actor: SYSTEM_ACTOR,
    workspace,
    requestId: null,
  };
  try {
    if (dataset.includes("@")) await checkNewestOutput(scope, dataset, engine);
    else await checkSource(scope, dataset, engine);
  } catch (error) {
    // Whatever is wrong with the data or the files stays wrong when it is tried again.
    if (!(error instanceof DomainError)) throw error;
    await recordCheckFailure({ workspaceId, dataset }, error.message);
  }
}

/** Keeps why a check could not be done where the data's page finds it. */
export async function recordCheckFailure(
  { workspaceId, dataset }: Pick<Jobs["check-rules"], "workspaceId" | "dataset">,
  message: string,
): Promise<void> {
  const workspace = await prisma().workspace.findUnique({
    where: { id: workspaceId },
    select: { id: true, name: true },
  });
  if (!workspace) return;
  const scope: Scope = {
    actor: SYSTEM_ACTOR,
    workspace,
    requestId: null,
  };
  await prisma().$transaction((tx) =>
    recordEvent(tx, scope, { action: "dataset.check_fail", object: `dataset/${dataset}`, after: { message } }),
  );
}

async function checkSource(scope: Scope, name: string, engine: Engine): Promise<void> {
  const workspaceId = scope.workspace.id;
  const row = await prisma().source.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  if (!row || row.retiredAt) return;
  const source = row.definition as unknown as SourceDefinition;
  const placed = await placedOnSource(prisma(), workspaceId, source);
  if (placed.length === 0) return;
  const described = await engine.describe(source);
  const version = await prisma().$transaction((tx) =>
    ensureDatasetVersion(tx, { workspaceId, dataset: name, sourceId: row.id, createdBy: scope.actor.id }, described),
  );
  await queueSourceProfiles(scope, name, version.id);
  await checkVersion(scope, source, version, described, placed, engine);
}

async function checkVersion(
  scope: Scope,
  source: SourceDefinition,
  version: Pick<DatasetVersion, "id" | "version">,
  described: Omit<DatasetSnapshot, "version">,
  placed: readonly PlacedRule[],
  engine: Engine,
): Promise<string[]> {
  const snapshot = { ...described, version: version.version };
  const measured = await engine.measureRules(source, snapshot, placed.map(({ rule }) => rule)); // prettier-ignore
  const results = placed.map((one, at) => judgePlaced(one, measured[at] as NonNullable<(typeof measured)[number]>));
  return prisma().$transaction((tx) =>
    recordRuleCheck(tx, scope, {
      dataset: source.name,
      datasetVersionId: version.id,
      version: version.version,
      placed,
      results,
    }),
  );
}
