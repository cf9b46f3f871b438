import type { Collapsed } from "./graph/collapse";
import type { LineageGraph } from "./use-lineage-graph";

/** How much of what there is is drawn: everything that is not in the picture is in a number. */
export function countWords(drawn: Collapsed, kept: LineageGraph["kept"]): string {
  const lines = drawn.edges.reduce((sum, { count }) => sum + count, 0);
  const nodes = [...drawn.nodes.values()].reduce((sum, { size }) => sum + size, 0);
  // A flow out of the picture is counted at the one end that is in it. A rolled-up workspace has none of these, but flows that its limit keeps back.
  const behind = [...drawn.hidden.values()].reduce((sum, { up, down }) => sum + up + down, 0);
  const total = lines + drawn.inside + (drawn.hidden.size > 0 ? behind : (kept?.edges ?? 0));
  const words = [
    drawn.nodes.size === nodes ? `${nodes} nodes` : `${nodes} nodes as ${drawn.nodes.size}`,
    `${lines} of ${total} flows drawn`,
    drawn.inside > 0 && `${drawn.inside} inside groups`,
    behind > 0 && `${behind} behind +N`,
    kept && kept.nodes > 0 && `${kept.atLeast ? "at least " : ""}${kept.nodes} nodes hidden`,
  ];
  return words.filter(Boolean).join(" · ");
}
