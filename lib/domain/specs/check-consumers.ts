import { splitColumn } from "../definitions/column-type";
import type { FeatureDefinition } from "../definitions/feature";
import type { FeatureServiceDefinition } from "../definitions/feature-service";
import type { FeatureViewDefinition } from "../definitions/feature-view";
import type { MonitorDefinition } from "../definitions/monitor";
import type { PipelineDefinition } from "../definitions/pipeline";
import { type StageDefinition, stageKind } from "../definitions/stage";
import { foldProblems, metricProblem } from "../plans/cross-validation";
import { evaluationTask, explainNoTask } from "../plans/evaluation-task";
import { choosePrediction, explainNoPrediction, fitOfPrediction } from "../plans/evaluation-target";
import { explainFitOnTestRows } from "../plans/fit-on-test-rows";
import { searchProblems } from "../plans/parameter-search";
import { columnsOnTheWay, sliceProblems } from "../plans/slice-problems";
import { featureRuleFindings } from "./check-rules";
import { type Finding, missingColumn, missingParts, missingReference, type SpecIndex } from "./spec-index";

export function featureFindings(feature: FeatureDefinition, index: SpecIndex): Finding[] {
  const [entity] = splitColumn(feature.name);
  const type = index.typeOf(feature.name);
  const writer = index.writers(feature.name)[0]?.placed.definition;
  return [
    ...missingReference(index, "Entity", entity, ["name"]),
    ...missingColumn(index, feature.name, ["name"]),
    ...(type === undefined || type === feature.type
      ? []
      : [
          {
            path: ["type"],
            message: `${writer?.kind.toLowerCase()} ${writer?.name} writes it as ${type}, not ${feature.type}.`,
            expected: type,
            found: feature.type,
          },
        ]),
    ...featureRuleFindings(feature, index),
  ];
}

export function viewFindings(view: FeatureViewDefinition, index: SpecIndex): Finding[] {
  return [
    ...missingReference(index, "Entity", view.entity, ["entity"]),
    ...view.features.flatMap((column, position): Finding[] =>
      splitColumn(column)[0] === view.entity
        ? missingColumn(index, column, ["features", position])
        : [
            {
              path: ["features", position],
              message: `\`${column}\` is not a feature of ${view.entity}. A view holds features of one entity.`,
              expected: `${view.entity}.${splitColumn(column)[1]}`,
              found: column,
            },
          ],
    ),
  ];
}

export function serviceFindings(service: FeatureServiceDefinition, index: SpecIndex): Finding[] {
  return service.features.flatMap((reference, position): Finding[] => {
    const [name = "", column = ""] = reference.split(":");
    const view = index.get("FeatureView", name);
    if (!view) return missingReference(index, "FeatureView", name, ["features", position]);
    if (view.features.includes(`${view.entity}.${column}`)) return [];
    return [
      {
        path: ["features", position],
        message: `feature view \`${name}\` has no feature \`${column}\`.`,
        expected: `one of ${view.features.map((feature) => `${name}:${splitColumn(feature)[1]}`).join(", ")}`,
        found: reference,
      },
    ];
  });
}

export function monitorFindings(monitor: MonitorDefinition, index: SpecIndex): Finding[] {
  return [
    ...(monitor.view === undefined ? [] : missingReference(index, "FeatureView", monitor.view, ["view"])),
    ...(monitor.source === undefined ? [] : missingReference(index, "Source", monitor.source, ["source"])),
    ...monitoredColumnFindings(monitor, index),
  ];
}

function monitoredColumnFindings({ source: name, columns = [] }: MonitorDefinition, index: SpecIndex): Finding[] {
  const source = name === undefined ? undefined : index.get("Source", name);
  if (!source) return [];
  const names = source.columns.map((column) => column.name);
  return columns.flatMap((column, position): Finding[] =>
    names.includes(column)
      ? []
      : [
          {
            path: ["columns", position],
            message: `source \`${source.name}\` has no column \`${column}\`.`,
            expected: `one of ${names.join(", ")}`,
            found: column,
          },
        ],
  );
}

