import { expect, it } from "vitest";
import { sliceLines } from "./slice-lines";

it("every metric of every slice is a line, with what is not told left empty", () => {
  const lines = sliceLines({
    feature: "bird.island",
    edges: null,
    edgesOf: null,
    parts: {
      test: [
        {
          kind: "value",
          name: "Dream, west",
          metrics: { rows: 40, accuracy: 0.5, macroF1: 0.25 },
          intervals: { accuracy: [0.4, 0.6] },
          differences: { accuracy: { value: -0.1, interval: null } },
        },
      ],
    },
  });
  expect(lines.map((line) => line.trimEnd()).slice(1)).toEqual([
    'test,bird.island,value,"Dream, west",40,accuracy,0.5,0.4,0.6,-0.1,,',
    'test,bird.island,value,"Dream, west",40,macroF1,0.25,,,,,',
  ]);
});
