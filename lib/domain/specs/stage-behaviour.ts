import type { Meta } from "../definitions/documented";
import type { StageDefinition } from "../definitions/stage";
import type { StageTest } from "../definitions/stage-test";

/** What people wrote about a stage. It may change without changing what the stage computes, so it belongs to no version. */
export interface StageDocumentation {
  description?: string;
  owner?: string;
  tags?: string[];
  meta?: Meta;
  tests?: StageTest[];
}

/** The part of a definition that makes a new stage version when it changes. */
export function behaviourOf(stage: StageDefinition): StageDefinition {
  const { description: _description, owner: _owner, tags: _tags, meta: _meta, tests: _tests, ...behaviour } = stage;
  return behaviour;
}

/** A version's behaviour with the stage's present documentation. */
export function documentStage(definition: StageDefinition, documentation: StageDocumentation): StageDefinition {
  const { description, owner, tags, meta, tests } = documentation;
  return {
    ...behaviourOf(definition),
    ...(description && { description }),
    ...(owner && { owner }),
    ...(tags && tags.length > 0 && { tags }),
    ...(meta && Object.keys(meta).length > 0 && { meta }),
    ...(tests && tests.length > 0 && { tests }),
  };
}
