/** Training datasets: looked at, frozen, made again, read. Rows are files in the data folder; what they are is in the registry. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { environment as settings } from "@/lib/config/environment";
import { ownScratch } from "@/lib/config/scratch-folder";
import { parseJson } from "@/lib/contracts/json-text";
import type {
  createTrainingDataset as createContract,
  previewTrainingDataset as previewContract,
  TrainingDataset,
  TrainingPreview,
} from "@/lib/contracts/training-datasets";
import { DomainError } from "@/lib/domain/errors";
import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import type { Principal } from "@/lib/domain/principal";
import { previewWarnings } from "@/lib/domain/training-datasets/preview-warnings";
import { trainingColumns } from "@/lib/domain/training-datasets/training-recipe";
import type { FrozenTraining, TrainingRowsRequest } from "@/lib/domain/training-datasets/training-rows";
import type { Engine } from "@/lib/engines/engine";
import { fewAtATime } from "@/lib/engines/few-at-a-time";
import { openScopeFor, type Scope } from "@/lib/registry/scope";
import { trainingColumnsOf, trainingFactsOf } from "@/lib/registry/stored-json";
import { judgeTraining } from "@/lib/registry/training-datasets/judge";
import { cacheFile, openTrainingDataset, toDetail } from "@/lib/registry/training-datasets/row";
import { toRowsRequest } from "@/lib/registry/training-datasets/rows-request";
import { getTrainingDataset, type TrainingRef } from "@/lib/registry/training-datasets/training-datasets";
import { assertRowsSeen } from "@/lib/registry/training-datasets/withheld";
import { assertNameFree, insertTrainingDataset, keepCache } from "@/lib/registry/training-datasets/write";
import { resolveRecipe } from "./training-recipe";

/** The first rows, what was counted of all, and what leaks. Writes nothing. */
export async function previewTrainingDataset(
  principal: Principal,
  body: z.output<(typeof previewContract)["body"]>,
  engine: Pick<Engine, "previewTraining">,
  signal?: AbortSignal,
): Promise<TrainingPreview> {
  const scope = await openScopeFor(principal, body.workspace, "features:serve");
  const recipe = await resolveRecipe(principal, scope, body);
  const request = await toRowsRequest(scope.workspace.id, recipe, { checkFiles: false });
  const found = await fewAtATime(scope.workspace.name, () => engine.previewTraining(request, body.rows, signal));
  return {
    columns: trainingColumns(recipe),
    rows: found.rows.map((line, at) => ({
      // An integer that JavaScript has no number for goes on as its digits.
      cells: (parseJson(line) as unknown[]).map((cell) => (typeof cell === "bigint" ? String(cell) : cell)),
      statuses: found.statuses[at] ?? [],
    })),
    spine: found.spine,
    parts: found.parts,
    verdicts: await judgeTraining(scope.workspace.id, recipe),
    recipe,
    warnings: previewWarnings(recipe, found),
  };
}

/** Writes the rows, and then the row of the registry that names them: whoever is stopped in between leaves a file that nothing names. */
export async function freezeTrainingDataset(
  principal: Principal,
  body: z.output<(typeof createContract)["body"]>,
  engine: Pick<Engine, "freezeTraining" | "name" | "version">,
  signal?: AbortSignal,
): Promise<TrainingDataset> {
  const scope = await openScopeFor(principal, body.workspace, "training:edit");
  const { name, description } = body;
  await assertNameFree(scope, name);
  const recipe = await resolveRecipe(principal, scope, body);
  const request = await toRowsRequest(scope.workspace.id, recipe, { checkFiles: true });
  const verdicts = await judgeTraining(scope.workspace.id, recipe);
  const row = await withRows(scope, request, engine, signal, async (frozen, take) => {
    const file = await take(name);
    const made = { name, description, recipe, frozen, verdicts, file, engine: nameOf(engine) };
    return orRemove(file, insertTrainingDataset(scope, made));
  });
  return toDetail(scope, row);
}

/**
 * Makes the rows again and keeps them. Throws `conflict` and `not_found`, naming it, for whatever of the recipe's data has changed or is gone,
 * and `conflict` when all of it is as it was and the rows are not.
 */
