import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { digestOf } from "@/lib/registry/record-event";
import { SOURCES, STAGES } from "./registry-fixture-definitions";

/** How a pipeline makes a column: the stage instance, or the source it is read from. */
export interface Maker {
  column: string;
  stage: StageDefinition | null;
  source: string | null;
  signature: string;
  choice: Record<string, string>;
  reads: { column: string; role: "input" | "fitInput" }[];
}

/** Every column that a pipeline needs, inputs before readers, plus the source columns. */
export function resolve(pipeline: PipelineDefinition): Map<string, Maker> {
  const made = new Map<string, Maker>();
  const visit = (column: string): Maker => {
    const known = made.get(column);
    if (known) return known;
    const source = SOURCES.find((candidate) =>
      candidate.columns.some(({ name }) => `${candidate.entity}.${name}` === column),
    );
    if (source) {
      const maker = {
        column,
        stage: null,
        source: source.name,
        signature: `source:${source.name}`,
        choice: {},
        reads: [],
      };
      made.set(column, maker);
      return maker;
    }
    const writers = STAGES.filter((stage) => stage.outputs.some((output) => output.column === column));
    const stage = (writers.find((writer) => writer.name === pipeline.pins?.[column]) ?? writers[0]) as StageDefinition;
    const reads = [
      ...stage.inputs.map((input) => ({ column: input, role: "input" as const })),
      ...(stage.fitInputs ?? []).map((input) => ({ column: input, role: "fitInput" as const })),
    ];
    const inputs = reads.map((read) => visit(read.column));
    const signature = digestOf([stage.name, 1, inputs.map((input) => input.signature)]);
    const choice = Object.assign({}, ...inputs.map((input) => input.choice)) as Record<string, string>;
    for (const output of stage.outputs) choice[output.column] = stage.name;
    for (const output of stage.outputs)
      made.set(output.column, { column: output.column, stage, source: null, signature, choice, reads });
    return made.get(column) as Maker;
  };
  for (const source of SOURCES) for (const { name } of source.columns) visit(`${source.entity}.${name}`);
  for (const output of [...pipeline.outputs, "flight.distance_band"]) visit(output);
  return made;
}
