import type { DatasetRules } from "@/lib/contracts/rules";
import type { Prisma as Client } from "@/lib/db/client";
import { findDataBehind } from "./data";

interface QuarantinedVersion {
  id: string;
  dataset: string;
  runId: string | null;
}

/**
 * What a version in quarantine keeps waiting: pipelines that read the source, views that its values would go to, and open change
 * requests that rest on it.
 */
export async function findBlocked(
  db: Client,
  workspaceId: string,
  { id, dataset, runId }: QuarantinedVersion,
): Promise<DatasetRules["blocked"]> {
  const pipelines =
    runId === null
      ? await db.pipeline.findMany({
          where: {
            workspaceId,
            retiredAt: null,
            variants: { some: { runs: { some: { inputs: { some: { datasetVersion: { dataset } } } } } } },
          },
          select: { name: true },
          orderBy: { name: "asc" },
        })
      : [];
  const values = await db.featureValues.findMany({
    where: { datasetVersionId: id },
    select: { featureVersion: { select: { feature: { select: { name: true } } } } },
  });
  const features = values.map((value) => value.featureVersion.feature.name);
  const views = await db.featureView.findMany({
    where: { workspaceId, retiredAt: null, online: true, features: { hasSome: features } },
    select: { name: true },
    orderBy: { name: "asc" },
  });
  return [
    ...pipelines.map(({ name }) => ({
      kind: "pipeline" as const,
      name,
      href: `/plan?pipeline=${encodeURIComponent(name)}`,
    })),
    ...views.map(({ name }) => ({ kind: "view" as const, name, href: `/views/${encodeURIComponent(name)}` })),
    ...(await changesOn(db, workspaceId, id)),
  ];
}

async function changesOn(db: Client, workspaceId: string, datasetVersionId: string): Promise<DatasetRules["blocked"]> {
  const open = await db.changeRequest.findMany({
    where: { workspaceId, openKey: { not: null } },
    select: {
      number: true,
      title: true,
      revisions: {
        orderBy: { number: "desc" },
        take: 1,
        select: { items: { select: { featureVersionId: true, modelVersionId: true } } },
      },
    },
    orderBy: { number: "asc" },
  });
  const subjects = open.flatMap(({ number, title, revisions: [current] }) =>
    (current?.items ?? []).flatMap(({ featureVersionId, modelVersionId }) => {
      const versionId = featureVersionId ?? modelVersionId;
      if (versionId === null) return [];
      return [{ number, title, kind: featureVersionId ? ("feature" as const) : ("model" as const), versionId }];
    }),
  );
  const behind = await findDataBehind(db, workspaceId, subjects);
  return subjects.flatMap(({ number, title }, at) => {
    const { values = [], sources = [] } = behind[at] ?? {};
    return [...values, ...sources].includes(datasetVersionId)
      ? [{ kind: "change" as const, name: title, href: `/changes/${number}` }]
      : [];
  });
}
