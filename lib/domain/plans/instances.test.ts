import { describe, expect, test } from "vitest";
import { DomainError } from "../errors";
import { mergeVariants, signatures } from "./instances";
import { planVariants } from "./plan-variants";
import type { PlanStage } from "./types";

const stage = (name: string, inputs: string, outputs: string, fitInputs?: string[]): PlanStage => ({
  name,
  inputs: inputs.split(" "),
  outputs: outputs.split(" "),
  ...(fitInputs ? { fitInputs } : {}),
});

function merge(stages: PlanStage[], sources: string[], outputs: string[]) {
  return mergeVariants(stages, sources, planVariants({ stages, sources, outputs }).variants);
}

const physicalOf = (merged: ReturnType<typeof merge>, logical: string) =>
  merged.columns.filter((column) => column.logical === logical).map((column) => column.physical);

const toxicity = [
  stage("tokenizer", "text", "tokens"),
  stage("word2vec", "tokens", "vec"),
  stage("hashing_tf", "tokens", "tf"),
  stage("idf", "tf", "vec"),
  stage("lr", "vec", "toxicity", ["label"]),
];

describe("mergeVariants", () => {
  test("shares what comes before a fork and doubles what comes after", () => {
    expect(merge(toxicity, ["text", "label"], ["toxicity"])).toEqual({
      instances: [
        {
          key: "tokenizer@1",
          stage: "tokenizer",
          inputs: { text: { source: true } },
          outputs: ["tokens"],
          variants: [0, 1],
        },
        {
          key: "word2vec@1",
          stage: "word2vec",
          inputs: { tokens: { instance: "tokenizer@1" } },
          outputs: ["vec"],
          variants: [0],
        },
        {
          key: "lr@1",
          stage: "lr",
          inputs: { vec: { instance: "word2vec@1" }, label: { source: true } },
          outputs: ["toxicity"],
          variants: [0],
        },
        {
          key: "hashing_tf@1",
          stage: "hashing_tf",
          inputs: { tokens: { instance: "tokenizer@1" } },
          outputs: ["tf"],
          variants: [1],
        },
        { key: "idf@1", stage: "idf", inputs: { tf: { instance: "hashing_tf@1" } }, outputs: ["vec"], variants: [1] },
        {
          key: "lr@2",
          stage: "lr",
          inputs: { vec: { instance: "idf@1" }, label: { source: true } },
          outputs: ["toxicity"],
          variants: [1],
        },
      ],
      physical: {
        "0": { tokens: "tokens", vec: "vec__word2vec", toxicity: "toxicity__word2vec" },
        "1": { tokens: "tokens", tf: "tf", vec: "vec__idf", toxicity: "toxicity__idf" },
      },
      columns: [
        { physical: "tokens", logical: "tokens", writer: "tokenizer@1" },
        { physical: "vec__word2vec", logical: "vec", writer: "word2vec@1" },
        { physical: "vec__idf", logical: "vec", writer: "idf@1" },
        { physical: "tf", logical: "tf", writer: "hashing_tf@1" },
        { physical: "toxicity__word2vec", logical: "toxicity", writer: "lr@1" },
        { physical: "toxicity__idf", logical: "toxicity", writer: "lr@2" },
      ],
    });
  });

  test("names further producers where the nearest one does not tell instances apart", () => {
    const stages = [
      stage("a1", "s", "a"),
      stage("a2", "s", "a"),
      stage("b1", "a", "b"),
      stage("b2", "a", "b"),
      stage("c", "b", "c"),
    ];
    expect(physicalOf(merge(stages, ["s"], ["c"]), "c").sort()).toEqual([
      "c__b1__a1",
      "c__b1__a2",
      "c__b2__a1",
      "c__b2__a2",
    ]);
  });

  test("numbers a name that is taken", () => {
    const stages = [...toxicity, stage("squatter", "text", "vec__idf")];
    const merged = merge(stages, ["text", "label"], ["toxicity", "vec__idf"]);
    expect(physicalOf(merged, "vec")).toEqual(["vec__word2vec", "vec__idf__2"]);
    expect(physicalOf(merged, "vec__idf")).toEqual(["vec__idf"]);
  });

  test("leaves out by-products that nobody needs", () => {
    const merged = merge([stage("p", "s", "a x"), stage("q", "s", "b x")], ["s"], ["a", "b"]);
    expect(merged.columns.map((column) => column.physical)).toEqual(["a", "b"]);
  });

  test("refuses variants of another catalogue", () => {
    const { variants } = planVariants({ stages: toxicity, sources: ["text", "label"], outputs: ["toxicity"] });
    expect(() => mergeVariants(toxicity.slice(1), ["text", "label"], variants)).toThrow(DomainError);
  });
});

describe("signatures", () => {
  const { instances } = merge(toxicity, ["text", "label"], ["toxicity"]);

  test("digest the stage and its sorted inputs, each with the signature of its writer", () => {
    const signed = signatures(
      instances,
      (name) => `${name}:v1`,
      (canonical) => `<${canonical}>`,
    );
    expect(signed.get("tokenizer@1")).toBe('<["tokenizer:v1",[["text","source:text"]]]>');
    expect(JSON.parse(signed.get("lr@1")!.slice(1, -1))).toEqual([
      "lr:v1",
      [
        ["label", "source:label"],
        ["vec", signed.get("word2vec@1")],
      ],
    ]);
  });

  test("a changed stage changes its own signature and those downstream, no others", () => {
    const before = signatures(
      instances,
      (name) => name,
      (canonical) => canonical,
    );
    const after = signatures(
      instances,
      (name) => (name === "idf" ? "idf'" : name),
      (canonical) => canonical,
    );
    const changed = [...before.keys()].filter((key) => before.get(key) !== after.get(key));
    expect(changed).toEqual(["idf@1", "lr@2"]);
  });
});
