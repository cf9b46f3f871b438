import { expect, it } from "vitest";
import { drawSvg } from "./draw-svg";
import { curvesOf } from "./graph/edge-path";
import { graphOf } from "./graph/test-graph.test-support";
import { PLAIN } from "./graph/marks";
import { letterOf } from "./ink";

const INK = { paper: "#fff", text: "#000", muted: "#666", line: "#888", accent: "#00f", critical: "#c00", added: "#080", removed: "#c00", variants: ["#111"] }; // prettier-ignore
const NO_MARKS = { nodes: new Map(), edges: new Map() };

it("a picture is well-formed with any name", () => {
  const { svg } = drawSvg(
    graphOf(['<&">'], []),
    new Map([['feature:<&">', { x: 0, y: 0 }]]),
    new Map(),
    NO_MARKS,
    null,
    INK,
  );
  expect(svg).toContain("&lt;&amp;&quot;>");
});

it("a picture has every node and edge, wherever they are, and says what is flagged", () => {
  const graph = graphOf(["a", "b"], [["a", "b"]]); // prettier-ignore
  const positions = new Map([["feature:a", { x: -5000, y: 0 }], ["feature:b", { x: 5000, y: 0 }]]); // prettier-ignore
  const marks = {
    nodes: new Map([["feature:b", { ...PLAIN, change: "added" as const, leaks: true }]]),
    edges: new Map(),
  };
  const { svg, width } = drawSvg(
    graph,
    positions,
    curvesOf(graph.edges, positions, new Map()),
    marks,
    "feature:a",
    INK,
  );
  expect(width).toBeGreaterThan(10_000);
  expect(svg.match(/<rect/g)).toHaveLength(3);
  expect(svg.match(/<path/g)).toHaveLength(2);
  expect(svg).toContain("+ added");
  expect(svg).toContain("▲ leak");
});

it("variants have letters, as the columns of a sheet", () => {
  expect([0, 25, 26, 27].map(letterOf)).toEqual(["A", "Z", "AA", "AB"]);
});
