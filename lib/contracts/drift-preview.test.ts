import { describe, expect, it } from "vitest";
import { previewDrift, type PreviewQuestion } from "@/lib/domain/drift/preview-drift";
import { populationsOf, vectors } from "@/test/distribution-vectors";
import { DriftPreview, DriftPreviewRequest } from "./drift-preview";

const SINGLE = vectors.filter(({ metric }) => !/^(profile_|numeric_drift|categorical_drift)/.test(metric));

const answer = (question: PreviewQuestion) =>
  previewDrift(question, () => Promise.reject(new Error("No profile was asked for.")));

describe("the contract of the drift preview", () => {
  it.each(SINGLE.map((vector) => [vector.id, vector] as const))(
    "takes %s and loses no member of its answer",
    async (_, vector) => {
      const [reference, current] = populationsOf(vector);
      const { metric, params } = vector;
      const found = await answer(DriftPreviewRequest.parse({ metric, params, reference, current }));
      expect(DriftPreview.parse(found)).toEqual(found);
    },
  );

  it("takes no unknown field", () => {
    expect(DriftPreviewRequest.safeParse({ metric: "psi", parms: {}, reference: [], current: [] }).success).toBe(false);
  });

  it("lets a metric of one population leave out the current one", () => {
    expect(DriftPreviewRequest.safeParse({ metric: "profile_numeric", reference: [1] }).success).toBe(true);
  });

  it("names every parameter's values", () => {
    const { params } = DriftPreviewRequest.shape;
    expect(params.description).toContain(
      "`binning` deciles | equal_width | sturges | sturges_distinct | doane | by_value",
    );
    expect(params.description).toContain("`empty_bin` none | add | floor | replace");
  });
});
