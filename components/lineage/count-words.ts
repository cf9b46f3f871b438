import type { Collapsed } from "./graph/collapse";
import type { LineageGraph } from "./use-lineage-graph";

/** How much of what there is is drawn: everything that is not in the picture is in a number. */
export function countWords(drawn: Collapsed, { whole, kept }: Pick<LineageGraph, "whole" | "kept">): string {
  const lines = drawn.edges.reduce((sum, { count }) => sum + count, 0);
  const flows = lines + drawn.inside;
  const nodes = [...drawn.nodes.values()].reduce((sum, { size }) => sum + size, 0);
  const behind = [...drawn.hidden.values()].reduce((sum, { up, down }) => sum + up + down, 0);
  const words = [
    drawn.nodes.size === nodes ? `${nodes} nodes` : `${drawn.nodes.size} groups of ${nodes} nodes`,
    `${lines} of ${flows + (kept?.edges ?? 0)} flows drawn`,
    drawn.inside > 0 && `${drawn.inside} inside groups`,
    behind > 0 && `${behind} behind +N`,
    kept && kept.nodes > 0 && `${kept.atLeast ? "at least " : ""}${kept.nodes} nodes kept back`,
    whole && whole.nodes.size > drawn.nodes.size && `${whole.nodes.size} before they were collapsed`,
  ];
  return words.filter(Boolean).join(" · ");
}
