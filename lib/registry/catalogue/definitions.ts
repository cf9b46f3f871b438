import type { Definition } from "@/lib/domain/definitions/definition";
import type { Catalogue } from "./catalogue";

/** A catalogue as a list, stages in declaration order. */
export function definitionsOf(catalogue: Catalogue): Definition[] {
  const { workspace, entities, sources, stages, features, views, services, splits, pipelines, models, monitors } =
    catalogue;
  const declared = stages.map(({ versionId: _id, version: _version, digest: _digest, ...stage }) => stage);
  return [
    workspace,
    ...entities,
    ...sources,
    ...splits,
    ...declared,
    ...features,
    ...views,
    ...services,
    ...pipelines,
    ...models,
    ...monitors,
  ];
}
