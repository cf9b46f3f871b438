/** A fitted stage is data plus an SQL expression; `params` is what was learned, `expressions` how to score with it. */
export interface FittedModel {
  operator: string;
  /** Learned values as JSON: means, labels, centres, coefficients, the tree. */
  learned: Record<string, unknown>;
  /** Output column → DuckDB SQL over the stage's bare input columns. A person can read it on the stage's page. */
  expressions: Record<string, string>;
  /** Figures of the fit itself: iterations, cost, depth. */
  summary: Record<string, number | string>;
  /** What each component of the inputs weighs in what is predicted. Left out where there is no such figure, and of earlier fits. */
  terms?: ModelTerms;
  /** Where an engine keeps what it fitted in files of its own, below the data folder. Left out where `learned` is all there is. */
  saved?: { engine: string; folder: string };
}

/**
 * Of trees `gain`: a component's share of all that splits gained. Of linear forms `coefficient`: in the units of the component, with
 * the same per standard deviation of it; one for each class where there are several.
 */
interface ModelTerms {
  measure: "gain" | "coefficient";
  terms: { feature: string; class: string | null; value: number; standardised: number | null }[];
  /** Constants of linear forms. */
  intercepts: { class: string | null; value: number }[];
}
