import { expect, it } from "vitest";
import { collapse } from "./graph/collapse";
import { countWords } from "./count-words";
import { mergeLineages } from "./graph/merge-lineages";
import { overviewGraph } from "./graph/overview-graph";
import { feature, flow } from "./graph/test-graph.test-support";

const KEPT = { nodes: 4, edges: 7, atLeast: true };

it("says what is drawn, what is inside groups, what is behind +N and what was kept back", () => {
  const graph = mergeLineages([{ nodes: [feature("a", 0, 3), feature("b", 1, 1), feature("c", 1)], edges: [flow("a", "b"), flow("b", "c")] }]); // prettier-ignore
  const whole = collapse(graph, () => null, new Set());
  expect(countWords(whole, null)).toBe("3 nodes · 2 of 4 flows drawn · 2 behind +N");
  const by = collapse(graph, ({ name }) => (name === "c" ? null : { name: "ab", detail: "" }), new Set());
  expect(countWords(by, KEPT)).toBe("3 nodes as 2 · 1 of 4 flows drawn · 1 inside groups · 2 behind +N · at least 4 nodes hidden"); // prettier-ignore
});

it("counts what a roll-up keeps back", () => {
  const graph = overviewGraph({ groups: [], edges: [], total: { groups: 9, nodes: 4, edges: 7 }, hidden: KEPT });
  expect(countWords(collapse(graph, () => null, new Set()), { ...KEPT, atLeast: false })).toBe("0 nodes · 0 of 7 flows drawn · 4 nodes hidden"); // prettier-ignore
});
