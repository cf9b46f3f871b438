import type { Prisma as Client, Transaction } from "@/lib/db/client";

/** A feature version or a model version that somebody wants to be served. */
export interface RuleSubject {
  kind: "feature" | "model";
  versionId: string;
}

/** Ids of dataset versions. */
export interface DataBehind {
  /** The feature whose rules count on `values`; null when all of them do. */
  feature: string | null;
  /** What holds the proposed values, or what the model's run wrote. */
  values: string[];
  /** What these were computed from. */
  sources: string[];
}

/** The data behind each subject, in the order given. A version that nothing was ever written of has none. */
export async function findDataBehind(
  db: Client | Transaction,
  workspaceId: string,
  subjects: readonly RuleSubject[],
): Promise<DataBehind[]> {
  const idsOf = (kind: RuleSubject["kind"]) =>
    subjects.flatMap((subject) => (subject.kind === kind ? [subject.versionId] : []));
  const features = await behindFeatures(db, workspaceId, idsOf("feature"));
  const models = await behindModels(db, idsOf("model"));
  const none: DataBehind = { feature: null, values: [], sources: [] };
  return subjects.map(({ kind, versionId }) => (kind === "feature" ? features : models).get(versionId) ?? none);
}

async function behindFeatures(
  db: Client | Transaction,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, DataBehind>> {
  if (ids.length === 0) return new Map();
  const versions = await db.featureVersion.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      source: true,
      feature: { select: { name: true } },
      values: { orderBy: { createdAt: "desc" }, take: 1, select: { datasetVersionId: true, runId: true } },
    },
  });
  const upstream = await sourcesUpstream(db, ids);
  const runs = versions.flatMap(({ values }) => values.map(({ runId }) => runId));
  const inputs = await db.runInput.findMany({
    where: { runId: { in: runs } },
    select: { runId: true, datasetVersionId: true, datasetVersion: { select: { dataset: true } } },
  });
  const newest = await newestOf(db, workspaceId, versions.flatMap(({ source }) => source ?? [])); // prettier-ignore
  return new Map(
    versions.map(({ id, source, feature, values: [written] }): [string, DataBehind] => {
      if (source !== null) {
        const read = newest.get(source);
        // A source's column has its own rules on the source; the source's count as well.
        return [id, { feature: null, values: read === undefined ? [] : [read], sources: [] }];
      }
      const names = upstream.get(id) ?? new Set<string>();
      const read = inputs.filter((one) => one.runId === written?.runId && names.has(one.datasetVersion.dataset));
      return [
        id,
        {
          feature: feature.name,
          values: written ? [written.datasetVersionId] : [],
          sources: read.map((one) => one.datasetVersionId),
        },
      ];
    }),
  );
}

/** Feature version → names of the sources that it comes from, however far. */
async function sourcesUpstream(db: Client | Transaction, ids: string[]): Promise<Map<string, Set<string>>> {
  const rows = await db.$queryRaw<{ root: string; source: string }[]>`
    WITH RECURSIVE up AS (
      SELECT v."id" AS root, v."id" FROM "FeatureVersion" v WHERE v."id" = ANY(${ids})
      UNION SELECT up.root, i."inputVersionId" FROM up JOIN "FeatureVersionInput" i ON i."readerId" = up."id"
    )
    SELECT DISTINCT up.root, v."source" FROM up JOIN "FeatureVersion" v ON v."id" = up."id" WHERE v."source" IS NOT NULL`;
  const sources = new Map<string, Set<string>>();
  for (const { root, source } of rows) sources.set(root, (sources.get(root) ?? new Set()).add(source));
  return sources;
}

async function newestOf(
  db: Client | Transaction,
  workspaceId: string,
  datasets: string[],
): Promise<Map<string, string>> {
  const rows = await db.datasetVersion.findMany({
    where: { workspaceId, dataset: { in: datasets } },
    orderBy: { version: "desc" },
    distinct: ["dataset"],
    select: { id: true, dataset: true },
  });
  return new Map(rows.map(({ id, dataset }) => [dataset, id]));
}

async function behindModels(db: Client | Transaction, ids: string[]): Promise<Map<string, DataBehind>> {
  if (ids.length === 0) return new Map();
  const versions = await db.modelVersion.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      run: {
        select: {
          outputs: { select: { id: true }, orderBy: { dataset: "asc" } },
          inputs: { select: { datasetVersionId: true }, orderBy: { datasetVersion: { dataset: "asc" } } },
        },
      },
    },
  });
  return new Map(
    versions.map(({ id, run }) => [
      id,
      {
        feature: null,
        values: (run?.outputs ?? []).map((output) => output.id),
        sources: (run?.inputs ?? []).map((input) => input.datasetVersionId),
      },
    ]),
  );
}
