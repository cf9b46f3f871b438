import type { Instance } from "./instances";
import { stageOf, type VariantWorld } from "./variant-world";

/**
 * The instances that the columns take once everything is fitted, in the order in which they run: what only a fit reads,
 * such as a label, is not among them, and the inputs of those that are leave it out.
 */
export function predictClosure(
  world: Pick<VariantWorld, "stages" | "instances" | "writers">,
  columns: readonly string[],
): Instance[] {
  const needed = new Set<string>();
  const visit = (column: string) => {
    const key = world.writers.get(column);
    if (key === undefined || needed.has(key)) return;
    needed.add(key);
    stageOf(world, world.instances.get(key) as Instance).definition.inputs.forEach(visit);
  };
  columns.forEach(visit);
  return [...world.instances.values()]
    .filter(({ key }) => needed.has(key))
    .map((instance) => {
      const { inputs } = stageOf(world, instance).definition;
      const read = Object.entries(instance.inputs).filter(([column]) => inputs.includes(column));
      return { ...instance, inputs: Object.fromEntries(read) };
    });
}
