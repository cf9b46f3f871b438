import { describe, expect, it } from "vitest";
import { StartRun } from "./runs";

describe("StartRun", () => {
  const start = (values: unknown) =>
    StartRun.safeParse({
      workspace: "flights",
      pipeline: "late",
      search: { metric: "auc", params: { model: { maxIter: values } } },
    });

  it("takes integers of any size in what a search tries, with all digits", () => {
    const { data } = start([9007199254740993n, 20n]);
    expect(data?.search?.params).toEqual({ model: { maxIter: ["9007199254740993", 20] } });
  });

  it("refuses what it cannot try, whatever its size", () => {
    expect(start([20n, 20n]).success).toBe(false);
    expect(start({ from: 9007199254740993n, to: 3 }).success).toBe(false);
  });
});
