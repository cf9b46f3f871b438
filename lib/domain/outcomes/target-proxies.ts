/** Inputs that tell the label by themselves: the label in other words, or something that is known only after it. */

/** From this figure on an input is suspected. */
export const PROXY_FROM = 0.98;
/** With fewer rows, or rows of a class, an input can look like the label by chance. */
export const FEWEST_PROXY_ROWS = 30;
export const FEWEST_OF_A_CLASS = 5;

export interface TargetProxy {
  /** The column behind the input. */
  feature: string;
  /** Area under its ROC curve, in whichever direction it is larger, or the square of its correlation with the label. */
  measure: "auc" | "r2";
  value: number;
  /** Validation rows that it was measured on. */
  rows: number;
}

/** A feature as inputs name it, with or without its entity. */
export const isProxyOf = ({ feature }: Pick<TargetProxy, "feature">, name: string): boolean =>
  feature === name || name.endsWith(`.${feature}`);
