import { prisma } from "@/lib/db/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { RowSet } from "@/lib/domain/leakage/types";
import { addressOfFit } from "@/lib/registry/models/where-kept";
import { digestOf } from "@/lib/registry/record-event";
import { STAGES } from "./registry-fixture-definitions";
import type { Maker } from "./registry-fixture-makers";
import { BY, type IdOf, json } from "./registry-fixture-rows";
import type { FixtureRun } from "./registry-fixture-runs";

/** What every estimator of the run learned. Stage → id of its fit. */
export async function fillFits(
  id: IdOf,
  { id: runId, workspaceId, number, made, stages }: FixtureRun,
): Promise<Map<string, string>> {
  const fits = new Map<string, string>();
  for (const name of stages) {
    const stage = STAGES.find((candidate) => candidate.name === name) as StageDefinition;
    if (!stage.estimator) continue;
    const fitId = id(`fit/${number}/${name}`);
    fits.set(name, fitId);
    const rowSet = fitRowsOf(stage);
    const signature = (made.get(stage.outputs[0]?.column as string) as Maker).signature;
    await prisma().fit.create({
      data: {
        id: fitId,
        workspaceId,
        stageVersionId: id(`stage-version/${name}`),
        runId,
        fingerprint: digestOf([signature, rowSet, number]),
        signature,
        class: stage.class as string,
        rowSet: json(rowSet),
        rows: stage.fit ? 3_000_000n : 1_983_901n,
        seconds: 4.2,
        engine: "local",
        format: "tributary-sql",
        uri: addressOfFit(fitId),
        model: json({ operator: stage.estimator, learned: {}, expressions: {}, summary: { iterations: 12 } }),
        createdBy: BY,
      },
    });
  }
  return fits;
}

export const fitRowsOf = (stage: StageDefinition): RowSet =>
  stage.fit && "rows" in stage.fit
    ? [{ dataset: "flights", version: "1" }]
    : [{ dataset: "flights", version: "1", split: { policy: "by_month", parts: ["train"] } }];
