import { resolveParams } from "@/lib/domain/operators/operator-table";
import type { RecordedSeed } from "@/lib/domain/runs/run-record";
import type { LoadedVariant } from "../plans/load-variant";
import { policiesOf } from "../plans/pin-definitions";

/** The seeds of everything in a variant that draws by one, whether somebody chose it or not. */
export function seedsOf(variant: LoadedVariant): RecordedSeed[] {
  const used = new Set([...variant.instances.values()].map(({ stage }) => stage));
  const stages = [...variant.stages].flatMap(([name, { definition }]): RecordedSeed[] => {
    const { seed } = resolveParams(definition);
    return used.has(name) && typeof seed === "number" ? [{ of: `stage ${name}`, seed }] : [];
  });
  const named = new Set(policiesOf(variant));
  const policies = variant.catalogue.splits.flatMap((policy): RecordedSeed[] =>
    named.has(policy.name) && "seed" in policy ? [{ of: `split policy ${policy.name}`, seed: policy.seed }] : [],
  );
  return [...stages, ...policies];
}
