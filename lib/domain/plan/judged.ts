import { DomainError } from "../errors";
import type { RowSet } from "../leakage/types";
import type { Instance } from "./instances";
import { policyNamed, type ResolvedVersions, rowSetOf, type Split, splitOf, type Upstream } from "./row-sets";
import { stageOf, type VariantWorld } from "./variant-world";

/** Rows in one role of the model that the pipeline ends in. */
export interface RoleRows {
  role: "train" | "validation" | "test";
  split: Split | null;
  rowSet: RowSet;
}

/** The estimator that the pipeline ends in, and how it is judged. */
export interface Judged {
  model: string;
  instance: Instance;
  prediction: string;
  label: string;
  roles: RoleRows[];
}

/** The last output that an estimator writes: what an evaluation judges. */
export function predictionOf(world: VariantWorld): string | undefined {
  return [...world.pipeline.outputs].reverse().find((column) => {
    const writer = world.writers.get(column);
    return writer && stageOf(world, world.instances.get(writer) as Instance).definition.estimator;
  });
}

/** What the pipeline's evaluation judges; null without one. Throws `invalid` when no output is written by an estimator. */
export function judgedOf(
  world: VariantWorld,
  upstream: ReadonlyMap<string, Upstream>,
  versions: ResolvedVersions,
): Judged | null {
  const { evaluate, fit, name } = world.pipeline;
  if (!evaluate) return null;
  const prediction = predictionOf(world);
  if (!prediction)
    throw new DomainError(
      "invalid",
      `Pipeline ${name} is evaluated, but none of its outputs is written by an estimator.`,
    );
  const instance = world.instances.get(world.writers.get(prediction) as string) as Instance;
  const { entity } = stageOf(world, instance).definition;
  const { sources } = upstream.get(instance.key) as Upstream;
  const policy = policyNamed(world, evaluate.split);
  const rowsIn = (role: RoleRows["role"], split: Split | null): RoleRows => ({
    role,
    split,
    rowSet: rowSetOf(world, entity, sources, split, versions),
  });
  return {
    model: evaluate.model,
    instance,
    prediction,
    label: evaluate.label,
    roles: [
      rowsIn("train", splitOf(world, fit ?? { rows: "all" })),
      ...(evaluate.validation ? [rowsIn("validation", { policy, parts: evaluate.validation })] : []),
      rowsIn("test", { policy, parts: evaluate.test }),
    ],
  };
}
