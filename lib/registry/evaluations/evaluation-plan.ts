import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DEFAULT_THRESHOLD } from "@/lib/domain/definitions/pipeline";
import { DomainError } from "@/lib/domain/errors";
import type { LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import { type EvaluationRequest, isOnOtherRows } from "@/lib/domain/outcomes/evaluation-request";
import { type EvaluationTarget, evaluationTargetOf } from "@/lib/domain/plans/evaluation-target";
import { toLeakageInput } from "@/lib/domain/plans/leakage-input";
import { predictClosure } from "@/lib/domain/plans/predict-closure";
import { findUpstream, type ResolvedVersions, rowSetOf, type Upstream } from "@/lib/domain/plans/row-sets";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import { loadFits } from "../models/version-fits";
import { leakageInputOf } from "../stored-json";
import type { RunContext } from "../execution/run-context";
import type { ResolvedSource } from "../execution/run-plan";
import { fittedInstances, sourcesFrom } from "../execution/scoring-plan";

interface FittedVersion {
  version: number;
  fits: unknown;
  leakageInput: Parameters<typeof leakageInputOf>[0];
}

interface EvaluationPlan {
  plan: VariantPlan;
  /** What the verdict on these rows depends on, when they are scored. */
  inputFor(test: Record<string, number> | undefined): LeakageInput;
}

/**
 * What the engine is asked to do to judge a version with the fits that it has: what predictions, label and slices need, and nothing
 * that a fit needs. On other rows than its run's only those are judged.
 */
export async function planVersionEvaluation(
  context: RunContext,
  version: FittedVersion,
  request: EvaluationRequest,
  sources: ReadonlyMap<string, ResolvedSource>,
  outputDirectory: string,
): Promise<EvaluationPlan> {
  const upstream = findUpstream(context);
  const versions = new Map([...sources].map(([name, source]) => [name, source.version]));
  const target = evaluationTargetOf(context, upstream, versions);
  if (!target?.task) throw new DomainError("invalid", `Pipeline ${context.pipeline.name} evaluates nothing.`);
  const fits = await loadFits((version.fits ?? {}) as Record<string, string>);
  const wanted = [target.prediction, target.label, ...request.slices];
  const instances = fittedInstances(
    context,
    predictClosure(context, wanted),
    fits,
    (stage) => `Version ${version.version} has no fit of ${stage}, so nothing can be scored with it.`,
  );
  const written = (column: string): WrittenColumn => ({ column, instance: context.writers.get(column) ?? null });
  const { window } = request;
  const others = isOnOtherRows(request);
  const roles = target.roles
    .filter(({ role }) => !others || role === "test")
    .map((rows) => (request.split === "all" ? allRows(context, target, upstream, versions) : rows));
  const entities = new Set([...wanted, ...instances.flatMap(({ stage }) => stage.inputs)].map((column) => splitColumn(column)[0])); // prettier-ignore
  const test = (roles.find(({ role }) => role === "test")?.rowSet ?? []).map((box) =>
    window ? { ...box, time: window } : box,
  );
  const stored = leakageInputOf(version.leakageInput);
  const now = toLeakageInput(context, new Map(), sources, target, undefined);
  return {
    plan: {
      entities: context.catalogue.entities,
      sources: sourcesFrom(
        context.catalogue.sources.filter(({ entity }) => entities.has(entity)),
        sources,
      ),
      instances,
      materialise: [],
      evaluate: {
        prediction: written(target.prediction),
        label: written(target.label),
        task: target.task,
        threshold: context.pipeline.evaluate?.threshold ?? DEFAULT_THRESHOLD,
        selections: roles.map(({ role, split }) => ({ part: role, split, window })),
        ...(request.slices.length > 0 && { slices: request.slices.map(written) }),
      },
      profile: { columns: [], selections: [], every: null },
      outputDirectory,
    },
    inputFor: (counted) => withTestRows(stored, now, test, counted),
  };
}

/** Every row of what the target predicts, to be tested on. */
function allRows(
  context: RunContext,
  { instance }: EvaluationTarget,
  upstream: ReadonlyMap<string, Upstream>,
  versions: ResolvedVersions,
): EvaluationTarget["roles"][number] {
  const { entity } = stageOf(context, instance).definition;
  const sources = upstream.get(instance.key)?.sources ?? [];
  return { role: "test", split: null, rowSet: rowSetOf(context, entity, sources, null, versions) };
}

/** What the version's verdict was computed from, with other test rows. */
function withTestRows(
  stored: LeakageInput,
  now: LeakageInput,
  test: RowSet,
  counted: Record<string, number> | undefined,
): LeakageInput {
  const { testUnits: _, testClasses: __, testDuplicates: ___, testRows: ____, ...consumer } = stored.consumer;
  const datasets = Object.fromEntries(
    [...new Set([...Object.keys(stored.datasets), ...Object.keys(now.datasets)])].map((name) => {
      const [before, after] = [stored.datasets[name], now.datasets[name]];
      const facts = { ...before, ...after } as LeakageInput["datasets"][string];
      return [name, { ...facts, versions: { ...before?.versions, ...after?.versions } }];
    }),
  );
  return {
    ...stored,
    datasets,
    policies: { ...now.policies, ...stored.policies },
    consumer: {
      ...consumer,
      test,
      testRows: counted?.rows ?? 0,
      ...(counted?.rows !== undefined && { testUnits: counted.rows }),
      ...(counted?.classes !== undefined && { testClasses: counted.classes }),
      ...(counted?.positives !== undefined && { testClasses: counted.positives > 0 && counted.positives < 1 ? 2 : 1 }),
    },
    // What was measured was counted on the other rows.
    measurements: [],
  };
}
