import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { ownScratch } from "@/lib/config/scratch-folder";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { type Finding, toLevel } from "@/lib/domain/reproductions/report";
import type { Engine } from "@/lib/engines/engine";
import { findRecordedInputs } from "@/lib/registry/reproductions/recorded-inputs";
import { recordedTraining } from "@/lib/registry/reproductions/recorded-training";
import { toRowsRequest } from "@/lib/registry/training-datasets/rows-request";
import { failsNow, isAnswer, type Redone } from "./redone";

/** Makes the rows of a training dataset again in a folder that disappears with it, and compares their digest with the recorded one. */
export async function reproduceTraining(
  trainingDatasetId: string,
  id: string,
  engine: Engine,
  control: RunControl,
): Promise<Redone> {
  const recorded = await recordedTraining(trainingDatasetId, engine);
  const inputs = await findRecordedInputs(recorded.versions, recorded.lost);
  const levels = [inputs.available, inputs.identical, recorded.definitions, recorded.environment];
  if (!inputs.isWhole) return { levels, largestDifference: 0 };
  const folder = path.join(ownScratch(environment().TRIBUTARY_DATA), `reproduction-${id}`);
  try {
    control.progress({ done: 0, total: 1, instance: null, message: "Joining the rows of its spine." });
    await mkdir(folder, { recursive: true });
    const request = await toRowsRequest(recorded.workspaceId, recorded.recipe, { checkFiles: false });
    const found = await engine.freezeTraining(request, path.join(folder, "rows.parquet"), control.signal);
    return { levels: [...levels, toLevel("outputs", [compareRows(recorded, found)])], largestDifference: 0 };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return { levels: [...levels, failsNow(error)], largestDifference: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compareRows(
  { name, rows, contentDigest }: { name: string; rows: number; contentDigest: string },
  found: { rows: number; digest: string },
): Finding {
  const digests = { expected: contentDigest, found: found.digest };
  if (found.digest === contentDigest)
    return { subject: name, state: "identical", text: `The ${rows.toLocaleString("en")} rows of ${name} are the same, in the same order.`, ...digests }; // prettier-ignore
  const many = found.rows === rows ? "" : ` There are ${found.rows.toLocaleString("en")}, and were ${rows.toLocaleString("en")}.`; // prettier-ignore
  return { subject: name, state: "differs", text: `The rows of ${name} are others: their digest is ${found.digest.slice(0, 12)}, and was ${contentDigest.slice(0, 12)}.${many}`, ...digests }; // prettier-ignore
}
