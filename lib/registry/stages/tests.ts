import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import { locateInRegistry } from "@/lib/domain/specs/placed-definition";
import type { TestSurroundings } from "@/lib/domain/stage-tests/test-columns";
import { loadCatalogue } from "../catalogue/catalogue";
import { openScopeFor } from "../scope";
import { definitionsOf } from "../catalogue/definitions";

/** A stage with its tests, and what they need to know of the declarations around it. Throws `not_found`, and `forbidden` for who may not run. */
export async function loadStageTests(
  principal: Principal,
  workspace: string,
  name: string,
): Promise<{ stage: StageDefinition; surroundings: TestSurroundings }> {
  const scope = await openScopeFor(principal, workspace, "run:start");
  const definitions = definitionsOf(await loadCatalogue(scope.workspace.id));
  const index = new SpecIndex(
    definitions.map((definition) => ({
      definition,
      locate: locateInRegistry(definition.kind, definition.name),
      given: false,
    })),
    [],
  );
  const stage = index.get("Stage", name);
  if (!stage) throw new DomainError("not_found", `There is no stage \`${name}\` in workspace ${workspace}.`);
  return {
    stage,
    surroundings: { entity: (entity) => index.get("Entity", entity), typeOf: (column) => index.typeOf(column) },
  };
}
