import { describe, expect, it } from "vitest";
import { checkDraft } from "./check-draft";

const KNOWN = {
  deployments: [
    { name: "kmeans", outputs: ["flight.late"] },
    { name: "bands", outputs: ["flight.late"] },
    { name: "reach", outputs: ["airport.reach"] },
  ],
  parts: { one: [[0, 50]], two: [[50, 100]], most: [[10, 100]] } as Record<string, [number, number][]>,
};
const arm = (name: string, deployment: string | null, ...parts: string[]) => ({ name, deployment, parts });

describe("checkDraft", () => {
  it.each([
    [[arm("a", "kmeans", "one"), arm("b", "bands", "two")], {}],
    [[arm("", null), arm("", null)], {}],
    [[arm("a", "kmeans"), arm("a", "bands")], { "arms.1.name": "Two arms are called a." }],
    [[arm("a", "kmeans"), arm("b", "kmeans")], { "arms.1.deployment": "It is already an arm." }],
    [[arm("a", "kmeans", "one"), arm("b", "bands", "most")], { "arms.1.parts": "These rows already belong to a." }],
    [
      [arm("a", "kmeans"), arm("b", "reach")],
      { "arms.1.deployment": "It predicts airport.reach, the first arm flight.late. Compare variants of one output." },
    ],
  ])("%j", (arms, expected) => expect(Object.fromEntries(checkDraft(arms, KNOWN))).toEqual(expected));
});