/** Columns of an online view that would be NOT_FOUND for every key, because nothing writes them. */
export function viewWarnings(view: FeatureViewDefinition, index: SpecIndex): Finding[] {
  if (!view.online) return [];
  const warn = (column: string, message: string, expected: string): Finding => ({
    path: ["features", view.features.indexOf(column)],
    message,
    expected,
    found: column,
  });
  const written = index.writtenColumns();
  return view.features.flatMap((column) => {
    const stages = index.writers(column).filter(({ placed }) => placed.definition.kind === "Stage");
    const isRaw = index.writers(column).some(({ placed }) => placed.definition.kind === "Source");
    if (isRaw || stages.length === 0 || view.schedule !== undefined || written.has(column)) return [];
    return [
      warn(
        column,
        `nothing will write \`${column}\`: no pipeline has it as an output, and the view has no schedule.`,
        "a pipeline with this output, or a schedule",
      ),
    ];
  });
}

export function pipelineFindings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const { fit, evaluate } = pipeline;
  return [
    ...pipeline.outputs.flatMap((column, position) => missingColumn(index, column, ["outputs", position])),
    ...Object.entries(pipeline.pins ?? {}).flatMap(([column, stage]) => pinFindings(column, stage, index)),
    ...(fit && "split" in fit
      ? [
          ...missingReference(index, "SplitPolicy", fit.split, ["fit", "split"]),
          ...missingParts(index, fit.split, fit.parts, ["fit", "parts"]),
        ]
      : []),
    ...(pipeline.refit ?? []).flatMap((name, position) => refitFindings(name, position, index)),
    ...(evaluate
      ? [
          ...missingReference(index, "SplitPolicy", evaluate.split, ["evaluate", "split"]),
          ...missingParts(index, evaluate.split, evaluate.validation ?? [], ["evaluate", "validation"]),
          ...missingParts(index, evaluate.split, evaluate.test, ["evaluate", "test"]),
          ...missingColumn(index, evaluate.label, ["evaluate", "label"]),
          ...predictionFindings(pipeline, index),
          ...sliceFindings(pipeline, index),
        ]
      : []),
    ...foldProblems(pipeline, (name) => index.get("SplitPolicy", name)),
    ...metricFindings(pipeline, index),
    ...searchFindings(pipeline, index),
  ];
}

/** An output that one of its possible writers makes a prediction of the label counts, since which of them runs is not known here. */
function predictionFindings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const { evaluate, outputs } = pipeline;
  if (!evaluate || !index.complete || !outputs.every((column) => index.mayWrite(column))) return [];
  const { candidates, prediction } = choosePrediction(pipeline, (column) => possibleWriters(column, pipeline, index));
  if (prediction !== null) return taskFindings(pipeline, prediction, index);
  return [
    {
      path: evaluate.prediction === undefined ? ["evaluate"] : ["evaluate", "prediction"],
      message: explainNoPrediction(pipeline, candidates),
      expected: candidates.length > 0 ? `one of ${candidates.join(", ")}` : `an output that predicts ${evaluate.label}`,
      found: evaluate.prediction ?? outputs.join(", "),
    },
  ];
}

/** Columns that are not there for certain; while it is not known what else is declared, those that somebody may write pass. */
function sliceFindings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const { evaluate } = pipeline;
  const slices = evaluate?.slices ?? [];
  if (!evaluate || slices.length === 0) return [];
  const writersOf = (column: string) => possibleWriters(column, pipeline, index);
  const reached = columnsOnTheWay(pipeline, writersOf);
  const { prediction } = choosePrediction(pipeline, writersOf);
  const isGiven = (column: string) => index.writers(column).some(({ placed }) => placed.definition.kind === "Source");
  return sliceProblems(
    slices,
    { label: evaluate.label, prediction, path: ["evaluate", "slices"] },
    {
      typeOf: (column) => index.typeOf(column) ?? (index.mayWrite(column) ? "string" : undefined),
      isAvailable: (column) => !index.complete || isGiven(column) || reached.has(column),
      columns: () => [...index.columns()].map(([column]) => column),
    },
  );
}

