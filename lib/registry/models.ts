import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Model, ModelSummary, ModelVersion } from "@/lib/contracts/models";
import type { PipelineDefinition } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import type { Verdict } from "@/lib/domain/leakage/codes";
import { describeRowSet } from "@/lib/domain/leakage/describe-row-set";
import type { LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "./actor-names";
import { openScopeFor } from "./scope";
import { worstVerdict } from "./verdicts";

const VERSION = {
  run: { select: { id: true, number: true } },
  fit: { select: { rowSet: true, stageVersion: { select: { operator: true, stage: { select: { name: true } } } } } },
  variant: { select: { choice: true, pipeline: { select: { name: true, description: true, definition: true } } } },
  verdicts: { include: { featureVersion: { select: { version: true, feature: { select: { name: true } } } } } },
} as const satisfies Prisma.ModelVersionInclude;
type VersionRow = Prisma.ModelVersionGetPayload<{ include: typeof VERSION }>;

export async function listModels(
  principal: Principal,
  workspace: string,
): Promise<{ items: ModelSummary[]; total: number; nextCursor: null }> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().model.findMany({
    where: { workspaceId: scope.workspace.id },
    orderBy: { name: "asc" },
    include: {
      _count: { select: { versions: true } },
      versions: { include: VERSION, orderBy: { version: "desc" }, take: 1 },
    },
  });
  const nameOf = await actorNames(rows.flatMap((row) => row.versions.map((version) => version.createdBy)));
  const items = rows.flatMap((row) => {
    const [latest] = row.versions;
    return latest
      ? [
          {
            name: row.name,
            versions: row._count.versions,
            latest: toVersion(latest, nameOf),
            pipeline: latest.variant.pipeline.name,
          },
        ]
      : [];
  });
  return { items, total: items.length, nextCursor: null };
}

export async function getModel(principal: Principal, workspace: string, name: string): Promise<Model> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await prisma().model.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    include: { versions: { include: VERSION, orderBy: { version: "desc" } } },
  });
  const [latest] = row?.versions ?? [];
  if (!row || !latest)
    throw new DomainError(
      "not_found",
      `There is no model ${name} in ${workspace}. /models lists those that runs made.`,
    );
  const nameOf = await actorNames(row.versions.map((version) => version.createdBy));
  const { pipeline } = latest.variant;
  return {
    name: row.name,
    pipeline: pipeline.name,
    description: pipeline.description,
    label: (pipeline.definition as unknown as PipelineDefinition).evaluate?.label ?? "",
    versions: row.versions.map((version) => toVersion(version, nameOf)),
  };
}

function toVersion(row: VersionRow, nameOf: (id: string) => string): ModelVersion {
  const input = row.leakageInput as unknown as LeakageInput;
  const { verdict, severity, sentence } = worstVerdict(row.verdicts);
  return {
    version: row.version,
    runId: row.run.id,
    runNumber: row.run.number,
    stage: row.fit.stageVersion.stage.name,
    operator: row.fit.stageVersion.operator,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    metrics: row.metrics as ModelVersion["metrics"],
    verdict,
    severity,
    sentence,
    trainedOn: row.fit.rowSet
      ? describeRowSet(row.fit.rowSet as unknown as RowSet, input)
      : "rows that nobody recorded",
    testedOn: describeRowSet(input.consumer.test, input),
    features: row.verdicts
      .map((one) => ({
        feature: one.featureVersion.feature.name,
        version: one.featureVersion.version,
        verdict: one.verdict as Verdict,
        explanation: one.explanation,
      }))
      .sort((one, other) => (one.feature < other.feature ? -1 : 1)),
    choice: row.variant.choice as Record<string, string>,
  };
}
