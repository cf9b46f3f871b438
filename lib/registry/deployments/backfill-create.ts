import type { CreateBackfill } from "@/lib/contracts/backfills";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { databaseAccess } from "../database-access";
import { prisma } from "@/lib/db/client";
import { chunkRange, countChunks, type Interval } from "@/lib/domain/chunk-range";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { predictClosure } from "@/lib/domain/plans/predict-closure";
import type { Principal } from "@/lib/domain/principal";
import { assertAlone, recordBackfillEvent } from "./backfills";
import { aliasOf, lockDeployment, missingAlias, openDeployment } from "./row";
import { lockJob } from "./jobs";
import { type LoadedVariant, loadVariant } from "../plans/load-variant";
import { assertVariantSupported, type Support } from "../plans/support";
import { paramsOf } from "../stored-json";

/** More would be a mistake in the range or in the days, and each is a run. */
const MOST_CHUNKS = 2000;
/** Empty chunks that a refusal names. */
const NAMED_CHUNKS = 5;

/** What a back-fill asks of the engine before it is made. */
export interface RangeEngine extends Support {
  countRows(source: SourceDefinition, windows: [string, string][], access?: DatabaseAccess): Promise<number[]>;
  describe(
    source: SourceDefinition,
    bounds?: undefined,
    access?: DatabaseAccess,
  ): Promise<{ time: [string, string] | null }>;
}

/**
 * Makes a back-fill with all of its chunks, or nothing. Throws `invalid` for a range that is empty, that has too many chunks,
 * or in which a source that the predictions need has no rows, naming it; `conflict` when the deployment is not active,
 * when its model has no version under the job's alias, or while another back-fill of the job has not ended.
 * @returns the back-fill's id
 */
export async function createBackfill(
  principal: Principal,
  { workspace, name, kind }: { workspace: string; name: string; kind: JobKind },
  request: CreateBackfill,
  engine: RangeEngine,
): Promise<string> {
  const { scope, deployment } = await openDeployment(principal, workspace, name, "run:start");
  if (kind === "fit")
    throw new DomainError(
      "invalid",
      "A fit learns from the rows that its pipeline names, so it has no range to fill. Back-fill predict_staging or predict_production.",
      { issues: [{ path: ["kind"], message: "expected predict_staging or predict_production", found: kind }] },
    );
  const chunks = chunksOf(request);
  assertActive(name, deployment.state);
  const params = paramsOf(deployment);
  const variant = await loadVariant(prisma(), scope.workspace.id, deployment.variantId, params);
  await assertVariantSupported(engine, variant, params.engine);
  if (deployment.model !== null) await assertAliased(scope.workspace.id, deployment.model, kind, name);
  for (const source of timedSourcesOf(variant)) await assertRows(scope.workspace.id, source, request, chunks, engine);
  return prisma().$transaction(async (tx) => {
    assertActive(name, await lockDeployment(tx, deployment.id));
    const job = await lockJob(tx, deployment.id, kind);
    await assertAlone(tx, job.id);
    const { id } = await tx.backfill.create({
      data: {
        jobId: job.id,
        rangeFrom: new Date(request.from),
        rangeTo: new Date(request.to),
        chunkDays: request.chunkDays,
        state: "running",
        createdBy: scope.actor.id,
        chunks: {
          createMany: {
            data: chunks.map(([from, to], position) => ({
              position,
              rangeFrom: new Date(from),
              rangeTo: new Date(to),
              state: "pending",
            })),
          },
        },
      },
      select: { id: true },
    });
    await recordBackfillEvent(tx, scope, name, "backfill.create", {
      after: { backfill: id, job: kind, ...request, chunks: chunks.length },
    });
    return id;
  });
}