export async function recomputeTrainingDataset(
  principal: Principal,
  ref: TrainingRef,
  engine: Pick<Engine, "freezeTraining" | "name" | "version">,
  signal?: AbortSignal,
): Promise<TrainingDataset> {
  const { scope, row, recipe } = await openTrainingDataset(principal, ref, "training:edit");
  const request = await toRowsRequest(scope.workspace.id, recipe, { checkFiles: true });
  await withRows(scope, request, engine, signal, async (frozen, take) => {
    if (frozen.digest !== row.contentDigest)
      throw new DomainError(
        "conflict",
        `The rows of ${row.name} came out otherwise: their digest is ${frozen.digest}, and was ${row.contentDigest}. All data and definitions are what the recipe names, so it is what made them that differs: ${trainingFactsOf(row.facts).engine} then, ${nameOf(engine)} now. The kept rows were left as they are.`,
        { expected: row.contentDigest, found: frozen.digest },
      );
    const file = await take(row.name);
    await orRemove(file, keepCache(scope, row, file, frozen.bytes));
  });
  return getTrainingDataset(principal, ref);
}

export interface TrainingFile {
  file: string;
  bytes: number;
  /** Removes what was made for this reader only. */
  done: () => Promise<void>;
}

/** More would be slow to write and slower to read as JSON. */
const MOST_JSON_ROWS = 100_000;

/** The kept rows as a file. Throws `conflict` while none are kept. */
export async function openTrainingRows(
  principal: Principal,
  ref: TrainingRef & { format: HistoryFormat },
  engine: Pick<Engine, "convertTraining">,
  signal?: AbortSignal,
): Promise<TrainingFile> {
  const { scope, row, recipe } = await openTrainingDataset(principal, ref, "features:serve");
  await assertRowsSeen(scope, recipe);
  const kept = cacheFile(row);
  if (kept === null || !existsSync(kept))
    throw new DomainError(
      "conflict",
      `The rows of ${row.name} are not kept at present. Recompute it: POST /api/v1/training-datasets/${row.name}/recompute makes the same rows again.`,
    );
  const { format } = ref;
  if (format === "parquet") return { file: kept, bytes: (await stat(kept)).size, done: () => Promise.resolve() };
  if (format === "json" && row.rows > MOST_JSON_ROWS)
    throw new DomainError("invalid", `${row.name} has ${row.rows.toLocaleString("en")} rows, and JSON is for at most ${MOST_JSON_ROWS.toLocaleString("en")}. Ask for parquet, arrow or csv.`); // prettier-ignore
  const folder = await scratch();
  const done = () => rm(folder, { recursive: true, force: true });
  try {
    const file = path.join(folder, `rows.${format}`);
    const request = { file: kept, columns: trainingColumnsOf(row.columns), output: { file, format } };
    const { bytes } = await fewAtATime(scope.workspace.name, () => engine.convertTraining(request, signal));
    return { file, bytes, done };
  } catch (error) {
    await done();
    throw error;
  }
}

const nameOf = ({ name, version }: Pick<Engine, "name" | "version">) => `${name} ${version}`;

/** A file that the registry did not come to name is nobody's. */
function orRemove<Answer>(file: string, writing: Promise<Answer>): Promise<Answer> {
  return writing.catch(async (error: unknown) => {
    await rm(file, { force: true });
    throw error;
  });
}

async function scratch(): Promise<string> {
  const own = ownScratch(settings().TRIBUTARY_DATA);
  await mkdir(own, { recursive: true });
  return mkdtemp(path.join(own, "training-"));
}

/** Makes the rows aside; `take` puts them where they are kept, by one rename. What is not taken is removed. */
async function withRows<Answer>(
  { workspace }: Scope,
  request: TrainingRowsRequest,
  engine: Pick<Engine, "freezeTraining">,
  signal: AbortSignal | undefined,
  work: (frozen: FrozenTraining, take: (name: string) => Promise<string>) => Promise<Answer>,
): Promise<Answer> {
  const folder = await scratch();
  try {
    const aside = path.join(folder, "rows.parquet");
    const frozen = await fewAtATime(workspace.name, () => engine.freezeTraining(request, aside, signal));
    if (frozen.rows !== frozen.spine.rows)
      throw new Error(`${frozen.rows} rows were joined to a spine of ${frozen.spine.rows}.`);
    return await work(frozen, async (name) => {
      const home = path.join(settings().TRIBUTARY_DATA, "training-datasets", workspace.name);
      await mkdir(home, { recursive: true });
      const file = path.join(home, `${name}-${randomUUID()}.parquet`);
      await rename(aside, file);
      return file;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
