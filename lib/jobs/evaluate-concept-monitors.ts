import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { log } from "@/lib/config/log";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { CONCEPT_METRICS, type ConceptMonitorDefinition } from "@/lib/domain/definitions/concept-monitor";
import {
  type ConceptVerdict,
  endOfWindow,
  type EvaluationPeriod,
  type JoinedFigures,
  judgeConcept,
} from "@/lib/domain/monitors/concept-verdicts";
import type { OutcomeFigures, ValueFiles } from "@/lib/domain/outcomes/outcomes";
import type { Engine } from "@/lib/engines/engine";
import { findConceptMonitor, isFitted } from "@/lib/registry/monitors/concept-evaluations";
import { findConceptData } from "@/lib/registry/monitors/concept-predictions";
import { recordMonitorFailure } from "@/lib/registry/monitors/row";
import { type ConceptEvaluation, recordConceptEvaluation } from "@/lib/registry/monitors/run-concept-monitor";
import { writeLogged } from "./write-logged";

/**
 * Joins a model's predictions with what came of them and judges every window. An evaluation that fails says so on the monitor's page;
 * it rejects only when the registry cannot be reached.
 */
export async function evaluateConceptMonitor(
  { monitorId }: { monitorId: string },
  engine: Engine,
): Promise<ConceptEvaluation | null> {
  const monitor = await findConceptMonitor(monitorId);
  if (!monitor) return null;
  try {
    return await recordConceptEvaluation(monitor, await judge(monitor.workspaceId, monitor.definition, engine));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log().error({ err: error, monitor: monitor.name }, "a concept monitor could not be evaluated");
    await recordMonitorFailure(monitorId, reason);
    return null;
  }
}

async function judge(
  workspaceId: string,
  monitor: ConceptMonitorDefinition,
  engine: Engine,
): Promise<ConceptVerdict[]> {
  const { model, metric, reference, window, environment = "production" } = monitor;
  // A monitor may be declared before its model is fitted for the first time.
  if (!(await isFitted(workspaceId, model))) return [];
  const { subject, predictions, label, evaluation } = await findConceptData(workspaceId, monitor);
  const { entity } = subject;
  const { task } = METRIC_FACTS[CONCEPT_METRICS[metric]];
  const figures = (found: OutcomeFigures): JoinedFigures => toJoined(monitor, found);
  // Logged rows take the same way as files: the engine reads them from files that live as long as the evaluation.
  const folder = await mkdtemp(path.join(tmpdir(), "tributary-logged-"));
  try {
    const logged = { workspaceId, model, entity, folder };
    // A service that logs predictions is in production.
    const served: ValueFiles[] = environment === "production" ? await writeLogged(logged, "predictions") : [];
    const labels: ValueFiles[] = [
      ...(label ? [{ files: label.files, column: label.column, ...(label.source && { source: label.source }) }] : []),
      ...(await writeLogged(logged, "outcomes")),
    ];
    const all = [...predictions, ...served];
    const request = { entity, task, labels };
    const windows = await engine.measureOutcomes({ ...request, predictions: all, parts: null, range: null, window });
    let period: EvaluationPeriod | null = null;
    if (reference) {
      const range = reference.window;
      const [found] = await engine.measureOutcomes({ ...request, predictions: all, parts: null, range, window: null });
      const words = `${range[0].slice(0, 10)} to ${range[1].slice(0, 10)}`;
      period = found ? { ...figures(found), words } : null;
    } else if (evaluation) {
      const { words, parts } = evaluation;
      const own = [evaluation.predictions];
      const [found] = await engine.measureOutcomes({ ...request, predictions: own, parts, range: null, window: null });
      period = found ? { ...figures(found), words } : null;
    }
    return judgeConcept(
      monitor,
      { feature: subject.prediction, versionId: subject.versionId },
      period,
      windows.flatMap(({ from, ...found }) =>
        from === null || overlaps(from, endOfWindow(from, window), reference)
          ? []
          : [{ from, to: endOfWindow(from, window), ...figures(found) }],
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Windows that share rows with the evaluation period are not judged by it. */
function overlaps(from: string, to: string, reference: ConceptMonitorDefinition["reference"]): boolean {
  if (!reference) return false;
  const [first, end] = reference.window.map(Date.parse) as [number, number];
  return Date.parse(from) < end && Date.parse(to) > first;
}

function toJoined({ metric }: ConceptMonitorDefinition, found: OutcomeFigures): JoinedFigures {
  const { n, missingPredictions, missingLabels, positives, auc } = found;
  const name = CONCEPT_METRICS[metric];
  const mean = name === "auc" ? undefined : found.metrics[name];
  const figure = name === "auc" ? auc : mean && { value: mean.mean, variance: mean.variance };
  return { n, missingPredictions, missingLabels, positives, figure: figure ?? null };
}
