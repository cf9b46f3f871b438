import type { ChainLink } from "@/lib/contracts/leakage";
import type { LeakageVerdict } from "@/lib/domain/leakage/judge-leakage";
import type { LeakageInput } from "@/lib/domain/leakage/types";

interface ChainStage {
  id: string;
  inputs: readonly string[];
  outputs: readonly string[];
  kind: "transformer" | "estimator";
}

/**
 * The shortest way from the data through an estimator to the model: source, stages upstream, the estimator, stages
 * downstream, the model. Empty when the estimator does not lead to the model.
 */
export function chainThrough(input: LeakageInput, verdict: LeakageVerdict, estimatorId: string): ChainLink[] {
  const stages: ChainStage[] = [
    ...input.transformers.map((stage) => ({ ...stage, kind: "transformer" as const })),
    ...input.estimators.map((stage) => ({
      ...stage,
      inputs: [...stage.inputs, ...stage.fitInputs],
      kind: "estimator" as const,
    })),
  ];
  const start = stages.find((stage) => stage.id === estimatorId);
  if (!start) return [];
  const wanted = new Set(input.consumer.features);
  const down = shortest(
    start,
    (stage) => stages.filter((reader) => reader.inputs.some((column) => stage.outputs.includes(column))),
    (stage) => stage.outputs.some((column) => wanted.has(column)),
  );
  const made = new Set(stages.flatMap((stage) => stage.outputs));
  const up = shortest(
    start,
    (stage) => stages.filter((writer) => writer.outputs.some((column) => stage.inputs.includes(column))),
    (stage) => stage.inputs.some((column) => !made.has(column)) || stage.inputs.length === 0,
  );
  if (!down) return [];
  const path = [...(up ?? [start]).slice(1).reverse(), ...down];
  const first = path[0] as ChainStage;
  const raw = first.inputs.find((column) => !made.has(column)) ?? null;
  const fit = input.estimators.find((estimator) => estimator.id === estimatorId)?.fit;
  const source = (Array.isArray(fit) && (fit[0] as { dataset: string } | undefined)?.dataset) || raw || "data";
  return [
    { name: source, kind: "source", verdict: null, column: raw },
    ...path.map((stage, index): ChainLink => {
      const next = path[index + 1];
      const column = next
        ? stage.outputs.find((output) => next.inputs.includes(output))
        : stage.outputs.find((output) => wanted.has(output));
      return {
        name: stage.id,
        kind: stage.kind,
        verdict: verdict.perEstimator[stage.id]?.verdict ?? null,
        column: column ?? null,
      };
    }),
    { name: input.consumer.name ?? "model", kind: "model", verdict: verdict.verdict, column: null },
  ];
}

/** Breadth first from `start` to the first stage that is `arrived`, both included; null when there is none. */
function shortest(
  start: ChainStage,
  next: (stage: ChainStage) => ChainStage[],
  arrived: (stage: ChainStage) => boolean,
): ChainStage[] | null {
  const cameFrom = new Map<ChainStage, ChainStage | null>([[start, null]]);
  const open = [start];
  for (let stage = open.shift(); stage; stage = open.shift()) {
    if (arrived(stage)) {
      const path: ChainStage[] = [];
      for (let at: ChainStage | null = stage; at; at = cameFrom.get(at) ?? null) path.unshift(at);
      return path;
    }
    for (const neighbour of next(stage))
      if (!cameFrom.has(neighbour)) {
        cameFrom.set(neighbour, stage);
        open.push(neighbour);
      }
  }
  return null;
}
