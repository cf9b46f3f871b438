/**
 * One run of a variant on Spark. The local engine checks the recorded versions of the sources and hands their rows over as Parquet; Spark
 * runs the stages; and what it wrote is evaluated, profiled and published by the local engine, so that a metric has one definition and a
 * run's files one form whatever computed them.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "../engine";
import { declaredColumns } from "./column-types";
import { type CompiledVariant, compileVariant, resultColumns, sourceColumnsRead } from "./compile-variant";
import { drive, type DriveLimits } from "./drive";
import { FittedForms } from "./fitted-form";
import type { SparkPlan } from "./spark-plan";
import { SparkSqlRefusal } from "./spark-sql";
import { statementsOf } from "./statements-of";
import type { Submitter } from "./submitter";

export interface SparkRunner {
  local: Engine;
  submitter: Submitter;
  /** What folders of saved models are named below. */
  dataDirectory: string;
  limits?: DriveLimits;
}

/** Of one run's progress, in parts: reading, Spark, and what follows. */
const READ = 0.1;
const SPARK = 0.7;

export async function runOnSpark(runner: SparkRunner, plan: VariantPlan, control: RunControl): Promise<VariantResult> {
  const attempt = randomUUID();
  const staging = path.join(plan.outputDirectory, `.partial-spark-${attempt}`);
  await mkdir(staging, { recursive: true });
  try {
    const rows = await writeRows(runner.local, plan, path.join(staging, "rows"), within(quiet(control), 0, READ));
    const compiled = await compile(runner, plan, staging, rows);
    const stages =
      compiled.steps.length === 0 ? new Map() : await submit(runner, compiled, staging, attempt, within(control, READ, SPARK)); // prettier-ignore
    const files = await outputFiles(compiled, staging);
    const forms = new FittedForms(
      declaredColumns(
        { entities: plan.entities, sources: plan.sources.map(({ definition }) => definition) },
        plan.instances.map(({ stage }) => stage),
      ),
    );
    const fits: VariantResult["fits"] = [];
    for (const instance of plan.instances) {
      const done = stages.get(instance.key);
      const saved = done?.fit ? path.relative(runner.dataDirectory, savedFolder(plan, instance)) : null;
      const model = forms.take(instance, done?.fit ?? null, saved);
      if (model)
        fits.push({
          instance: instance.key,
          fingerprint: instance.fit?.fingerprint ?? "",
          model,
          rows: done?.fit?.rows ?? 0,
          seconds: done?.fit?.seconds ?? 0,
          reused: !done?.fit,
        });
    }
    const result = await runner.local.runVariant(
      whatFollows(plan, compiled, files, new Map(fits.map((fit) => [fit.instance, fit]))),
      within(quiet(control), READ + SPARK, 1 - READ - SPARK),
    );
    await keepModels(plan, staging, fits);
    return {
      ...result,
      fits,
      stages: plan.instances.map(({ key, values, fit }) => {
        const done = stages.get(key);
        return { instance: key, rows: null, seconds: done?.seconds ?? 0, reused: values !== undefined || fit?.fitted !== undefined }; // prettier-ignore
      }),
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The same control without what the local engine says of stages that Spark runs. */
function quiet(control: RunControl): RunControl {
  return {
    signal: control.signal,
    log: (level, message) => (level === "info" ? undefined : control.log(level, message)),
    progress: (update) => control.progress({ ...update, instance: null }),
  };
}

/** The same control, for a share of the run. */
function within(control: RunControl, from: number, share: number): RunControl {
  return {
    signal: control.signal,
    log: (level, message) => control.log(level, message),
    stage: (done) => control.stage?.(done),
    progress: ({ done, total, instance, message }) =>
      control.progress({ done: from + (share * done) / total, total: 1, instance, message }),
  };
}

/** Every entity's rows as the recorded versions of its sources hold them. Answers entity → file. */
async function writeRows(
  local: Engine,
  plan: VariantPlan,
  folder: string,
  control: RunControl,
): Promise<Map<string, string>> {
  const columns = [...sourceColumnsRead(plan)].sort();
  if (columns.length === 0) return new Map();
  const { outputs } = await local.runVariant(
    {
      entities: plan.entities,
      sources: plan.sources,
      instances: [],
      materialise: columns.map((column) => ({ column, instance: null, name: splitColumn(column)[1] })),
      profile: { columns: [], selections: [], every: null },
      outputDirectory: folder,
    },
    control,
  );
  return new Map(
    outputs.map(({ entity, snapshot, columns: written }) => {
      const keys = plan.entities.find(({ name }) => name === entity)?.joinKeys.map(({ name }) => name) ?? [];
      const value = written.find(({ name, reusable }) => !reusable && !keys.includes(name));
      if (value && snapshot.rows > 0)
        throw new DomainError(
          "invalid",
          `Rows of ${entity} are not told apart by ${keys.join(", ")} and event time, and the spark engine finds rows by these. Run it on the local engine, or name more keys.`,
        );
      const [file] = snapshot.files;
      if (!file) throw new DomainError("unavailable", `The rows of ${entity} were not written.`);
      return [entity, file.path];
    }),
  );
}

const folderOf = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, "_");

/** Where what an instance fits is kept with the run's files. */
function savedFolder(plan: VariantPlan, { key, fit }: EngineInstance): string {
  return path.join(plan.outputDirectory, "spark-models", `${folderOf(key)}-${(fit?.fingerprint ?? "").slice(0, 12).replaceAll(/[^a-zA-Z0-9]/g, "_")}`); // prettier-ignore
}

async function compile(
  { dataDirectory }: SparkRunner,
  plan: VariantPlan,
  staging: string,
  rows: ReadonlyMap<string, string>,
): Promise<CompiledVariant> {
  const statements = await statementsOf(plan.instances.map(({ stage }) => stage));
  try {
    return compileVariant(
      plan,
      {
        rowsOf: (entity) => {
          const file = rows.get(entity);
          if (file === undefined) throw new DomainError("invalid", `No source gives rows of ${entity}.`);
          return file;
        },
        outputOf: (entity) => path.join(staging, "values", entity),
        savedBy: (instance) => {
          const fitted = instance.fit?.fitted;
          if (!fitted) return path.join(staging, "models", path.basename(savedFolder(plan, instance)));
          if (fitted.saved?.engine === "spark") return path.join(dataDirectory, fitted.saved.folder);
          throw new DomainError(
            "unsupported",
            `The fit of stage ${instance.stage.name} was made by the local engine, and Spark has no files of it. Run the fit job on Spark, or score on the local engine.`,
          );
        },
      },
      statements,
    );
  } catch (error) {
    if (error instanceof SparkSqlRefusal) throw new DomainError("unsupported", `A stage cannot run on Spark: ${error.message}.`); // prettier-ignore
    throw error;
  }
}

async function submit(
  { submitter, limits }: SparkRunner,
  { rows, steps, outputs }: CompiledVariant,
  staging: string,
  attempt: string,
  control: RunControl,
): ReturnType<typeof drive> {
  const file = path.join(staging, "plan.json");
  const plan: SparkPlan = {
    format: 1,
    attempt,
    application: `tributary ${attempt.slice(0, 8)}`,
    events: path.join(staging, "events.jsonl"),
    lease: path.join(staging, "lease"),
    rows,
    steps,
    outputs,
  };
  await writeFile(file, JSON.stringify(plan));
  control.progress({ done: 0, total: 1, instance: null, message: "Spark starts" });
  return drive(submitter, { plan: file, folder: staging, name: plan.application }, plan, control, limits);
}

/** Entity → the one Parquet file that Spark wrote of it. */
async function outputFiles({ outputs }: CompiledVariant, staging: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { frame, folder } of outputs) {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".parquet"));
    const [name] = names;
    if (names.length !== 1 || name === undefined)
      throw new DomainError("unavailable", `Spark wrote ${names.length} files of ${frame}, and one was expected.`);
    const file = path.join(staging, `${folderOf(frame)}.parquet`);
    await rename(path.join(folder, name), file);
    files.set(frame, file);
  }
  return files;
}

