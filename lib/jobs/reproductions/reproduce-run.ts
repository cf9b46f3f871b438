import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { ownScratch } from "@/lib/config/scratch-folder";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { TOLERANCE, toLevel } from "@/lib/domain/reproductions/report";
import { chooseEngine } from "@/lib/domain/runs/engine-support";
import type { Engine } from "@/lib/engines/engine";
import { type FoldPlan, planFolds, scoreFolds } from "@/lib/registry/execution/cross-validation";
import { loadScoring } from "@/lib/registry/execution/predict-context";
import type { RunContext } from "@/lib/registry/execution/run-context";
import { runEnvironment } from "@/lib/registry/execution/run-environment";
import { buildRunPlan, type ResolvedSource } from "@/lib/registry/execution/run-plan";
import { sourcesFrom } from "@/lib/registry/execution/scoring-plan";
import { compareEnvironments } from "@/lib/registry/reproductions/environment-findings";
import { findRecordedInputs, versionsReadBy } from "@/lib/registry/reproductions/recorded-inputs";
import { recordedResultOf, type RecordedOutput, runToReproduce, scoredWith } from "@/lib/registry/reproductions/recorded-result"; // prettier-ignore
import { loadRecordedRun } from "@/lib/registry/reproductions/recorded-run";
import { materialiseAssignments } from "../run/assign-rows";
import { planScoring } from "../run/prepare-predict";
import { compareFits, compareMetrics, compareOutputs, type FoundOutput } from "./compare-results";
import { failsNow, isAnswer, type Redone } from "./redone";

/** Nothing is measured that is not compared. */
const NO_PROFILE: VariantPlan["profile"] = { columns: [], selections: [], every: null };

/** Runs a recorded plan on the recorded bytes in a folder that disappears with it, and compares all that comes out. */
export async function reproduceRun(runId: string, id: string, own: Engine, control: RunControl): Promise<Redone> {
  const run = await runToReproduce(runId);
  const { context, definitions } = await loadRecordedRun(run);
  const engine = chooseEngine(own, context.params.engine);
  const inputs = await findRecordedInputs(await versionsReadBy(runId));
  const recorded = await recordedResultOf(run);
  const levels = [
    inputs.available,
    inputs.identical,
    definitions,
    compareEnvironments(recorded.environment, runEnvironment(engine)),
  ];
  if (!inputs.isWhole) return { levels, largestDifference: 0 };
  const folder = path.join(ownScratch(environment().TRIBUTARY_DATA), `reproduction-${id}`);
  try {
    const { plan, folds } = await planAgain(context, inputs.sources, engine, control, folder);
    const result = await engine.runVariant(plan, control);
    const ofFolds: VariantResult[] = [];
    for (const fold of folds) ofFolds.push(await engine.runVariant(fold.plan.plan, control));
    const fitted = [result, ...ofFolds];
    const known = await recorded.fits(fitted.flatMap(({ fits }) => fits.map(({ fingerprint }) => fingerprint)));
    const fits = compareFits(fitted, known);
    const metrics = compareMetrics(recorded, {
      metrics: result.metrics,
      crossValidation: scoreFolds(context, folds, ofFolds),
    });
    const written = await findOutputs(context, recorded.outputs, result, engine, control.signal);
    const outputs = compareOutputs(recorded.outputs, written);
    return {
      levels: [
        ...levels,
        toLevel("artefacts", fits.findings),
        toLevel("metrics", metrics.findings),
        toLevel("outputs", outputs.findings),
      ],
      largestDifference: Math.max(fits.largest, metrics.largest, outputs.largest),
    };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return { levels: [...levels, failsNow(error)], largestDifference: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function planAgain(
  context: RunContext,
  sources: Map<string, ResolvedSource>,
  engine: Engine,
  control: RunControl,
  folder: string,
): Promise<{ plan: VariantPlan; folds: FoldPlan[] }> {
  const outputDirectory = path.join(folder, "run");
  if (context.run.kind === "predict") {
    const scored = planScoring(context, await loadScoring(context, await scoredWith(context.run)));
    const plan = {
      entities: context.catalogue.entities,
      sources: sourcesFrom(scored.definitions, sources),
      instances: scored.instances,
      materialise: scored.materialise,
      profile: NO_PROFILE,
      window: context.params.window ?? null,
      outputDirectory,
    };
    return { plan, folds: [] };
  }
  const assigned = { ...context, assignments: await materialiseAssignments(context, sources, engine, control) };
  const { plan } = await buildRunPlan(assigned, sources);
  const folds = await planFolds(assigned, sources);
  return {
    plan: { ...plan, profile: NO_PROFILE, outputDirectory },
    folds: folds.map((fold) => {
      const own = { ...fold.plan.plan, outputDirectory: path.join(folder, fold.part) };
      return { ...fold, plan: { ...fold.plan, plan: own } };
    }),
  };
}

/** What was written now of each recorded output; rows are only compared where the files are not the same. */
async function findOutputs(
  { catalogue }: RunContext,
  outputs: readonly RecordedOutput[],
  result: VariantResult,
  engine: Engine,
  signal: AbortSignal,
): Promise<Map<string, FoundOutput>> {
  const found = new Map<string, FoundOutput>();
  for (const { dataset, entity, file } of outputs) {
    const written = result.outputs.find((one) => one.entity === entity)?.snapshot.files[0];
    if (!written) continue;
    const { path: place, sha256 } = written;
    if (sha256 === file.sha256 || !existsSync(file.path)) {
      found.set(dataset, { sha256, rows: null });
      continue;
    }
    const declared = catalogue.entities.find(({ name }) => name === entity);
    const keys = [...(declared?.joinKeys ?? []).map(({ name }) => name), declared?.eventTime].flatMap(
      (key) => key ?? [],
    );
    const request = { expected: file.path, found: place, keys, tolerance: TOLERANCE };
    found.set(dataset, { sha256, rows: await engine.compareRows(request, signal) });
  }
  return found;
}
