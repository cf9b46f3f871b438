/** One side of a comparison. */
export interface ComparedVariant {
  /** Stage names in an order in which they can run. */
  stages: readonly string[];
  /** Column to the stage that writes it. */
  choice: Readonly<Record<string, string>>;
  /** The stages that are needed once everything is fitted. */
  predict: readonly string[];
  /** Stage to the key of its instance in the merged plan. */
  instances: Readonly<Record<string, string>>;
}

export interface StageComparison {
  stage: string;
  /** `alike`: the same stage reads the same on both sides and is run once. `differs`: it reads something else. */
  side: "a" | "b" | "alike" | "differs";
}

interface ChoiceDifference {
  column: string;
  /** Null where that side does not need the column. */
  a: string | null;
  b: string | null;
}

export interface VariantComparison {
  /** Every stage of either side once, in an order in which both can run. */
  stages: StageComparison[];
  /** Columns that are written differently, or on one side only; upstream first. */
  choices: ChoiceDifference[];
  /** Stages that a prediction needs on one side only. */
  predict: { onlyA: string[]; onlyB: string[]; both: string[] };
}

/** What two variants of one plan share and where they part. */
export function compareVariants(a: ComparedVariant, b: ComparedVariant): VariantComparison {
  const order = mergeOrders(a.stages, b.stages);
  const [inA, inB] = [new Set(a.stages), new Set(b.stages)];
  const stages = order.map((stage): StageComparison => {
    if (!inB.has(stage)) return { stage, side: "a" };
    if (!inA.has(stage)) return { stage, side: "b" };
    return { stage, side: a.instances[stage] === b.instances[stage] ? "alike" : "differs" };
  });
  const rank = new Map(order.map((stage, at) => [stage, at]));
  const rankOf = ({ a: one, b: other }: ChoiceDifference) =>
    Math.max(rank.get(one ?? "") ?? -1, rank.get(other ?? "") ?? -1);
  const choices = [...new Set([...Object.keys(a.choice), ...Object.keys(b.choice)])]
    .map((column) => ({ column, a: a.choice[column] ?? null, b: b.choice[column] ?? null }))
    .filter((difference) => difference.a !== difference.b)
    .sort((one, other) => rankOf(one) - rankOf(other));
  const [predictA, predictB] = [new Set(a.predict), new Set(b.predict)];
  return {
    stages,
    choices,
    predict: {
      onlyA: a.predict.filter((stage) => !predictB.has(stage)),
      onlyB: b.predict.filter((stage) => !predictA.has(stage)),
      both: a.predict.filter((stage) => predictB.has(stage)),
    },
  };
}

/** The first order with what only the second has put before the next stage that both have. */
function mergeOrders(first: readonly string[], second: readonly string[]): string[] {
  const inFirst = new Set(first);
  const before = new Map<string | undefined, string[]>();
  let waiting: string[] = [];
  for (const stage of second)
    if (inFirst.has(stage)) {
      if (waiting.length > 0) before.set(stage, waiting);
      waiting = [];
    } else waiting.push(stage);
  return [...first.flatMap((stage) => [...(before.get(stage) ?? []), stage]), ...waiting];
}
