import { type Reuse, stopAtValues, type WrittenColumn } from "@/lib/domain/plans/stop-at-values";
import { stageOf } from "@/lib/domain/plans/variant-world";
import { findValues, type KnownValues, newestWith } from "../plans/reuse";
import type { RunContext } from "./run-context";

/** What of a run's variant need not be computed again. */
export interface ReusedValues {
  /** Instance → what is needed of it, and the earlier file that holds it. */
  read: Map<string, { columns: string[]; values: KnownValues }>;
  /** Instances that still run, in their order. */
  run: string[];
  /** Instances that nobody needs any more, because what they led to is read. */
  dropped: string[];
  /** Instance → the columns that are needed of it. */
  needed: Map<string, string[]>;
  /** Instance → files that hold equal values, the newest first, whether they are read or not. */
  known: Map<string, KnownValues[]>;
}

/**
 * Walks back from what the run writes, profiles and judges, and stops where equal values were written before.
 * @param fingerprints instance key → fingerprint of its values
 * @param isFitted whether the estimator's fit is reused, so that what is read only to fit is not needed
 */
export async function reuseValues(
  context: RunContext,
  fingerprints: ReadonlyMap<string, string>,
  wanted: readonly WrittenColumn[],
  isFitted: (instance: string) => boolean,
): Promise<ReusedValues> {
  const known = await findValues(context.run.workspaceId, [...fingerprints.values()]);
  const fileOf = (key: string, columns: readonly string[]) =>
    newestWith(known.get(fingerprints.get(key) ?? "") ?? [], columns);
  const instances = [...context.instances.values()];
  const { read, run, needed }: Reuse = stopAtValues(
    instances,
    wanted,
    (key) => {
      const instance = context.instances.get(key);
      if (!instance) return [];
      return isFitted(key) ? stageOf(context, instance).definition.inputs : Object.keys(instance.inputs);
    },
    (key, columns) => fileOf(key, columns) !== undefined,
  );
  const kept = new Set([...read.keys(), ...run]);
  return {
    read: new Map(
      [...read].flatMap(([key, columns]) => {
        const values = fileOf(key, columns);
        return values ? [[key, { columns, values }] as const] : [];
      }),
    ),
    run,
    dropped: instances.map(({ key }) => key).filter((key) => !kept.has(key)),
    needed,
    known: new Map(instances.map(({ key }) => [key, known.get(fingerprints.get(key) ?? "") ?? []])),
  };
}
