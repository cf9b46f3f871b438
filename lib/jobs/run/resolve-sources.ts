import { DomainError } from "@/lib/domain/errors";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { Engine } from "@/lib/engines/engine";
import { filesToRead } from "@/lib/registry/datasets/kept-files";
import { readVersion, recordSourceVersion } from "@/lib/registry/datasets/versions";
import { findRecordedInputs } from "@/lib/registry/reproductions/recorded-inputs";
import { queueSourceProfiles } from "@/lib/registry/deployments/source-versions";
import { guardVersion } from "../check-rules";
import { guardDrift } from "../profile-source";
import { describeSource } from "../describe-source";
import type { ProgressWriter } from "./progress-writer";
import type { RunContext } from "@/lib/registry/execution/run-context";
import type { ResolvedSource } from "@/lib/registry/execution/run-plan";

/** Describes every source that the run reads and resolves it to a dataset version; where one was asked for, to that. */
export async function resolveSources(
  context: RunContext,
  sources: readonly SourceDefinition[],
  engine: Engine,
  progress: ProgressWriter,
): Promise<Map<string, ResolvedSource>> {
  const resolved = new Map<string, ResolvedSource>();
  for (const source of sources) {
    progress.progress({ done: 0, total: 1, instance: null, message: `Reading ${source.name}.` });
    const { workspaceId, id: runId, createdBy: by } = context.run;
    const asOf = context.params.versionAsOf?.[source.name];
    if (asOf !== undefined) {
      resolved.set(source.name, await readRecorded(context, source.name, asOf));
      progress.log("info", `${source.name}@${asOf}, as it was asked for.`);
      continue;
    }
    const described = await describeSource(engine, workspaceId, source, progress.signal);
    const row = await recordSourceVersion(workspaceId, source.name, described, { by, runId });
    await queueSourceProfiles(context.scope, source.name, row.id);
    await guardVersion(context.scope, source, row, described, engine);
    await guardDrift(context.scope, source, row, { ...described, files: filesToRead(described.files) }, engine, progress.signal); // prettier-ignore
    resolved.set(source.name, {
      datasetVersionId: row.id,
      version: row.version,
      time: described.time,
      // What is kept does not change while it is read.
      snapshot: { ...described, files: filesToRead(described.files), version: row.version },
    });
    if (row.notKept !== null) progress.log("info", `${source.name}@${row.version} is not kept: ${row.notKept}`);
    for (const warning of described.warnings) progress.log("warn", `${source.name}@${row.version}: ${warning}`);
    progress.log("info", `${source.name}@${row.version}: ${described.rows.toLocaleString("en")} rows.`);
    progress.signal.throwIfAborted();
  }
  return resolved;
}

/** A version of before, which becomes an input of the run. Throws `not_found` or `conflict`, naming it, when its bytes are not there. */
async function readRecorded({ run }: RunContext, name: string, number: number): Promise<ResolvedSource> {
  const row = await readVersion(run, name, number);
  const { isWhole, available, identical, sources } = await findRecordedInputs([row]);
  const read = sources.get(name);
  if (isWhole && read) return read;
  const isGone = available.state === "gone";
  const [finding] = (isGone ? available : identical).findings;
  throw new DomainError(isGone ? "not_found" : "conflict", `${finding?.text ?? ""} Take another version, or what the source holds now.`); // prettier-ignore
}
