import { DomainError } from "@/lib/domain/errors";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import { judgePlaced } from "@/lib/domain/rules/judge-placed";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { Engine } from "@/lib/engines/engine";
import { findSourceToRead } from "@/lib/registry/datasets/source-to-read";
import { recordSourceVersion } from "@/lib/registry/datasets/versions";
import { queueSourceProfiles } from "@/lib/registry/deployments/source-versions";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { refuseQuarantined } from "@/lib/registry/rules/checks";
import { findSourceRules, hasPassed, recordCheckFailure, recordSourceCheck } from "@/lib/registry/rules/source-checks";
import { type Scope, systemScopeOf } from "@/lib/registry/scope";
import { checkNewestOutput } from "./check-output-rules";
import { describeSource } from "./describe-source";

/** What the rules are checked on. */
interface SourceVersion {
  id: string;
  version: number;
}

/**
 * Checks the rules of a source and of its columns' features on a dataset version that was not checked with these rules before,
 * and refuses a version that is in quarantine. Costs two queries when there is nothing to do.
 * @throws DomainError `invalid` naming the critical rules that failed
 */
export async function guardVersion(
  scope: Scope,
  source: SourceDefinition,
  version: SourceVersion,
  described: Omit<DatasetSnapshot, "version">,
  engine: Engine,
): Promise<void> {
  const placed = await findSourceRules(scope, source);
  if (placed.length === 0) return;
  if (await hasPassed(version.id, placed)) return;
  const failed = await checkVersion(scope, source, version, described, placed, engine);
  if (failed.length > 0) refuseQuarantined(source.name, version.version, failed);
}

/**
 * The job behind "check now": of a source it describes the data as they are, of an output it takes the newest version; and checks
 * them even when they were checked before. Why that cannot be done is kept for whoever asked.
 */
export async function checkRules({ workspaceId, dataset }: Jobs["check-rules"], engine: Engine): Promise<void> {
  const scope = await systemScopeOf(workspaceId);
  if (!scope) return;
  try {
    if (dataset.includes("@")) await checkNewestOutput(scope, dataset, engine);
    else await checkSource(scope, dataset, engine);
  } catch (error) {
    // Whatever is wrong with the data or the files stays wrong when it is tried again.
    if (!(error instanceof DomainError)) throw error;
    await recordCheckFailure({ workspaceId, dataset }, error.message);
  }
}

async function checkSource(scope: Scope, name: string, engine: Engine): Promise<void> {
  const workspaceId = scope.workspace.id;
  const source = (await findSourceToRead(workspaceId, name))?.source;
  if (!source) return;
  const placed = await findSourceRules(scope, source);
  if (placed.length === 0) return;
  const described = await describeSource(engine, workspaceId, source);
  const version = await recordSourceVersion(workspaceId, name, described, { by: scope.actor.id });
  await queueSourceProfiles(scope, name, version.id);
  await checkVersion(scope, source, version, described, placed, engine);
}

async function checkVersion(
  scope: Scope,
  source: SourceDefinition,
  version: SourceVersion,
  described: Omit<DatasetSnapshot, "version">,
  placed: readonly PlacedRule[],
  engine: Engine,
): Promise<string[]> {
  const snapshot = { ...described, version: version.version };
  const measured = await engine.measureRules(source, snapshot, placed.map(({ rule }) => rule)); // prettier-ignore
  const results = placed.map((one, at) => judgePlaced(one, measured[at] as NonNullable<(typeof measured)[number]>));
  return recordSourceCheck(scope, {
    dataset: source.name,
    datasetVersionId: version.id,
    version: version.version,
    placed,
    results,
  });
}
