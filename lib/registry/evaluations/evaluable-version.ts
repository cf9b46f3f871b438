import type { NewVersionEvaluation } from "@/lib/contracts/evaluations";
import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { partNames } from "@/lib/domain/definitions/split-rule";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import type { EvaluationRequest } from "@/lib/domain/outcomes/evaluation-request";
import { predictionIn } from "@/lib/domain/plans/evaluation-target";
import type { RunContext } from "../execution/run-context";
import { assertSliceable } from "../plans/assert-sliceable";
import { loadRecordedRun } from "../reproductions/recorded-run";
import { fittedElsewhere } from "../models/where-kept";

interface EvaluableRow {
  version: number;
  engine: string;
  uri: string;
  fits: unknown;
  run: Run | null;
  model: { name: string };
}

/** The run that made a version, as it was. Throws `conflict` for a version that cannot score here. */
export async function contextOfVersion(row: EvaluableRow): Promise<RunContext> {
  const { version, fits, run, model } = row;
  if (!run) throw new DomainError("conflict", `${fittedElsewhere(model.name, row)}`);
  if (fits === null)
    throw new DomainError(
      "conflict",
      `Version ${version} of model ${model.name} was made before its fits were kept, so nothing can be scored with it. Run its pipeline again.`,
    );
  const { context } = await loadRecordedRun(run);
  if (!context.pipeline.evaluate)
    throw new DomainError(
      "conflict",
      `Version ${version} of model ${model.name} is of a pipeline that names no label, so there is nothing to judge it by.`,
    );
  return context;
}

/** What is asked for, with every name looked up. Throws `invalid`, naming all that is wrong. */
export async function resolveRequest(context: RunContext, body: NewVersionEvaluation): Promise<EvaluationRequest> {
  const { catalogue, pipeline, stages, run } = context;
  assertSliceable(
    pipeline,
    { slices: body.slices, prediction: predictionIn(context).prediction, path: ["slices"] },
    { sources: catalogue.sources, stages: [...stages.values()].map(({ definition }) => definition) },
  );
  const issues: Issue[] = [];
  const versions = await resolveVersions(run, body.versions, issues);
  if (body.split && body.split !== "all") {
    const { policy: name, parts } = body.split;
    const policy = catalogue.splits.find((one) => one.name === name);
    const names = catalogue.splits.map((one) => one.name);
    if (!policy) issues.push(unknown(["split", "policy"], `there is no split policy \`${name}\`.`, name, names));
    else
      for (const [at, part] of parts.entries())
        if (!partNames(policy).includes(part))
          issues.push(unknown(["split", "parts", at], `split policy \`${name}\` has no part \`${part}\`.`, part, partNames(policy))); // prettier-ignore
  }
  if (body.window) {
    const { from, to } = body.window;
    const [entity] = splitColumn(pipeline.evaluate?.label ?? "");
    if (Date.parse(from) >= Date.parse(to))
      issues.push({ path: ["window"], message: "the window ends before it begins.", expected: "from before to", found: `${from} to ${to}` }); // prettier-ignore
    if (catalogue.entities.find((one) => one.name === entity)?.eventTime === undefined)
      issues.push({ path: ["window"], message: `rows of ${entity} have no event time, so that no window selects any.`, expected: "no window", found: `${from} to ${to}` }); // prettier-ignore
  }
  if (issues.length > 0)
    throw new DomainError("invalid", `It cannot be judged so: ${issues.map(({ message }) => message).join(" ")}`, {
      issues,
    });
  const instant = (text: string) => new Date(text).toISOString();
  return {
    slices: [...new Set(body.slices)],
    versions,
    split: body.split ?? null,
    window: body.window ? [instant(body.window.from), instant(body.window.to)] : null,
  };
}

async function resolveVersions(
  run: Run,
  asked: NewVersionEvaluation["versions"],
  issues: Issue[],
): Promise<Record<string, number>> {
  const inputs = await prisma().runInput.findMany({
    where: { runId: run.id },
    select: { datasetVersion: { select: { dataset: true } } },
  });
  const read = [...new Set(inputs.map(({ datasetVersion }) => datasetVersion.dataset))];
  const versions: Record<string, number> = {};
  const wanted: Record<string, number | "newest"> =
    asked === "newest" ? Object.fromEntries(read.map((source) => [source, "newest"])) : asked;
  for (const [source, version] of Object.entries(wanted)) {
    const path = ["versions", source];
    if (!read.includes(source)) {
      issues.push(unknown(path, `the version's run read no source \`${source}\`.`, source, read));
      continue;
    }
    const newest = await prisma().datasetVersion.findFirst({
      where: { workspaceId: run.workspaceId, dataset: source, ...(version !== "newest" && { version }) },
      orderBy: { version: "desc" },
      select: { version: true },
    });
    if (newest) versions[source] = newest.version;
    else issues.push({ path, message: `there is no version ${version} of \`${source}\`.`, expected: "a version on record", found: String(version) }); // prettier-ignore
  }
  return versions;
}

function unknown(path: (string | number)[], message: string, found: string, known: string[]): Issue {
  const near = nearest(found, known);
  return { path, message: `${message}${near ? ` Did you mean \`${near}\`?` : ""}`, expected: `one of ${known.join(", ")}`, found }; // prettier-ignore
}
