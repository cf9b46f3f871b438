/** Everything that is read when the last stage has run is computed once and kept: metrics, profiles and files read it many times. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import { groupBy } from "@/lib/domain/group-by";
import type { Frame } from "./frame";
import type { Frames } from "./frames";
import { interval } from "./row-selection";

/** A source with more cells than these is read from its file again and again rather than held: it may not fit in memory. */
const MOST_HELD_CELLS = 40_000_000;
/** One with no more rows than these is read once or twice, which takes less than holding it. */
const FEW_ROWS = 500_000;

export async function holdResults(frames: Frames, plan: VariantPlan): Promise<void> {
  const { materialise, evaluate, profile, window } = plan;
  if (isOnlyProfiled(plan)) {
    const rows = plan.sources.reduce((sum, { snapshot }) => sum + snapshot.rows, 0);
    if (rows <= FEW_ROWS || rows * profile.columns.length > MOST_HELD_CELLS) return;
  }
  const held = new Set<Frame>();
  const hold = async (columns: WrittenColumn[], asker: string) => {
    const [first] = columns;
    if (!first) return;
    const frame = await frames.holding(splitColumn(first.column)[0], columns);
    for (const { column, instance } of columns) await frames.own(frame, column, instance, asker);
    held.add(frame);
  };
  for (const columns of groupBy(materialise, ({ column }) => splitColumn(column)[0]).values())
    await hold(columns, "The plan's output");
  if (evaluate) await hold([evaluate.prediction, evaluate.label, ...(evaluate.slices ?? [])], "The evaluation");
  for (const column of profile.columns) await hold([column], "The profile");
  for (const frame of held) {
    const inWindow = window && frame.timed ? `SELECT * FROM ${frame.relation} WHERE ${interval(window)}` : undefined;
    await frames.store(frame, inWindow);
  }
}

function isOnlyProfiled({ instances, materialise, evaluate, window }: VariantPlan): boolean {
  return instances.length === 0 && materialise.length === 0 && !evaluate && !window;
}
