import type { PipelineBody } from "@/lib/contracts/pipelines";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { ListedVariant } from "./read-plan";

/** What a person says about a pipeline that is to be saved. */
export interface PipelineForm {
  name: string;
  description: string;
  owner: string;
  /** Name of the model that it ends in; without a consumer there is none. */
  model: string;
  /** Whether estimators without rows of their own are fitted on the consumer's rows, or on all. */
  fit: "consumer" | "all";
}

/**
 * The chosen variant as a pipeline: pins that leave only it, and the consumer's rows and evaluation with another model.
 * @param split takes the place of the consumer's split policy; null keeps that
 */
export function toPipelineBody(
  workspace: string,
  form: PipelineForm,
  wanted: readonly string[],
  variant: Pick<ListedVariant, "output" | "details">,
  consumer: Pick<PipelineDefinition, "fit" | "refit" | "evaluate"> | null,
  split: string | null,
  refit: readonly string[],
): PipelineBody {
  const evaluate = consumer?.evaluate;
  const fit = form.fit === "consumer" ? consumer?.fit : { rows: "all" as const };
  const refitted = refit.length > 0 ? [...refit] : (consumer?.refit ?? []);
  return {
    workspace,
    name: form.name,
    outputs: variant.output === null ? [...wanted] : [variant.output],
    ...(Object.keys(variant.details.pins).length > 0 && { pins: variant.details.pins }),
    ...(fit && { fit: split !== null && "split" in fit ? { ...fit, split } : fit }),
    ...(refitted.length > 0 && { refit: refitted }),
    ...(evaluate && { evaluate: { ...evaluate, split: split ?? evaluate.split, model: form.model } }),
    ...(form.description.trim() !== "" && { description: form.description.trim() }),
    ...(form.owner.trim() !== "" && { owner: form.owner.trim() }),
  };
}

/**
 * Names for a plan that is to be saved. The same computation with fits on other rows makes versions of the consumer's model, so that
 * their scores stand side by side; another computation makes a model of its own.
 */
export function suggestNames(
  outputs: readonly string[],
  producers: readonly string[],
  { refit, split }: { refit: readonly string[]; split: string | null },
  consumer: { model: string } | null,
): { name: string; model: string } {
  const stem = suggestName(outputs, producers);
  if (refit.length === 0 && split === null) return { name: stem, model: stem };
  const name = `${stem.slice(0, 50)}_${refit.length > 0 ? "refit" : "resplit"}`;
  return { name, model: consumer?.model ?? name };
}

/** A name for the variant's pipeline or model, of the letters that names may have: the wanted column and what distinguishes it. */
export function suggestName(outputs: readonly string[], producers: readonly string[]): string {
  const last = outputs.at(-1) ?? "plan";
  return [last.slice(last.indexOf(".") + 1), ...producers].join("_").slice(0, 60).replace(/_+$/, "");
}
