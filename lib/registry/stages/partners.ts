import type { StageDetail } from "@/lib/contracts/stages";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { Catalogue } from "../catalogue/catalogue";

type Partner = StageDetail["writes"][number]["consumers"][number];

/** Who writes what the stage reads, and who reads or else writes what it writes. */
export function partnersOf(stage: StageDefinition, catalogue: Catalogue): Pick<StageDetail, "reads" | "writes"> {
  const reads = (["inputs", "fitInputs"] as const).flatMap((list) =>
    (stage[list] ?? []).map((column) => ({
      column,
      role: list === "inputs" ? ("input" as const) : ("fitInput" as const),
      ...writersOf(column, catalogue),
    })),
  );
  const writes = stage.outputs.map((output) => ({
    ...output,
    consumers: readersOf(output.column, catalogue),
    alternatives: writersOf(output.column, catalogue).producers.filter(
      ({ kind, name }) => kind !== "stage" || name !== stage.name,
    ),
  }));
  return { reads, writes };
}

function writersOf(column: string, { sources, stages }: Catalogue): { type: string | null; producers: Partner[] } {
  const producers: Partner[] = [];
  let type: string | null = null;
  for (const source of sources)
    for (const one of source.columns)
      if (`${source.entity}.${one.name}` === column) {
        producers.push({ kind: "source", name: source.name });
        type ??= one.type;
      }
  for (const stage of stages)
    for (const output of stage.outputs)
      if (output.column === column) {
        producers.push({ kind: "stage", name: stage.name });
        type ??= output.type;
      }
  return { type, producers };
}

function readersOf(column: string, { stages, views, pipelines }: Catalogue): Partner[] {
  const named = (kind: Partner["kind"], list: { name: string }[]) => list.map(({ name }) => ({ kind, name }));
  return [
    ...named(
      "stage",
      stages.filter((stage) => stage.inputs.includes(column) || stage.fitInputs?.includes(column)),
    ),
    ...named(
      "view",
      views.filter((view) => view.features.includes(column)),
    ),
    ...named(
      "pipeline",
      pipelines.filter((pipeline) => pipeline.outputs.includes(column)),
    ),
  ];
}
