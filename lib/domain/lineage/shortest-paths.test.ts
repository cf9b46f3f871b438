import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlowEdge } from "./graph";
import { shortestPaths } from "./shortest-paths";

const flow = (from: string, to: string, role: FlowEdge["role"] = "reads"): FlowEdge => ({ from, to, role });
const over = (edges: FlowEdge[]) => (side: "up" | "down", frontier: string[]) =>
  Promise.resolve(edges.filter((edge) => frontier.includes(side === "down" ? edge.from : edge.to)));
const BOUNDS = { limit: 100, most: 1000 };

/** Every shortest path, by listing paths in order of their length. */
function bruteForce(edges: FlowEdge[], from: string, to: string): string[] {
  let paths = [[from]];
  for (let steps = 1; steps <= 10; steps += 1) {
    paths = paths.flatMap((path) =>
      edges.filter((edge) => edge.from === path.at(-1)).map((edge) => [...path, edge.to]),
    );
    const arrived = paths.filter((path) => path.at(-1) === to);
    if (arrived.length > 0) return arrived.map((path) => path.join(" ")).sort();
  }
  return [];
}

describe("shortestPaths", () => {
  it("finds every shortest path, and says when there is none", async () => {
    const node = fc.integer({ min: 0, max: 8 }).map((n) => `n${n}`);
    const pairs = fc.uniqueArray(fc.tuple(node, node), { maxLength: 24, selector: (pair) => pair.join(" ") });
    await fc.assert(
      fc.asyncProperty(pairs, node, node, async (list, from, to) => {
        fc.pre(from !== to);
        const edges = list.map(([one, other]) => flow(one, other));
        const found = await shortestPaths(from, to, over(edges), BOUNDS);
        const named = found.paths.map((path) => [from, ...path.map((edge) => edge.to)].join(" "));
        expect(named).toEqual(bruteForce(edges, from, to).slice(0, 100));
        expect(found.steps).toBe(found.paths[0]?.length ?? null);
        expect(found.exhausted).toBe(true);
      }),
    );
  });
  it("lists the first ones and counts all", async () => {
    const edges = Array.from({ length: 4 }, (_, layer) =>
      [0, 1, 2].flatMap((one) => [0, 1, 2].map((other) => flow(`${layer}${one}`, `${layer + 1}${other}`))),
    ).flat();
    const found = await shortestPaths("00", "42", over(edges), { limit: 2, most: 1000 });
    expect(found).toMatchObject({ steps: 4, total: 27 });
    expect(found.paths.map((path) => path.map((edge) => edge.to))).toEqual([
      ["10", "20", "30", "42"],
      ["10", "20", "31", "42"],
    ]);
  });
  it("does not lead from a feature through its view to a service that takes others", async () => {
    const edges = [flow("f", "view"), flow("view", "service", "through"), flow("g", "service", "serves")];
    expect((await shortestPaths("f", "service", over(edges), BOUNDS)).steps).toBeNull();
    expect((await shortestPaths("view", "service", over(edges), BOUNDS)).steps).toBe(1);
  });
  it("gives up at its bound and says so", async () => {
    const endless = (side: "up" | "down", frontier: string[]) =>
      Promise.resolve(frontier.map((id) => (side === "down" ? flow(id, `${id}>`) : flow(`<${id}`, id))));
    expect(await shortestPaths("a", "b", endless, { limit: 1, most: 50 })).toMatchObject({
      steps: null,
      exhausted: false,
    });
  });
});
