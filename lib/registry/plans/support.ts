import { OWN_ENGINE, type EngineName } from "@/lib/domain/definitions/engine-name";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import type { VariantWorld } from "@/lib/domain/plans/variant-world";
import { chooseEngine, type EngineSupport, type EngineWorld } from "@/lib/domain/runs/engine-support";

/** What a run needs to know of the engines before anything runs. */
export type Support = EngineSupport;

/** Throws `unsupported`, naming each stage that the engine cannot run, or why there is no such engine. */
export async function assertSupported(
  engine: Support,
  stages: readonly StageDefinition[],
  world: EngineWorld,
  name: EngineName = OWN_ENGINE,
): Promise<void> {
  const refused = await chooseEngine(engine, name).unsupported(stages, world);
  if (refused.length === 0) return;
  throw new DomainError(
    "unsupported",
    `The ${name === OWN_ENGINE ? "" : `${name} `}engine cannot run ${refused.map((one) => `${one.stage} (${one.operator}): ${one.reason}`).join("; ")}`,
    { issues: refused.map((one) => ({ path: ["pipeline", one.stage], message: one.reason, found: one.operator })) },
  );
}

/** The same of a variant that is loaded. */
export async function assertVariantSupported(
  engine: Support,
  { stages, catalogue, pipeline }: Pick<VariantWorld, "catalogue" | "pipeline" | "stages">,
  name?: EngineName,
): Promise<void> {
  const definitions = [...stages.values()].map(({ definition }) => definition);
  await assertSupported(engine, definitions, { ...catalogue, fit: pipeline.fit }, name);
}