/** No possible writer of the prediction makes something that the label can judge. */
function taskFindings(pipeline: PipelineDefinition, prediction: string, index: SpecIndex): Finding[] {
  const label = pipeline.evaluate?.label ?? "";
  const types = [index.typeOf(prediction), index.typeOf(label)] as const;
  const [predictionType, labelType] = types;
  if (predictionType === undefined || labelType === undefined) return [];
  const writers = possibleWriters(prediction, pipeline, index);
  if (writers.some((stage) => evaluationTask(stage, predictionType, labelType) !== null)) return [];
  return [
    {
      path: ["evaluate", "label"],
      message: explainNoTask([prediction, predictionType], [label, labelType]),
      expected: "a label of the kind that is predicted",
      found: `${label} (${labelType})`,
    },
  ];
}

/** Metrics that say nothing of what the prediction is judged as. */
function metricFindings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const label = pipeline.evaluate && index.typeOf(pipeline.evaluate.label);
  if (!index.complete || label === undefined) return [];
  const { prediction } = choosePrediction(pipeline, (column) => possibleWriters(column, pipeline, index));
  const type = prediction === null ? undefined : index.typeOf(prediction);
  if (prediction === null || type === undefined) return [];
  const tasks = possibleWriters(prediction, pipeline, index).map((stage) => evaluationTask(stage, type, label));
  return (["crossValidate", "search"] as const).flatMap(
    (member) => metricProblem(pipeline[member]?.metric ?? "", [member, "metric"], { prediction, type, tasks }) ?? [],
  );
}

/** What keeps a search from running, with whatever of its stages every variant may have. */
function searchFindings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const stages = Object.keys(pipeline.search?.params ?? {});
  const fit = fitOfPrediction(pipeline, (column) => possibleWriters(column, pipeline, index));
  return [
    ...stages.flatMap((name) => missingReference(index, "Stage", name, ["search", "params", name])),
    ...searchProblems(pipeline, (name) => index.get("Stage", name), fit),
  ];
}

/** A source overrides the stages that write its columns; a pin leaves one of them. */
function possibleWriters(column: string, { pins }: PipelineDefinition, index: SpecIndex): StageDefinition[] {
  const writers = index.writers(column).map(({ placed }) => placed.definition);
  if (writers.some(({ kind }) => kind === "Source")) return [];
  const stages = writers.filter((definition) => definition.kind === "Stage");
  const pinned = stages.filter(({ name }) => name === pins?.[column]);
  return pinned.length > 0 ? pinned : stages;
}

export function pipelineWarnings(pipeline: PipelineDefinition, index: SpecIndex): Finding[] {
  const { evaluate, fit } = pipeline;
  if (!evaluate) return [];
  const fitted = fitOfPrediction(pipeline, (column) => possibleWriters(column, pipeline, index));
  const message = explainFitOnTestRows(fitted, evaluate);
  return message === null ? [] : [{ path: fit ? ["fit"] : [], message }];
}

function pinFindings(column: string, name: string, index: SpecIndex): Finding[] {
  const stage = index.get("Stage", name);
  if (!stage) return missingReference(index, "Stage", name, ["pins", column]);
  if (stage.outputs.some((output) => output.column === column)) return [];
  const writers = index.writers(column).map((writer) => writer.placed.definition.name);
  return [
    {
      path: ["pins", column],
      message: `stage \`${name}\` does not write \`${column}\`.`,
      expected: writers.length > 0 ? `one of ${writers.join(", ")}` : "a stage that writes the column",
      found: name,
    },
  ];
}

function refitFindings(name: string, position: number, index: SpecIndex): Finding[] {
  const stage = index.get("Stage", name);
  if (!stage) return missingReference(index, "Stage", name, ["refit", position]);
  if (stageKind(stage) === "estimator") return [];
  return [
    {
      path: ["refit", position],
      message: `stage \`${name}\` is a transformer, which is not fitted.`,
      expected: "an estimator",
      found: name,
    },
  ];
}
