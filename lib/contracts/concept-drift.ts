import { z } from "zod";
import { CONCEPT_ENVIRONMENTS, CONCEPT_METRIC_NAMES, CONCEPT_WINDOWS } from "@/lib/domain/definitions/concept-monitor";
import { DriftState } from "./drift-comparison";
import { ColumnName, deprecatedAlias, Instant, operation, WorkspaceBody, WorkspaceQuery } from "./operation";

const band = {
  value: z.number().describe("The metric."),
  lower: z.number().nullable().describe("Lower end of its interval at 95 %; null when the rows tell none."),
  upper: z.number().nullable().describe("Upper end."),
};

const ConceptPoint = z
  .object({
    from: Instant.describe("Begin of the window."),
    to: Instant.describe("End of the window."),
    state: DriftState,
    value: band.value.nullable(),
    lower: band.lower,
    upper: band.upper,
    p: z.number().nullable().describe("Probability that chance alone makes it so much worse; null when unknown."),
    severity: z.number().nullable().describe("Warn threshold ÷ p."),
    n: z.number().int().describe("Rows with a prediction and an outcome."),
    missingLabels: z.number().int().describe("Predictions whose outcome has not arrived."),
    missingPredictions: z.number().int().describe("Outcomes without a prediction."),
    positives: z.number().int().nullable().describe("Rows whose outcome is a yes; null for numbers."),
    explanation: z.string().describe("The verdict in a sentence."),
  })
  .meta({ id: "ConceptPoint", description: "A model's metric in one window." });
export type ConceptPoint = z.infer<typeof ConceptPoint>;

export const ConceptSeries = z
  .object({
    monitor: z.string().describe("Name of the monitor."),
    description: z.string().describe("What it is for."),
    owner: z.string().describe("Who owns it."),
    model: z.string().describe("The model."),
    environment: z.enum(CONCEPT_ENVIRONMENTS).describe("The alias whose predictions are judged."),
    deployments: z.array(z.string()).describe("Deployments that predict with the model."),
    prediction: ColumnName.nullable().describe("The predicted column; null before the first check."),
    metric: z.enum(CONCEPT_METRIC_NAMES).describe("The metric."),
    metricName: z.string().describe("The metric in words."),
    lowerIsBetter: z.boolean().describe("Whether less is better."),
    window: z.enum(CONCEPT_WINDOWS).describe("Length of a window."),
    warn: z.number().describe("p from which it warns."),
    critical: z.number().describe("p from which it is critical."),
    minEffect: z.number().describe("What is worse by less than this alarms nobody."),
    schedule: z.string().nullable().describe("Cron in UTC; null checks after predict runs and logged outcomes."),
    fit: z.string().nullable().describe("The deployment whose fit job an alert starts."),
    evaluation: z
      .object({
        ...band,
        n: z.number().int().describe("Rows."),
        words: z.string().describe("What the evaluation period is."),
      })
      .nullable()
      .describe("The evaluation period; null when there is none."),
    arrived: z
      .number()
      .nullable()
      .describe("Share of predictions whose outcome has arrived; null without predictions."),
    predictions: z.number().int().describe("Predictions in all windows."),
    points: z.array(ConceptPoint).describe("The windows in order of time."),
    alerts: z.array(z.number().int()).describe("Numbers of its alerts that are not resolved."),
    lastRunAt: Instant.nullable().describe("When it was checked last."),
    lastError: z.string().nullable().describe("Why the last check failed; null when it did not."),
  })
  .meta({ id: "ConceptSeries", description: "A model's metric over time against its evaluation period." });
export type ConceptSeries = z.infer<typeof ConceptSeries>;

export const getConceptDrift = operation({
  id: "getConceptDrift",
  method: "GET",
  path: "/api/v1/concept-drift",
  summary: "Concept drift: what the monitors with `drift: concept` found, window by window.",
  tag: "drift",
  query: WorkspaceQuery.extend({ model: z.string().optional().describe("Only monitors of this model.") }),
  response: z
    .object({
      series: z.array(ConceptSeries).describe("One for each monitor, by model and name."),
      models: z.array(z.string()).describe("Models that could be watched."),
    })
    .meta({ id: "ConceptDrift", description: "Concept drift of a workspace." }),
});
export type ConceptDrift = z.infer<(typeof getConceptDrift)["response"]>;

export const evaluateConceptMonitor = operation({
  id: "evaluateConceptMonitor",
  method: "POST",
  path: "/api/v1/concept-drift/{monitor}/evaluations",
  summary: "Asks a concept monitor to join predictions and outcomes now; a worker does it.",
  tag: "drift",
  status: 202,
  params: z.object({ monitor: z.string().describe("Name of the monitor.") }),
  body: WorkspaceBody,
  response: z
    .object({ monitor: z.string().describe("Name of the monitor that will be checked.") })
    .meta({ id: "ConceptEvaluation", description: "A check that was asked for." }),
});

export const lookAtOutcomes = deprecatedAlias(
  evaluateConceptMonitor,
  "lookAtOutcomes",
  "/api/v1/concept-drift/{monitor}/looks",
);
