import { LONG_PARAMS_FILE, RUN_TAG, toTrackedRun, trackedName, VERSION_TAG } from "@/lib/domain/mlflow/tracked-run";
import { pythonFunction } from "@/lib/engines/local/python-function/python-function";
import { type MlflowClient, type MlflowRun, proxiedPath } from "@/lib/mlflow/mlflow-client";
import { MlflowError } from "@/lib/mlflow/mlflow-error";
import { loadRunToTrack, recordTrackedRun, recordTrackedVersion, type RunToTrack, type TrackedVersion } from "@/lib/registry/runs/mlflow"; // prettier-ignore

/** The folder of a model below its run's files. */
const FOLDER = "model";

/**
 * Tells MLflow of a run and of the model version that it made, as far as it does not know them. Whatever was there before somebody died
 * is found by its tag, so that nothing is there twice.
 */
export async function trackRun(client: MlflowClient, runId: string): Promise<void> {
  const known = await loadRunToTrack(runId);
  if (!known) return;
  const { version } = known;
  if (known.externalId !== null && (version === null || version.externalId !== null)) return;
  const run = await sendRun(client, known);
  if (version && version.externalId === null) await sendVersion(client, known, version, run);
}

async function sendRun(client: MlflowClient, { facts, externalId }: RunToTrack): Promise<MlflowRun> {
  const tracked = toTrackedRun(facts);
  const experimentId = await client.ensureExperiment(tracked.experiment, [
    { key: "tributary.workspace", value: facts.workspace },
    { key: "tributary.pipeline", value: facts.pipeline },
  ]);
  const tag = { key: RUN_TAG, value: facts.id };
  const found = await client.findRun(experimentId, tag);
  const { name, startTime, endTime, params, metrics, tags, datasets, longParams } = tracked;
  const run = found ?? (await client.createRun({ experimentId, name, startTime, tags: [tag] }));
  if (found && externalId !== null) return run;
  await client.logBatch(run.runId, { params, metrics, tags });
  await client.logInputs(run.runId, datasets);
  if (Object.keys(longParams).length > 0 && proxiedPath(run) !== null)
    await client.putFile(run, LONG_PARAMS_FILE, JSON.stringify(longParams, null, 2));
  await client.finishRun(run.runId, endTime);
  await recordTrackedRun(facts.id, `${run.experimentId}/${run.runId}`);
  return run;
}

async function sendVersion(
  client: MlflowClient,
  { facts }: RunToTrack,
  version: TrackedVersion,
  run: MlflowRun,
): Promise<void> {
  const name = trackedName(facts.workspace, version.model);
  const tag = { key: VERSION_TAG, value: String(version.version) };
  await client.ensureRegisteredModel(
    name,
    `${version.model} of workspace ${facts.workspace} in [Tributary](${version.url}).`,
    [
      { key: "tributary.workspace", value: facts.workspace },
      { key: "tributary.model", value: version.model },
      { key: "tributary.url", value: version.url },
    ],
  );
  const found = await client.findModelVersion(name, run.runId, tag);
  const number = found ?? (await createVersion());
  await recordTrackedVersion(version.id, `${name}/${number}`);

  async function createVersion(): Promise<string> {
    const missing = await sendArtifact(client, version, run);
    return client.createModelVersion({
      name,
      source: `${run.artifactUri}/${FOLDER}`,
      runId: run.runId,
      description:
        `Version ${version.version} of ${version.model}, by [run ${facts.number}](${facts.url}). ${facts.model?.sentence ?? ""}`.trim(),
      tags: [
        tag,
        { key: "tributary.url", value: version.url },
        { key: "tributary.run", value: `${facts.workspace}/${facts.number}` },
        { key: "tributary.leakage_verdict", value: facts.model?.verdict ?? "unknown" },
        { key: "tributary.artifact", value: missing === null ? "python_function" : `none: ${missing}` },
      ],
    });
  }
}

/** Writes the model's files. @returns why there are none; null when there are */
async function sendArtifact(
  client: MlflowClient,
  { id, fitted, createdAt }: TrackedVersion,
  run: MlflowRun,
): Promise<string | null> {
  if (typeof fitted === "string") return fitted;
  if (proxiedPath(run) === null)
    return `The files of MLflow's runs are at ${run.artifactUri}, which is not behind its server (--serve-artifacts).`;
  const files = pythonFunction(fitted, { runId: run.runId, modelId: id.replaceAll("-", ""), createdAt });
  if (typeof files === "string") return files;
  try {
    for (const { path, text } of files) await client.putFile(run, `${FOLDER}/${path}`, text);
  } catch (error) {
    // Such as a file that is too large for a proxy: the version is told of without it.
    if (error instanceof MlflowError && error.details.isFinal) return error.message;
    throw error;
  }
  return null;
}
