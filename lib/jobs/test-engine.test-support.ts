import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import { DomainError } from "@/lib/domain/errors";
import type { Measured } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import type { OutcomeWindow, OutcomeWindowsRequest } from "@/lib/domain/outcomes/outcomes";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile, VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";

export interface FakeOptions {
  /** Milliseconds that every stage takes. */
  stageMs?: number;
  /** Thrown in the middle of a run. */
  failWith?: Error;
  /** Called when a run is in its middle. */
  onMiddle?: () => Promise<void>;
  rows?: Record<string, unknown>[];
  /** What came of predictions, window by window; nothing when left out. */
  outcomes?: (request: OutcomeWindowsRequest) => OutcomeWindow[];
  unsupported?: string[];
  /** What a rule finds on an output; what is expected when it answers nothing. */
  measured?: (rule: Rule) => Measured | undefined;
}

const MONTHS = ["2001-01-01T00:00:00Z", "2001-02-01T00:00:00Z", "2001-03-01T00:00:00Z"] as const;

/** An engine that computes nothing: it takes its time, reports, obeys the signal, and answers plausible results. */
export function createFakeEngine(options: FakeOptions = {}): Engine & { plans: VariantPlan[] } {
  const plans: VariantPlan[] = [];
  return {
    name: "fake",
    version: "fake 1",
    format: "fake",
    plans,
    unsupported: (stages) =>
      Promise.resolve(
        stages
          .filter((stage) => options.unsupported?.includes(stage.name))
          .map((stage) => ({ stage: stage.name, operator: "Fake", reason: "Fake runs nowhere." })),
      ),
    describe: (source) =>
      Promise.resolve({
        dataset: source.name,
        files: [{ path: `/nowhere/${source.name}`, sha256: hash(source.name), bytes: 1000 }],
        rows: 3000,
        time: source.timeColumn ? ["2001-01-01T00:00:00.000Z", "2001-06-30T23:00:00.000Z"] : null,
        warnings: [],
      }),
    compareRows: () => Promise.reject(new Error("The test engine compares no rows.")),
    glance: () => Promise.resolve(null),
    intersectUnits: () => Promise.reject(new Error("The test engine counts no units.")),
    sketchUnits: () => Promise.reject(new Error("The test engine sketches no units.")),
    assignRows: () => Promise.reject(new Error("The test engine assigns no rows.")),
    joinHistory: () => Promise.resolve({ rows: 0, bytes: 0 }),
    previewTraining: () => Promise.reject(new Error("This engine makes no training datasets.")),
    freezeTraining: () => Promise.reject(new Error("This engine makes no training datasets.")),
    convertTraining: () => Promise.reject(new Error("This engine makes no training datasets.")),
    measureRules: (_source, _snapshot, rules) => Promise.resolve(rules.map((rule) => measureAsExpected(rule))),
    measureOutputRules: (_output, rules) =>
      Promise.resolve(rules.map((rule) => options.measured?.(rule) ?? measureAsExpected(rule))),
    async runVariant(plan, control) {
      plans.push(plan);
      for (const [done, instance] of plan.instances.entries()) {
        control.progress({ done, total: plan.instances.length, instance: instance.key, message: instance.stage.name });
        control.log("info", `Stage ${instance.stage.name}.`);
        await sleep(options.stageMs ?? 0, control.signal);
        if (done === Math.floor(plan.instances.length / 2)) {
          await options.onMiddle?.();
          if (options.failWith) throw options.failWith;
        }
      }
      return publish(plan);
    },
    inspectFiles: () => Promise.reject(new Error("no test inspects files with it")),
    inspectTable: () => Promise.reject(new Error("no test inspects tables with it")),
    greetDatabase: () => Promise.reject(new Error("no test reaches a database with it")),
    countRows: (_, windows) => Promise.resolve(windows.map(() => 100)),
    compareOutcomes: ({ arms }) =>
      Promise.resolve(
        arms.map(({ name }, arm) => ({
          name,
          n: 1000,
          missingPredictions: 0,
          missingLabels: 0,
          metrics: {
            logLoss: { mean: 0.5 - arm / 100, variance: 0.2 },
            brier: { mean: 0.2, variance: 0.05 },
            error: { mean: 0.3, variance: 0.21 },
          },
          auc: { value: 0.6 + arm / 100, variance: 0.0004 },
          positives: 300,
        })),
      ),
    scoreRows: () => Promise.resolve(null),
    testStage: () => Promise.resolve([]),
    checkStatements: (stages) => Promise.resolve(stages.map(() => [])),
    measureOutcomes: (request) => Promise.resolve(options.outcomes?.(request) ?? []),
    profileValues: () => Promise.reject(new Error("The test engine profiles no values.")),
    sampleRows: ({ columns }) =>
      Promise.resolve({
        rows: 3000,
        matched: 3000,
        columns: columns.map((column) => ({ ...column, kind: "numbers" as const, values: [1, 2, null] })),
        part: null,
      }),
    async *readRows(_, { keys, latestBy }) {
      await Promise.resolve();
      const row = Object.fromEntries(keys.map((key) => [key, "1"]));
      yield options.rows ?? [latestBy ? { ...row, [latestBy]: "2001-01-01T00:00:00.000Z" } : row];
    },
  };
}

