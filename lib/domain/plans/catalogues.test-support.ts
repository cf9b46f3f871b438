import fc from "fast-check";
import { type BruteCatalogue, derivableColumns } from "./brute-force.test-support";
import type { PlanStage } from "./types";

export const COLUMNS = ["a", "b", "c", "d", "e", "f", "g"];

export const columns = (minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...COLUMNS), { minLength, maxLength });

/** Small alphabets make several producers, by-products, cycles and overridden producers the rule rather than the exception. */
const stage = fc
  .record({
    inputs: columns(0, 2),
    fitInputs: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: columns(0, 1) }),
    outputs: fc.oneof({ weight: 2, arbitrary: columns(1, 1) }, { weight: 1, arbitrary: columns(1, 3) }),
    cost: fc.constantFrom(0, 0.1, 0.2, 1, 2, 3),
  })
  .map((it) => {
    const outputs = it.outputs.filter((column) => !it.inputs.includes(column) && !it.fitInputs.includes(column));
    return {
      ...it,
      outputs:
        outputs.length > 0 ? outputs : [COLUMNS.find((c) => !it.inputs.includes(c) && !it.fitInputs.includes(c))!],
    };
  });

export const catalogue: fc.Arbitrary<BruteCatalogue> = fc
  .record({
    stages: fc.array(stage, { minLength: 1, maxLength: 10 }),
    sources: columns(0, 2),
    outputs: columns(1, 3),
    pinned: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.nat(9), { maxLength: 2 }) },
    ),
  })
  .map(({ stages, sources, outputs, pinned }) => {
    const named = stages.map((it, i): PlanStage => ({ name: `s${i}`, ...it }));
    const pins: Record<string, string> = {};
    for (const index of pinned) {
      const it = named[index % named.length]!;
      pins[it.outputs[0]!] = it.name;
    }
    return { stages: named, sources, outputs, pins };
  });

/** Catalogues whose outputs can all be derived, though perhaps not together. */
export const derivable = catalogue
  .map((it) => {
    const known = derivableColumns(it);
    const outputs = it.outputs.filter((column) => known.has(column));
    return { ...it, outputs: outputs.length > 0 ? outputs : [...known].slice(0, 1) };
  })
  .filter((it) => it.outputs.length > 0);
