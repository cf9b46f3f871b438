/** A fitted stage is data plus an SQL expression; `params` is what was learned, `expressions` how to score with it. */
export interface FittedModel {
  operator: string;
  /** Learned values as JSON: means, labels, centres, coefficients, the tree. */
  learned: Record<string, unknown>;
  /** Output column → DuckDB SQL over the stage's bare input columns. A person can read it on the stage's page. */
  expressions: Record<string, string>;
  /** Figures of the fit itself: iterations, cost, depth. */
  summary: Record<string, number | string>;
}
