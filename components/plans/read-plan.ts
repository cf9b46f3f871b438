import type { PlanInstance, PlanVariant } from "@/lib/contracts/plan-graph";
import type { PlanPreview } from "@/lib/contracts/plans";
import type { GraphInstance } from "./plan-graph";
import { type Fork, forksOf, nameVariants, type VariantName } from "./name-variants";

/** A listed variant with everything that the page says about it. */
export interface ListedVariant extends VariantName {
  index: number;
  /** What the URL calls it: its producers at the forks, and the output where outputs are planned on their own. */
  key: string;
  /** The output that it derives; null when all outputs are planned jointly. */
  output: string | null;
  stages: string[];
  predict: string[];
  choice: Record<string, string>;
  details: PlanVariant;
}

/** A plan with its merged graph, read for the page. */
export interface ReadPlan {
  variants: ListedVariant[];
  instances: PlanInstance[];
  forks: Fork[];
  /** Columns that several stages could write, beyond what is listed as well. */
  open: Set<string>;
}

/** Null while the answer has no merged graph. */
export function readPlan(preview: PlanPreview): ReadPlan | null {
  const { graph, details } = preview;
  if (!graph || !details) return null;
  const groups = preview.perOutput ?? [{ output: null, variants: preview.variants.map((_, index) => index) }];
  const variants: ListedVariant[] = [];
  for (const { output, variants: indices } of groups) {
    const choices = indices.map((index) => preview.choices[index] ?? {});
    const names = nameVariants(choices, forksOf(indices.map((index) => preview.variants[index] ?? []), choices)); // prettier-ignore
    for (const [at, index] of indices.entries()) {
      const [name, more] = [names[at], details[index]];
      const stages = preview.variants[index] ?? [];
      if (!name || !more) continue;
      variants.push({
        ...name,
        index,
        key: [...(output === null ? [] : [output]), ...name.producers].join("~"),
        output,
        stages,
        predict: preview.predict?.[index] ?? stages,
        choice: preview.choices[index] ?? {},
        details: more,
      });
    }
  }
  // Letters count through all outputs, so that one letter means one variant.
  const lettered = nameVariants(preview.choices, []);
  return {
    variants: variants
      .sort((one, other) => one.index - other.index)
      .map((variant) => ({ ...variant, letter: lettered[variant.index]?.letter ?? variant.letter })),
    instances: graph.instances,
    forks: forksOf(preview.variants, preview.choices),
    open: new Set(details.flatMap(({ pins }) => Object.keys(pins))),
  };
}

/** The variant that the URL names, else the first. */
export function variantNamed(variants: readonly ListedVariant[], key: string | null): ListedVariant | undefined {
  return variants.find((variant) => variant.key === key) ?? variants[0];
}

/** The instances as the drawing wants them. A column of the request's own has the request as its source. */
export function toGraphInstances(instances: readonly PlanInstance[]): GraphInstance[] {
  return instances.map(({ key, stage, inputs, variants }) => ({
    key,
    stage,
    variants,
    reads: inputs.map(({ column, writer, source, role }) => ({
      column,
      from: writer === null ? { source: source ?? "request" } : { instance: writer },
      fitOnly: role === "fitInput",
    })),
  }));
}

/** The instances of one variant in an order in which they run. */
export function instancesOf(instances: readonly PlanInstance[], variant: number): PlanInstance[] {
  return instances.filter((instance) => instance.variants.includes(variant));
}
