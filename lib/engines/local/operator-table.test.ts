import { expect, it } from "vitest";
import { OPERATORS } from "@/lib/domain/operators/operator-table";
import { createLocalEngine } from "./local-engine";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import { stage } from "./small-world.test-support";
import { NO_WORLD } from "./make-plan.test-support";

it("runs exactly the operators that the table says it runs", () => {
  const promised = Object.values(OPERATORS).filter(({ name, engines }) => engines.includes("local") && name !== "sql");
  expect(Object.keys(LOCAL_OPERATORS).sort()).toEqual(promised.map(({ name }) => name).sort());
});

it("refuses Word2Vec by name", async () => {
  const engine = createLocalEngine({ dataDirectory: "unused", threads: 1, memoryLimit: "1GB" });
  const words = stage("words", {
    estimator: "Word2Vec",
    inputs: ["obs.x"],
    outputs: [{ column: "obs.v", type: "vector" }],
  });
  expect(await engine.unsupported([words], NO_WORLD)).toEqual([
    { stage: "words", operator: "Word2Vec", reason: "Word2Vec runs on spark only." },
  ]);
});
