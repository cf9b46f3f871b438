import type { ModelDefinition } from "@/lib/domain/definitions/model";
import { digestOf } from "../record-event";
import { asJson } from "../stored-json";

/** The columns of a model that follow from its document. */
export function modelRow(definition: ModelDefinition) {
  return {
    description: definition.description ?? "",
    owner: definition.owner ?? "",
    tags: definition.tags ?? [],
    intendedUse: definition.intendedUse ?? "",
    meta: definition.meta ?? {},
    definition: asJson(definition),
    digest: digestOf(definition),
  };
}

/** The same of a model that has versions and that nobody described. */
export const undeclaredModel = (name: string) => ({ ...modelRow({ kind: "Model", name }), declared: false });
