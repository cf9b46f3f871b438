import type { SourceDefinition } from "../definitions/source";
import { type StageDefinition, stageKind } from "../definitions/stage";
import type { PlanStage } from "../plans/types";

/** What the planner reads of declared objects: stages, and every column of every source. */
export function planInputOf({ sources, stages }: { sources: SourceDefinition[]; stages: StageDefinition[] }): {
  stages: PlanStage[];
  sources: string[];
} {
  return {
    stages: stages.map((stage) => ({
      name: stage.name,
      kind: stageKind(stage),
      inputs: stage.inputs,
      ...(stage.fitInputs && { fitInputs: stage.fitInputs }),
      outputs: stage.outputs.map((output) => output.column),
      ...(stage.cost !== undefined && { cost: stage.cost }),
    })),
    sources: sources.flatMap((source) => source.columns.map((column) => `${source.entity}.${column.name}`)),
  };
}
