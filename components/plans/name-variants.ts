/** A column that different stages write in different variants. */
export interface Fork {
  column: string;
  /** The stages that write it, in the order in which variants bring them. */
  producers: string[];
}

export interface VariantName {
  /** A, B, … Z, AA, AB … */
  letter: string;
  /** What tells the variant from the others: its producers at the forks, upstream first. Empty for an only variant. */
  producers: string[];
  /** The same in words. */
  text: string;
}

/** The letters of a spreadsheet's columns: 0 is A, 25 is Z, 26 is AA. */
export function letterOf(index: number): string {
  const before = Math.floor(index / 26);
  return (before > 0 ? letterOf(before - 1) : "") + String.fromCharCode(65 + (index % 26));
}

/**
 * The forks of some variants, upstream first: a fork stands before those whose producers run later.
 * @param variants stage names of each variant in an order in which they can run
 * @param choices column to its stage, variant by variant
 */
export function forksOf(variants: readonly string[][], choices: readonly Record<string, string>[]): Fork[] {
  const producers = new Map<string, Set<string>>();
  const latest = new Map<string, number>();
  for (const [index, choice] of choices.entries()) {
    const rank = new Map(variants[index]?.map((stage, at) => [stage, at]));
    for (const [column, stage] of Object.entries(choice)) {
      const known = producers.get(column) ?? new Set();
      producers.set(column, known.add(stage));
      latest.set(column, Math.max(latest.get(column) ?? 0, rank.get(stage) ?? 0));
    }
  }
  return [...producers]
    .filter(([, stages]) => stages.size > 1)
    .sort(([one], [other]) => latest.get(one)! - latest.get(other)!)
    .map(([column, stages]) => ({ column, producers: [...stages] }));
}

/** A letter and a name for every variant. A stage that writes several forked columns is named once. */
export function nameVariants(choices: readonly Record<string, string>[], forks: readonly Fork[]): VariantName[] {
  return choices.map((choice, index) => {
    const producers = [...new Set(forks.flatMap(({ column }) => choice[column] ?? []))];
    return { letter: letterOf(index), producers, text: producers.join(" + ") || "the only variant" };
  });
}
