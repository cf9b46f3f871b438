import { type LocalOperator, anyNotFinite, anyNull, componentNames, doubles } from "./local-operator";

/** Concatenates. `skip` gives a null vector for a row with a missing or NaN component, `keep` puts NaN for missing. */
export const vectorAssembler: LocalOperator = {
  score({ inputs, params }) {
    const parts = inputs.flatMap(doubles);
    if (params.handleInvalid === "keep")
      return [{ components: parts.map((part) => `coalesce(${part}, 'NaN'::DOUBLE)`) }];
    if (params.handleInvalid === "skip") {
      const bad = `${anyNull(parts)} OR ${anyNotFinite(inputs.filter((input) => !input.finite).flatMap(doubles))}`;
      return [{ components: parts.map((part) => `CASE WHEN ${bad} THEN NULL ELSE ${part} END`) }];
    }
    return [{ components: parts }];
  },
  invalid({ inputs, params }) {
    if (params.handleInvalid !== "error") return [];
    return inputs.map((input) => ({
      column: input.column,
      condition: input.finite
        ? anyNull(doubles(input))
        : `${anyNull(doubles(input))} OR ${anyNotFinite(doubles(input))}`,
      problem: input.finite ? "missing values" : "missing, NaN or infinite values",
      advice: "Fill them with an Imputer, or set handleInvalid to skip or keep.",
    }));
  },
  components: ({ inputs }) => [componentNames(inputs)],
  finite: ({ params }) => params.handleInvalid !== "keep",
};
