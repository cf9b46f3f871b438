import { prisma } from "@/lib/db/client";
import type { DatasetVersion } from "@/lib/db/generated/client";
import type { Jobs } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions";
import { SYSTEM } from "@/lib/domain/principal";
import { judgeRule } from "@/lib/domain/rules/judge-rule";
import type { Rule } from "@/lib/domain/rules/rule";
import type { DatasetSnapshot, Engine } from "@/lib/engines/engine";
import { ensureDatasetVersion } from "@/lib/registry/dataset-versions";
import { digestOf } from "@/lib/registry/record-event";
import { recordRuleCheck, refuseQuarantined } from "@/lib/registry/rules";
import type { Scope } from "@/lib/registry/scope";

/**
 * Checks a source's rules on a dataset version that was not checked with these rules before, and refuses a version that is in
 * quarantine. Costs one query when there is nothing to do.
 * @throws DomainError `invalid` naming the critical rules that failed
 */
export async function guardVersion(
  scope: Scope,
  source: SourceDefinition,
  version: Pick<DatasetVersion, "id" | "version">,
  described: Omit<DatasetSnapshot, "version">,
  engine: Engine,
): Promise<void> {
  const rules = source.rules ?? [];
  if (rules.length === 0) return;
  const known = await prisma().ruleCheck.findUnique({
    where: { datasetVersionId_rulesDigest: { datasetVersionId: version.id, rulesDigest: digestOf(rules) } },
    select: { critical: true },
  });
  if (known?.critical === 0) return;
  const failed = await checkVersion(scope, source, version, described, engine);
  if (failed.length > 0) refuseQuarantined(source.name, version.version, failed);
}

/** The job behind "check now": describes the data as they are, and checks them even when they were checked before. */
export async function checkRules({ workspaceId, source: name }: Jobs["check-rules"], engine: Engine): Promise<void> {
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId, name } },
    include: { workspace: { select: { id: true, name: true } } },
  });
  const source = row?.definition as unknown as SourceDefinition | undefined;
  if (!row || row.retiredAt || !source?.rules?.length) return;
  const scope: Scope = {
    actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
    workspace: row.workspace,
    requestId: null,
  };
  const described = await engine.describe(source);
  const version = await prisma().$transaction((tx) =>
    ensureDatasetVersion(tx, { workspaceId, dataset: name, sourceId: row.id, createdBy: scope.actor.id }, described),
  );
  await checkVersion(scope, source, version, described, engine);
}

async function checkVersion(
  scope: Scope,
  source: SourceDefinition,
  version: Pick<DatasetVersion, "id" | "version">,
  described: Omit<DatasetSnapshot, "version">,
  engine: Engine,
): Promise<string[]> {
  const rules = source.rules as Rule[];
  const measured = await engine.measureRules(source, { ...described, version: version.version }, rules);
  const results = rules.map((rule, at) => judgeRule(rule, measured[at] as NonNullable<(typeof measured)[number]>));
  return prisma().$transaction((tx) =>
    recordRuleCheck(tx, scope, { source, datasetVersionId: version.id, version: version.version, results }),
  );
}
