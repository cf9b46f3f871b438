import type { Definition } from "@/lib/domain/definitions/definition";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { Catalogue, CatalogueStage } from "./catalogue";

/** A catalogue as a list, stages in declaration order. */
export function definitionsOf(catalogue: Catalogue): Definition[] {
  const { workspace, entities, sources, stages, features, views, services, splits, pipelines, models, monitors } =
    catalogue;
  return [
    workspace,
    ...entities,
    ...sources,
    ...splits,
    ...stages.map(declaredStage),
    ...features,
    ...views,
    ...services,
    ...pipelines,
    ...models,
    ...monitors,
  ];
}

/** A stage as its document says it, without what the registry keeps beside it. */
export function declaredStage({
  versionId: _id,
  version: _version,
  digest: _digest,
  ...stage
}: StageDefinition & Partial<Pick<CatalogueStage, "versionId" | "version" | "digest">>): StageDefinition {
  return stage;
}
