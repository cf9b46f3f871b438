import { describe, expect, it } from "vitest";
import { buildPlanGraph, flowOf, type GraphInstance, variantsToDraw } from "./plan-graph";

const instance = (key: string, reads: string[], variants: number[], fitOnly: string[] = []): GraphInstance => ({
  key,
  stage: key.slice(0, key.indexOf("@")),
  reads: [...reads, ...fitOnly].map((from) => ({
    column: `x.${from}`,
    from: from.includes("@") ? { instance: from } : { source: from },
    fitOnly: fitOnly.includes(from),
  })),
  variants,
});

// flights → traffic → scaler → kmeans → assemble@1 → tree@1 and traffic → bands → assemble@2 → tree@2; label to fit only.
const instances = [
  instance("traffic@1", ["flights"], [0, 1]),
  instance("label@1", ["flights"], [0, 1]),
  instance("scaler@1", ["traffic@1"], [0]),
  instance("kmeans@1", ["scaler@1"], [0]),
  instance("bands@1", ["traffic@1"], [1]),
  instance("assemble@1", ["kmeans@1"], [0]),
  instance("assemble@2", ["bands@1"], [1]),
  instance("tree@1", ["assemble@1"], [0], ["label@1"]),
  instance("tree@2", ["assemble@2"], [1], ["label@1"]),
];
const both = new Set([0, 1]);

describe("buildPlanGraph", () => {
  it("draws every source and instance once", () => {
    const { nodes, edges } = buildPlanGraph(instances, both);
    expect([...nodes.keys()]).toEqual(["source:flights", ...instances.map(({ key }) => key)]);
    expect(edges).toHaveLength(11);
    expect(edges.filter(({ fitOnly }) => fitOnly).map(({ id }) => id)).toEqual(["label@1 tree@1", "label@1 tree@2"]);
    expect(nodes.get("source:flights")?.variants).toEqual([0, 1]);
  });

  it("leaves out what the shown variants do not contain", () => {
    const { nodes, edges } = buildPlanGraph(instances, new Set([1]));
    expect([...nodes.keys()]).toEqual(["source:flights", "traffic@1", "label@1", "bands@1", "assemble@2", "tree@2"]);
    expect(edges.every((edge) => nodes.has(edge.from) && nodes.has(edge.to))).toBe(true);
  });

  it("stacks chains, and only chains", () => {
    const { stacks } = buildPlanGraph(instances, both);
    expect(stacks.map((stack) => stack.nodes)).toEqual([
      ["source:flights"],
      ["traffic@1"],
      ["label@1"],
      ["scaler@1", "kmeans@1", "assemble@1"],
      ["bands@1", "assemble@2"],
      ["tree@1"],
      ["tree@2"],
    ]);
  });

  it("does not stack across a fork, where the one below is in fewer variants", () => {
    const { stacks } = buildPlanGraph([instance("a@1", ["s"], [0, 1]), instance("b@1", ["a@1"], [0])], both);
    expect(stacks).toHaveLength(3);
  });

  it("joins several columns between two nodes into one edge, which is dashed only when all are read to fit", () => {
    const two: GraphInstance = {
      ...instance("t@1", [], [0]),
      reads: [
        { column: "x.a", from: { source: "s" }, fitOnly: true },
        { column: "x.b", from: { source: "s" }, fitOnly: false },
      ],
    };
    expect(buildPlanGraph([two], both).edges).toEqual([
      { id: "source:s t@1", from: "source:s", to: "t@1", columns: ["x.a", "x.b"], fitOnly: false, variants: [0] },
    ]);
  });
});

describe("variantsToDraw", () => {
  it("takes the first variants until the picture is full", () => {
    expect([...variantsToDraw(instances, 2, [], 100)]).toEqual([0, 1]);
    expect([...variantsToDraw(instances, 2, [], 7)]).toEqual([0]);
  });

  it("always draws what the reader looks at", () => {
    expect([...variantsToDraw(instances, 2, [1], 3)]).toEqual([1]);
  });
});

it("flowOf follows the direction of the data", () => {
  const { edges } = buildPlanGraph(instances, both);
  expect([...flowOf(edges, "bands@1")].sort()).toEqual(["assemble@2", "bands@1", "source:flights", "traffic@1", "tree@2"]); // prettier-ignore
});