function chunksOf({ from, to, chunkDays }: CreateBackfill): Interval[] {
  const range: Interval = [Date.parse(from), Date.parse(to)];
  if (range[0] >= range[1])
    throw new DomainError("invalid", `The range is empty: it ends at ${to}, and begins at ${from}.`, {
      issues: [{ path: ["to"], message: `expected a moment after ${from}`, found: to }],
    });
  const count = countChunks(range, chunkDays);
  if (count > MOST_CHUNKS)
    throw new DomainError(
      "invalid",
      `The range would be ${count} chunks of ${chunkDays} ${chunkDays === 1 ? "day" : "days"}, each a run of its own; at most ${MOST_CHUNKS} are made. Use more days in a chunk, or a shorter range.`,
      { issues: [{ path: ["chunkDays"], message: `expected at most ${MOST_CHUNKS} chunks`, found: String(count) }] },
    );
  return chunkRange(range, chunkDays);
}

function assertActive(name: string, state: string): void {
  if (state === "active") return;
  throw new DomainError(
    "conflict",
    state === "paused"
      ? `Deployment ${name} is paused, so a back-fill of it would not begin. Resume it first.`
      : `Deployment ${name} is retired: its jobs no longer run.`,
    { state },
  );
}

/** Every chunk would fail for the same reason. */
async function assertAliased(workspaceId: string, model: string, kind: JobKind, name: string): Promise<void> {
  const alias = aliasOf(kind) ?? "staging";
  const found = await prisma().modelAlias.findFirst({ where: { alias, model: { workspaceId, name: model } } });
  if (!found) throw new DomainError("conflict", missingAlias({ alias, model, deployment: name }), { model, alias });
}

/** Sources with times that the predictions read, directly or not. */
function timedSourcesOf(variant: LoadedVariant): SourceDefinition[] {
  const read = new Set(
    predictClosure(variant, variant.pipeline.outputs).flatMap((instance) =>
      Object.entries(instance.inputs).flatMap(([column, from]) => ("source" in from ? [column] : [])),
    ),
  );
  return variant.catalogue.sources.filter(
    (source) => source.timeColumn && source.columns.some((column) => read.has(`${source.entity}.${column.name}`)),
  );
}

async function assertRows(
  workspaceId: string,
  source: SourceDefinition,
  { from, to }: CreateBackfill,
  chunks: Interval[],
  engine: RangeEngine,
): Promise<void> {
  const access = await databaseAccess(workspaceId, source);
  const windows = chunks.map((chunk): [string, string] => [isoOf(chunk[0]), isoOf(chunk[1])]);
  const counts = await engine.countRows(source, windows, access);
  const empty = windows.filter((_, index) => (counts[index] ?? 0) === 0);
  if (empty.length === 0) return;
  const { time } = await engine.describe(source, undefined, access);
  const has = time ? `it has rows from ${time[0]} to ${time[1]}` : "it has no rows at all";
  const context = {
    source: source.name,
    asked: { from, to },
    available: time ? { from: time[0], to: time[1] } : null,
    emptyChunks: empty.slice(0, NAMED_CHUNKS).map(([start, end]) => ({ from: start, to: end })),
    issues: [
      { path: ["from"], message: `source ${source.name} has no rows in ${empty.length} of ${chunks.length} chunks` },
    ],
  };
  if (empty.length === windows.length)
    throw new DomainError(
      "invalid",
      `Source ${source.name} has no rows from ${from} to ${to}: ${has}. Choose a range inside that. Nothing was made.`,
      context,
    );
  const named = empty.slice(0, NAMED_CHUNKS).map(([start, end]) => `${start} to ${end}`);
  const more = empty.length > named.length ? `, and ${empty.length - named.length} more` : "";
  throw new DomainError(
    "invalid",
    `Source ${source.name} has no rows in ${empty.length} of the ${windows.length} chunks from ${from} to ${to}: ${named.join("; ")}${more}; ${has}. Choose a range without the gap, or longer chunks. Nothing was made.`,
    context,
  );
}

const isoOf = (at: number) => new Date(at).toISOString();