/** What the local engine does when Spark has run: it reads the values, and computes none. */
function whatFollows(
  plan: VariantPlan,
  { written }: CompiledVariant,
  files: ReadonlyMap<string, string>,
  fits: ReadonlyMap<string, VariantResult["fits"][number]>,
): VariantPlan {
  const wanted = new Set(resultColumns(plan).flatMap(({ instance }) => instance ?? []));
  return {
    ...plan,
    instances: plan.instances.flatMap((instance): EngineInstance[] => {
      if (!wanted.has(instance.key)) return [];
      const columns = written.get(instance.key);
      const file = files.get(instance.stage.entity);
      const fitted = fits.get(instance.key)?.model;
      return [
        {
          ...instance,
          ...(columns &&
            file !== undefined && { values: { file, columns, isCompared: instance.key === plan.evaluate?.features } }),
          ...(instance.fit && { fit: { ...instance.fit, ...(fitted && { fitted }) } }),
        },
      ];
    }),
  };
}

/** Spark's own files of what it fitted, beside the run's other files: they appear when everything else has. */
async function keepModels(plan: VariantPlan, staging: string, fits: VariantResult["fits"]): Promise<void> {
  for (const { instance: key, reused } of fits) {
    const instance = plan.instances.find((one) => one.key === key);
    if (!instance || reused) continue;
    const folder = savedFolder(plan, instance);
    await mkdir(path.dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(path.join(staging, "models", path.basename(folder)), folder);
  }
}
