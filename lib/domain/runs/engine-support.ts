import { type EngineName, OWN_ENGINE } from "../definitions/engine-name";
import type { EntityDefinition } from "../definitions/entity";
import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { FitRows, StageDefinition } from "../definitions/stage";
import { DomainError } from "../errors";

/** Why an engine cannot run a stage, found before anything runs. */
export interface UnsupportedStage {
  stage: string;
  operator: string;
  reason: string;
}

/** What stages run on. */
export interface EngineWorld {
  entities: readonly EntityDefinition[];
  sources: readonly SourceDefinition[];
  splits?: readonly SplitPolicyDefinition[];
  /** Rows of estimators that name none of their own. */
  fit?: FitRows | undefined;
}

/** What of an engine is known before anything runs. */
export interface EngineSupport {
  /** What the engine cannot run, by name. */
  unsupported(stages: readonly StageDefinition[], world: EngineWorld): Promise<UnsupportedStage[]>;
  /** Another engine of this installation, or why there is none. Left out where there is only this one. */
  other?(name: EngineName): OtherEngine<EngineSupport>;
}

export type OtherEngine<Kind> = { engine: Kind } | { whyNot: string };

/** The engine of a name. Throws `unsupported` where this installation offers none, saying why. */
export function chooseEngine<Kind extends { other?(name: EngineName): OtherEngine<Kind> }>(
  own: Kind,
  name: EngineName = OWN_ENGINE,
): Kind {
  if (name === OWN_ENGINE) return own;
  const found = own.other?.(name) ?? { whyNot: "This process has the local engine only." };
  if ("engine" in found) return found.engine;
  throw new DomainError("unsupported", `The ${name} engine is not offered here. ${found.whyNot}`, { engine: name });
}
