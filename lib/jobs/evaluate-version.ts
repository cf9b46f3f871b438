import { rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { ownScratch } from "@/lib/config/scratch-folder";
import type { EvaluationRequest } from "@/lib/domain/outcomes/evaluation-request";
import type { Engine } from "@/lib/engines/engine";
import { planVersionEvaluation } from "@/lib/registry/evaluations/evaluation-plan";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { contextOfVersion } from "@/lib/registry/evaluations/evaluable-version";
import {
  beginVersionEvaluation,
  expireVersionEvaluation,
  finishVersionEvaluation,
  sayVersionEvaluation,
} from "@/lib/registry/evaluations/evaluations";
import { findVersionInputs } from "@/lib/registry/evaluations/version-inputs";
import { progressControl } from "./progress-control";
import { materialiseAssignments } from "./run/assign-rows";

/** Scores rows with a model version as it was fitted, and judges them. Nothing is fitted and nothing is written but what was found. */
export async function evaluateVersion(
  { evaluationId: id }: Jobs["evaluate-version"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const begun = await beginVersionEvaluation(id);
  if (!begun) return;
  const { request, version } = begun;
  const context = await contextOfVersion(version);
  const inputs = await findVersionInputs(context.run, request.versions);
  if (!inputs.isWhole) return expireVersionEvaluation(id, inputs.reason);
  const control = progressControl(signal, (share, message) => sayVersionEvaluation(id, share, message));
  const { sources } = inputs;
  const asked = {
    ...context,
    pipeline: withRows(context.pipeline, request.split),
  };
  const assignments = await materialiseAssignments(asked, sources, engine, control);
  const outputDirectory = path.join(ownScratch(environment().TRIBUTARY_DATA), `evaluation-${id}`);
  try {
    const { plan, inputFor } = await planVersionEvaluation({ ...asked, assignments }, version, request, sources, outputDirectory); // prettier-ignore
    const result = await engine.runVariant(plan, control);
    const datasets = Object.fromEntries([...sources].map(([name, source]) => [name, source.version]));
    await finishVersionEvaluation(id, begun, { result, datasets, input: inputFor(result.metrics.test) });
  } finally {
    await rm(outputDirectory, { recursive: true, force: true });
  }
}

/** The pipeline judged on parts of another policy. */
function withRows<Pipeline extends { evaluate?: { split: string; test: string[]; validation?: string[] } }>(
  pipeline: Pipeline,
  split: EvaluationRequest["split"],
): Pipeline {
  if (split === null || split === "all" || !pipeline.evaluate) return pipeline;
  const { validation: _, ...evaluate } = pipeline.evaluate;
  return { ...pipeline, evaluate: { ...evaluate, split: split.policy, test: split.parts } };
}
