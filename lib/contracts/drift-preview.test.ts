import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { previewDrift, type DriftQuestion } from "@/lib/domain/drift/preview/preview-drift";
import { DriftPreview, DriftPreviewRequest } from "./drift-preview";

const { vectors } = JSON.parse(
  readFileSync(new URL("../../test/fixtures/distribution-vectors.json", import.meta.url), "utf8"),
) as { vectors: (DriftQuestion & { id: string; expected: object })[] };

/** Vectors that hold their samples; the others describe them in words. */
const whole = vectors.filter(({ reference, current }) => typeof reference !== "string" && typeof current !== "string");

describe("the contract of the drift preview", () => {
  it.each(whole.map((vector) => [vector.id, vector] as const))(
    "takes %s and loses no member of its answer",
    (_, vector) => {
      const { metric, params, reference, current } = vector;
      const answer = previewDrift(DriftPreviewRequest.parse({ metric, params, reference, current }));
      expect(DriftPreview.parse(answer)).toEqual(answer);
      const described = Object.keys(DriftPreview.shape);
      expect(
        Object.keys(answer).filter((name) => !described.includes(name) && !/^p_value_kstwo_n\d+$/.test(name)),
      ).toEqual([]);
    },
  );

  it("has no member that no metric has", () => {
    const answered = new Set(
      [
        ...whole.map(({ metric, params, reference, current }) => previewDrift({ metric, params, reference, current })),
        previewDrift({ metric: "missing_rate_difference", reference: [1, null], current: [1] }),
        previewDrift({ metric: "l_infinity", reference: ["a"], current: ["b"] }),
        previewDrift({ metric: "psi", params: { binning: "deciles" }, reference: [1, 2], current: [1, 3] }),
        previewDrift({ metric: "numeric_drift", reference: [1, 2], current: [1, 3] }),
      ].flatMap((answer) => Object.keys(answer)),
    );
    expect(Object.keys(DriftPreview.shape).filter((name) => !answered.has(name))).toEqual([]);
  });

  it("takes no unknown field", () => {
    expect(DriftPreviewRequest.safeParse({ metric: "psi", parms: {}, reference: [], current: [] }).success).toBe(false);
  });
});
