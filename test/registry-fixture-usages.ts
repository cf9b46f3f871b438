import { prisma } from "@/lib/db/client";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { STAGES } from "./registry-fixture-definitions";
import { fitRowsOf } from "./registry-fixture-fits";
import { MODEL_READS } from "./registry-fixture-models";
import { json } from "./registry-fixture-rows";
import type { FixtureRun } from "./registry-fixture-runs";
import type { VersionIdIn } from "./registry-fixture-versions";

/** What the model and the segments' estimator read in the run. */
export async function fillUsages(
  { id: runId, workspaceId, pipeline, made, finishedAt: at }: FixtureRun,
  idIn: VersionIdIn,
  actor: string,
) {
  const model = pipeline.evaluate?.model as string;
  const roles = [
    { role: "train", mode: "fitted", rows: 1_983_901n },
    { role: "validation", mode: "applied", rows: 497_131n },
    { role: "test", mode: "applied", rows: 502_228n },
  ];
  const segments = STAGES.find((stage) => stage.name === pipeline.pins?.["airport.segment"]) as StageDefinition;
  await prisma().usage.createMany({
    data: [
      ...MODEL_READS.flatMap((column) =>
        roles.map(({ role, mode, rows }) => ({
          workspaceId,
          featureVersionId: idIn(made, column),
          runId,
          consumer: model,
          role,
          mode,
          rowSet: [{ dataset: "flights", version: "1", split: { policy: "by_month", parts: [role] } }],
          rows,
          at,
          actor,
        })),
      ),
      ...segments.inputs.map((column) => ({
        workspaceId,
        featureVersionId: idIn(made, column),
        runId,
        consumer: segments.name,
        role: "train",
        mode: "fitted",
        rowSet: json(fitRowsOf(segments)),
        rows: 55_000n,
        at,
        actor,
      })),
    ],
  });
}
