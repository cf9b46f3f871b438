import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { entitiesOf } from "@/lib/domain/plans/variant-world";
import type { LoadedVariant } from "./load-variant";

/** Sources that a variant reads, and those that describe the entities it is about. */
export function sourcesRead(variant: LoadedVariant): SourceDefinition[] {
  const entities = entitiesOf(variant);
  for (const column of variant.pipeline.outputs) entities.add(splitColumn(column)[0]);
  return variant.catalogue.sources.filter((source) => entities.has(source.entity));
}