function measureAsExpected({ type }: Rule): Measured {
  return type === "expect_table_row_count_to_be_between"
    ? { family: "table", observed: 3_000_000 }
    : { family: "map", elements: 3000, missing: 0, unexpected: 0, sample: [], counts: [] };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ms;
  do {
    if (signal.aborted) throw new DomainError("canceled", "The run was canceled.");
    await new Promise((resolve) => setTimeout(resolve, Math.min(20, ms)));
  } while (Date.now() < until);
}

async function publish(plan: VariantPlan): Promise<VariantResult> {
  const types = new Map(
    plan.instances.flatMap(({ stage }) => stage.outputs.map(({ column, type }) => [column, type] as const)),
  );
  const entities = [...new Set(plan.materialise.map(({ column }) => splitColumn(column)[0]))];
  await mkdir(plan.outputDirectory, { recursive: true });
  const outputs = [];
  for (const entity of entities) {
    const file = path.join(plan.outputDirectory, `${entity}.parquet`);
    await writeFile(`${file}.tmp`, entity);
    await rename(`${file}.tmp`, file);
    outputs.push({
      entity,
      snapshot: {
        dataset: entity,
        files: [{ path: file, sha256: hash(entity), bytes: entity.length }],
        rows: 100,
        time: ["2001-01-01T00:00:00.000Z", "2001-06-30T00:00:00.000Z"] as [string, string],
      },
      columns: plan.materialise
        .filter(({ column }) => splitColumn(column)[0] === entity)
        .map((written) => ({ ...written, type: types.get(written.column) ?? ("double" as const), reusable: true })),
    });
  }
  return {
    outputs,
    fits: plan.instances.flatMap(({ key, stage, fit }) =>
      fit
        ? [
            {
              instance: key,
              fingerprint: fit.fingerprint,
              model: fit.fitted ?? {
                operator: stage.estimator ?? "",
                learned: { mean: 1 },
                expressions: {},
                summary: {},
              },
              rows: fit.split ? 60 : 100,
              seconds: 0.1,
              reused: fit.fitted !== undefined,
            },
          ]
        : [],
    ),
    stages: plan.instances.map(({ key, fit }) => ({
      instance: key,
      rows: 100,
      seconds: 0.1,
      reused: fit?.fitted !== undefined,
    })),
    profiles: plan.profile.columns.flatMap(({ column, instance, edges }) => profilesOf(plan, column, instance, edges)),
    metrics: plan.evaluate
      ? Object.fromEntries(
          plan.evaluate.selections.map(({ part }) => [part, { auc: 0.6, rows: part === "train" ? 60 : 20 }]),
        )
      : {},
    evaluation: null,
  };
}

function profilesOf(
  plan: VariantPlan,
  column: string,
  instance: string | null,
  edges: Histogram | null,
): ColumnProfile[] {
  const profile = (part: string, window: [string, string] | null, counts: [number, number]): ColumnProfile => ({
    column,
    instance,
    part,
    window,
    stats: { rows: counts[0] + counts[1], missing: 0 },
    histogram: isText(plan, column)
      ? {
          kind: "categorical",
          values: edges?.kind === "categorical" ? edges.values : ["a", "b"],
          counts,
          other: 0,
          missing: 0,
        }
      : {
          kind: "numeric",
          edges: edges?.kind === "numeric" ? edges.edges : [0, 1, 2],
          counts,
          underflow: 0,
          overflow: 0,
          missing: 0,
          nan: 0,
        },
    equalWidth: null,
  });
  return [
    ...plan.profile.selections.map(({ part }) => profile(part, null, [50, 50])),
    ...(plan.profile.every
      ? MONTHS.slice(1).map((to, month) =>
          profile("all", [MONTHS[month] as string, to], month === 0 ? [50, 50] : [90, 10]),
        )
      : []),
  ];
}

/** Columns that the real engine counts by value. */
function isText(plan: VariantPlan, column: string): boolean {
  const type =
    plan.instances.flatMap(({ stage }) => stage.outputs).find((output) => output.column === column)?.type ??
    plan.sources
      .flatMap(({ definition }) =>
        definition.columns.map(({ name, type }) => ({ name: `${definition.entity}.${name}`, type })),
      )
      .find(({ name }) => name === column)?.type;
  return type === "string" || type === "boolean";
}
