import { type LocalOperator, scalarOf } from "./local-operator";

/** Each `n` neighbouring tokens joined by a space, a missing token written `null` as in Spark; none from a shorter list. */
export const nGram: LocalOperator = {
  score({ inputs, params }) {
    const tokens = scalarOf(inputs[0]);
    const n = Number(params.n);
    const named = `list_transform(${tokens}, lambda token: coalesce(token, 'null'))`;
    return [
      {
        scalar: `list_transform(range(1, len(${tokens}) - ${n - 2}), lambda i: array_to_string((${named})[i:i + ${n - 1}], ' '))`,
      },
    ];
  },
};
