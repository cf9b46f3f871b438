import type { ChiSquareVariant, KolmogorovP } from "../statistics/binned-tests";
import type { Fill } from "../statistics/empty-buckets";
import type { Logarithm } from "../statistics/share-distances";
import type { DriftFigure } from "./drift-metrics";

export const DIRECTIONS = ["reference_to_current", "current_to_reference"] as const;

/** How a figure is computed. Monitors, maps and runs take the defaults; the preview may ask for another tool's way. */
export interface MetricOptions {
  log: Logarithm;
  /** Null leaves empty buckets empty: a logarithm may then be infinite. */
  fill: Fill | null;
  /** From which distribution to which the divergence of Kullback and Leibler is. */
  direction: (typeof DIRECTIONS)[number];
  variant: ChiSquareVariant;
  yates: boolean;
  pValue: KolmogorovP;
}

const ORDINARY: MetricOptions = {
  log: "log2",
  fill: null,
  direction: "reference_to_current",
  variant: "contingency",
  yates: false,
  pValue: "auto",
};

const OWN: Partial<Record<DriftFigure, MetricOptions>> = {
  psi: { ...ORDINARY, log: "ln", fill: { emptyBuckets: "add", epsilon: 1e-6, renormalise: true } },
  // Only what is empty is replaced, so that a divergence without empty buckets is the formula's.
  kl_divergence: { ...ORDINARY, log: "ln", fill: { emptyBuckets: "replace", epsilon: 1e-4, renormalise: true } },
};

/** The defaults of docs/drift.md, with what is asked for in their place. */
export function optionsFor(figure: DriftFigure, asked: Partial<MetricOptions> | undefined): MetricOptions {
  const own = OWN[figure] ?? ORDINARY;
  return asked ? { ...own, ...asked } : own;
}
