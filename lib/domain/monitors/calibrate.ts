import { DRIFT_FIGURES, type DriftFigure, type DriftThresholds, isProbability } from "../drift/drift-metrics";
import type { DriftSide } from "../drift/drift-side";
import { thresholdsFor } from "../drift/judge-drift";
import { measureDrift, type MeasureQuestion } from "../drift/measure-drift";
import { DomainError } from "../errors";

/** How a consuming model's own split sees the feature. */
export interface TrainAndTest {
  /** Null where the run that split the rows registered no model. */
  model: string | null;
  train: DriftSide;
  test: DriftSide;
}

export interface Noise {
  model: string | null;
  score: number;
  /** One standard deviation of the train part, for figures with a unit. */
  scale: number;
}

export interface Calibration extends DriftThresholds, Noise {
  sentence: string;
}

/** A window may be half as far again from the reference as the model's test part is from its train part. */
const CALIBRATION_FACTOR = 1.5;

/** Train against test part of every consuming model, by the metric; those that cannot be compared, or not by this figure, are left out. */
export function noiseOf(
  { metric, minRows }: Pick<MeasureQuestion, "metric" | "minRows">,
  consumers: readonly TrainAndTest[],
  figure?: DriftFigure,
): Noise[] {
  return consumers.flatMap(({ model, train, test }) => {
    try {
      const measure = measureDrift({
        metric,
        reference: train,
        current: test,
        ...(minRows !== undefined && { minRows }),
      });
      if (measure.score === null || isProbability(measure.figure)) return [];
      return figure === undefined || measure.figure === figure
        ? [{ model, score: measure.score, scale: measure.scale }]
        : [];
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  });
}

/**
 * Thresholds that no model's own noise reaches: warn is the greater of what it would be and `CALIBRATION_FACTOR` × the
 * greatest noise, and critical rises in proportion. Never below what they would be; null where nothing is calibrated, as
 * for p-values, which know chance already.
 */
export function calibrate(
  question: Pick<MeasureQuestion, "metric" | "minRows">,
  figure: DriftFigure,
  own: { warn?: number | undefined; critical?: number | undefined },
  consumers: readonly TrainAndTest[],
): Calibration | null {
  if (isProbability(figure) || figure === "missing_rate") return null;
  const [first, ...rest] = noiseOf(question, consumers, figure);
  if (!first) return null;
  const noise = rest.reduce((greatest, one) => (one.score > greatest.score ? one : greatest), first);
  const base = thresholdsFor(figure, own, noise.scale);
  const warn = Math.max(base.warn, CALIBRATION_FACTOR * noise.score);
  const critical = Math.max(base.critical, (warn * base.critical) / base.warn);
  const whose = noise.model === null ? "its own split" : noise.model;
  const said = `${DRIFT_FIGURES[figure].name} ${noise.score.toPrecision(2)} between the train and test parts of ${whose}`;
  return {
    ...noise,
    warn,
    critical,
    sentence:
      warn > base.warn
        ? `Thresholds are calibrated: ${CALIBRATION_FACTOR} × ${said}.`
        : `Calibration changes nothing: ${said} is noise below the default.`,
  };
}
