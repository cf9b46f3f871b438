import { prisma } from "@/lib/db/client";
import { undeclaredModel } from "@/lib/registry/catalogue/model-row";
import { asJson } from "@/lib/registry/stored-json";
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
  const where = { workspaceId_name: { workspaceId, name } };
  const select = { id: true, _count: { select: { versions: true } } } as const;
  const model =
    (await prisma().model.findUnique({ where, select })) ??
    (await prisma().model.create({
      data: { ...undeclaredModel(name), workspaceId, name, createdBy: "test", updatedBy: "test" },
      select,
    }));
  return prisma().modelVersion.create({
    data: {
      modelId: model.id,
      version: model._count.versions + 1,
      engine: "mlflow",
      format: "mlflow",
      uri: `models:/${name}/7`,
      externalId: `${name}/7`,
      leakageInput: asJson(NOTHING_RECORDED),
      metrics: {},
      createdBy: "test",
    },
  });
}
