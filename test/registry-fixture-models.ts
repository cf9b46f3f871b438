import { prisma } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { explainVerdict } from "@/lib/domain/leakage/explain-verdict";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import type { EstimatorFit, LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import { undeclaredModel } from "@/lib/registry/catalogue/model-row";
import { addressOfFit } from "@/lib/registry/models/where-kept";
import { SPLITS } from "./registry-fixture-definitions";
import { fitRowsOf } from "./registry-fixture-fits";
import type { Maker } from "./registry-fixture-makers";
import { BY, type IdOf, json } from "./registry-fixture-rows";
import type { FixtureRun } from "./registry-fixture-runs";
import type { VersionIdIn } from "./registry-fixture-versions";

/** The model that the run trained, its first version and what that reads judged. Returns `model@version` and the id. */
export async function fillModel(
  id: IdOf,
  { id: runId, workspaceId, pipeline, made, variantId, metrics }: FixtureRun,
  fits: ReadonlyMap<string, string>,
  idIn: VersionIdIn,
): Promise<[string, string]> {
  const db = prisma();
  const input = leakageInputOf(pipeline, made);
  const modelName = pipeline.evaluate?.model as string;
  const modelVersionId = id(`model/${modelName}/1`);
  const last = (made.get("flight.late_probability") as Maker).stage as StageDefinition;
  await db.model.create({
    data: {
      id: id(`model/${modelName}`),
      workspaceId,
      name: modelName,
      ...undeclaredModel(modelName),
      createdBy: BY,
      updatedBy: BY,
      versions: {
        create: {
          id: modelVersionId,
          version: 1,
          fitId: fits.get(last.name) as string,
          engine: "local",
          format: "tributary-sql",
          uri: addressOfFit(fits.get(last.name) as string),
          runId,
          variantId,
          leakageInput: json(input),
          metrics,
          createdBy: BY,
        },
      },
    },
  });
  await db.leakageVerdict.createMany({
    data: MODEL_READS.map((column) => {
      const one = { ...input, consumer: { ...input.consumer, features: [column] } };
      const verdict = judgeLeakage(one);
      return {
        modelVersionId,
        featureVersionId: idIn(made, column),
        verdict: verdict.verdict,
        severity: verdict.severity,
        reasons: verdict.reasons,
        warnings: verdict.warnings,
        perEstimator: json(verdict.perEstimator),
        explanation: explainVerdict(one, verdict),
        rules: RULES_VERSION,
      };
    }),
  });
  return [`${modelName}@1`, modelVersionId];
}

/** What the models read, as people name it: documented columns, not the assembled vector. */
export const MODEL_READS = [
  "airport.segment",
  "flight.hour",
  "flight.is_weekend",
  "flight.distance",
  "flight.origin_delay_mean_7d",
  "flight.origin_late_share_7d",
];

function leakageInputOf(pipeline: PipelineDefinition, made: Map<string, Maker>): LeakageInput {
  const stages = [...new Set([...made.values()].flatMap((maker) => (maker.stage ? [maker.stage] : [])))];
  const split = SPLITS[0] as (typeof SPLITS)[number];
  const part = (parts: string[]): RowSet => [
    { dataset: "flights", version: "1", split: { policy: "by_month", parts } },
  ];
  const estimators: EstimatorFit[] = stages
    .filter((stage) => stage.estimator && !stage.fitInputs)
    .map((stage) => ({
      id: stage.name,
      class: stage.class as EstimatorFit["class"],
      inputs: stage.inputs,
      fitInputs: stage.fitInputs ?? [],
      outputs: stage.outputs.map((output) => output.column),
      fit: fitRowsOf(stage),
    }));
  return {
    datasets: {
      flights: {
        columns: ["id", "date", "delay", "distance", "origin"],
        rowKey: ["id"],
        timeColumn: "date",
        appendOnly: true,
        versions: { "1": { time: ["2001-01-01T00:00:00Z", "2001-07-01T00:00:00Z"] } },
      },
    },
    policies: {
      by_month:
        split.type === "time" ? { type: "time", column: split.column, parts: split.parts } : (undefined as never),
    },
    estimators,
    transformers: stages
      .filter((stage) => !stage.estimator && stage.name !== "flight_label")
      // The label's own column is an input of nothing that a model reads as a feature.
      .map((stage) => ({
        id: stage.name,
        inputs: stage.inputs,
        outputs: stage.outputs.map((output) => output.column),
      })),
    consumer: {
      name: pipeline.evaluate?.model,
      features: MODEL_READS,
      label: "flight.is_late",
      unit: ["id", "date"],
      temporal: false,
      train: part(["train"]),
      test: part(["test"]),
    },
    measurements: [],
  };
}
