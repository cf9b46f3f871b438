"use client";

import type { ModelEvaluation } from "@/lib/contracts/models";
import { CurveChart, type CurveLine } from "./curve-chart";
import classes from "./evaluation.module.css";

type Part = ModelEvaluation["parts"][string];

/** Of an axis that shows a share of all. */
const share = (title: string) => ({ title, unit: "0 to 1" });

/** The curves of a task, of several parts or versions over each other. */
export function EvaluationCharts({
  task,
  named,
  file,
  labelUnit,
}: {
  task: ModelEvaluation["task"];
  /** What each line is called, with what it is drawn from. */
  named: readonly (readonly [name: string, part: Part])[];
  /** Beginning of the names of files. */
  file: string;
  labelUnit: string | null;
}) {
  const lines = (pointsOf: (part: Part) => CurveLine["points"] | undefined): CurveLine[] =>
    named.flatMap(([name, part]) => {
      const points = pointsOf(part);
      return points ? [{ part: name, points }] : [];
    });
  return (
    <div className={classes.charts}>
      {task === "binary" && (
        <>
          <CurveChart
            title="ROC curve"
            file={`${file}-roc`}
            axes={[share("false positive rate"), share("true positive rate")]}
            bounds={[0, 1]}
            diagonal
            lines={lines(({ curve }) =>
              curve?.length
                ? [[0, 0], ...curve.map((one) => [one.falsePositiveRate, one.truePositiveRate] as const)]
                : undefined,
            )}
          />
          <CurveChart
            title="Precision and recall"
            file={`${file}-precision-recall`}
            axes={[share("recall"), share("precision")]}
            bounds={[0, 1]}
            lines={lines(({ curve }) => curve?.map((one) => [one.truePositiveRate, one.precision]))}
          />
          <CurveChart
            title="Calibration, by tenths of the rows"
            file={`${file}-calibration`}
            axes={[share("mean prediction"), share("share of yeses")]}
            diagonal
            dots
            lines={lines(({ calibration }) => calibration?.map((one) => [one.predicted, one.observed]))}
          />
        </>
      )}
      {task === "regression" && (
        <CurveChart
          title="Residuals, by tenths of the rows"
          file={`${file}-residuals`}
          axes={[
            { title: "mean prediction", unit: labelUnit },
            { title: "mean of label − prediction", unit: labelUnit },
          ]}
          dots
          lines={lines(({ residuals }) => residuals?.map((one) => [one.predicted, one.residual]))}
        />
      )}
    </div>
  );
}
