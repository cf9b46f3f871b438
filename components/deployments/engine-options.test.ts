import { expect, it } from "vitest";
import { engineOptions } from "./engine-options";

it("says of each engine why it cannot run the variant's stages", () => {
  const unsupported = [
    { stage: "names", operator: "Word2Vec", reason: "It is not run." },
    { stage: "other", operator: "PCA", reason: "It is not run either." },
  ];
  const engines = [
    { name: "local" as const, whyNot: null, unsupported: [] },
    { name: "spark" as const, whyNot: null, unsupported },
  ];
  expect(engineOptions(engines, ["names", "model"])).toEqual([
    { name: "local", whyNot: null },
    { name: "spark", whyNot: "names: It is not run." },
  ]);
  expect(engineOptions(engines, ["model"])[1]).toEqual({ name: "spark", whyNot: null });
  expect(engineOptions([{ name: "spark", whyNot: "Set SPARK_HOME.", unsupported: [] }], [])[0]?.whyNot).toBe("Set SPARK_HOME."); // prettier-ignore
  expect(engineOptions(undefined, ["model"])).toEqual([{ name: "local", whyNot: null }]);
});
