import { prisma } from "@/lib/db/client";
import type { LeakageInput } from "@/lib/domain/leakage/types";

const NOTHING_RECORDED: LeakageInput = {
  datasets: {},
  policies: {},
  estimators: [],
  transformers: [],
  consumer: { features: [], unit: [], train: null, test: [] },
  measurements: [],
};

/** A version that a registry elsewhere knows and no run here made: the next one of the model, which is made if there is none. */
export async function addExternalVersion(workspaceId: string, name: string) {
  const model = await prisma().model.upsert({
    where: { workspaceId_name: { workspaceId, name } },
    create: { workspaceId, name, createdBy: "test" },
    update: {},
    select: { id: true, _count: { select: { versions: true } } },
  });
  return prisma().modelVersion.create({
    data: {
      modelId: model.id,
      version: model._count.versions + 1,
      engine: "mlflow",
      format: "mlflow",
      uri: `models:/${name}/7`,
      externalId: `${name}/7`,
      leakageInput: NOTHING_RECORDED as unknown as object,
      metrics: {},
      createdBy: "test",
    },
  });
}
