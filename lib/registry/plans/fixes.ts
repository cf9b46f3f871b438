/** Fixes of a leak as plans: each is planned like any other, so that its verdict and its cost are what its run would give. */
import type { FixBody, LeakageFixes, PlannedFix } from "@/lib/contracts/leakage-fixes";
import type { PlanVerdict } from "@/lib/contracts/plan-graph";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { DomainError } from "@/lib/domain/errors";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import { toPins } from "@/lib/domain/plans/pins";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import { type PlanChange, type ProposedFix, proposeFixes } from "@/lib/domain/plans/propose-fixes";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import type { Principal } from "@/lib/domain/principal";
import type { BindStatements } from "../catalogue/assert-bound";
import { planInputOf } from "../catalogue/catalogue";
import { declaredStage } from "../catalogue/definitions";
import { openScopeFor, type Scope, scopeIn } from "../scope";
import { loadDraftCatalogue, loadPlanCatalogue, type PlanCatalogue } from "./catalogue";
import { chooseConsumer } from "./consumer";
import { planGraph } from "./graph";
import { withoutSourcePins } from "./plans";
import { columnsWithChoice, describeVariants, leakageInputOfVariant } from "./variants";

/** What a plan is made of, apart from what a fix changes. */
interface Base {
  principal: Principal;
  scope: Scope;
  specs: string | undefined;
  bind: BindStatements | undefined;
  catalogue: PlanCatalogue;
  pipeline: PipelineDefinition;
  pins: Record<string, string>;
}

/**
 * What would make the verdict on a model version, or on a pipeline that need not have run, better, and can be planned. Every
 * fix is planned and judged; those that would not better the verdict are left out. Nothing is stored. Throws `not_found`
 * for a version or a pipeline that is not there, and `invalid` for a pipeline that is not evaluated or cannot be planned.
 */
export async function planLeakageFixes(
  principal: Principal,
  body: FixBody,
  bind?: BindStatements,
): Promise<LeakageFixes> {
  const version = body.modelVersionId === undefined ? null : await findVersion(body.modelVersionId);
  const scope = await scopeOf(principal, body, version);
  const catalogue =
    body.specs === undefined
      ? await loadPlanCatalogue(scope.workspace.id)
      : await loadDraftCatalogue(principal, scope.workspace, body.specs, bind);
  const asked = askedFor(body, version, catalogue);
  const base: Base = { principal, scope, specs: body.specs, bind, catalogue, ...asked };
  const now = await planWith(base, {});
  const { verdict, ...costs } = now.details;
  const fixes: PlannedFix[] = [];
  for (const proposed of await proposedFor(base, now)) {
    const planned = await planWith(base, proposed.change);
    if (planned.details.verdict && isBetter(planned.details.verdict, verdict))
      fixes.push(toFix(base, proposed, planned, planned.details.verdict));
  }
  return {
    workspace: scope.workspace.name,
    pipeline: base.pipeline.name,
    model: base.pipeline.evaluate?.model ?? "",
    verdict,
    ...costsOf(costs),
    fixes,
  };
}

function findVersion(id: string) {
  return prisma().modelVersion.findUnique({
    where: { id },
    select: {
      model: { select: { workspace: { select: { id: true, name: true } } } },
      variant: { select: { choice: true, pipeline: { select: { name: true } } } },
    },
  });
}
type Version = Awaited<ReturnType<typeof findVersion>>;

/** A model version's workspace, else the one that is named. */
function scopeOf(principal: Principal, { modelVersionId, workspace = "" }: FixBody, version: Version): Promise<Scope> {
  if (modelVersionId === undefined) return openScopeFor(principal, workspace, "spec:plan");
  const { name } = scopeIn(principal, version?.model.workspace, `model version \`${modelVersionId}\``).workspace;
  return openScopeFor(principal, name, "spec:plan");
}

function askedFor(body: FixBody, version: Version, catalogue: PlanCatalogue): Pick<Base, "pipeline" | "pins"> {
  if (!version) return { pipeline: evaluatedIn(catalogue, body.pipeline ?? ""), pins: toPins(body.pins ?? {}) };
  if (!version.variant)
    throw new DomainError("invalid", "This model version was fitted elsewhere: no pipeline here can be planned anew.");
  const choosable = columnsWithChoice(catalogue);
  const choice = Object.entries(version.variant.choice as Record<string, string>);
  return {
    pipeline: evaluatedIn(catalogue, version.variant.pipeline.name),
    pins: Object.fromEntries(choice.filter(([column]) => choosable.has(column))),
  };
}

function evaluatedIn({ pipelines }: PlanCatalogue, name: string): PipelineDefinition {
  const found = pipelines.find((one) => one.name === name);
  if (!found)
    throw new DomainError(
      "not_found",
      `There is no pipeline \`${name}\`. ${pipelines.length > 0 ? `There are ${pipelines.map((one) => one.name).join(", ")}.` : "Apply a spec that declares one."}`,
    );
  if (!found.evaluate)
    throw new DomainError(
      "invalid",
      `Pipeline \`${name}\` is not evaluated, so that it has no test score to be fixed.`,
    );
  return found;
}

interface PlannedChange {
  pipeline: PipelineDefinition;
  variant: PlannedVariant;
  details: ReturnType<typeof describeVariants>[number];
  graph: Awaited<ReturnType<typeof planGraph>>;
}

/** The base's variant with a fix's changes, as it would run alone. */
async function planWith(base: Base, { refit, split, documents }: PlanChange): Promise<PlannedChange> {
  const { principal, scope, bind, pipeline: own } = base;
  const catalogue =
    documents === undefined
      ? base.catalogue
      : await loadDraftCatalogue(principal, scope.workspace, [base.specs, ...documents.map(writeSpec)].filter(Boolean).join("\n---\n"), bind); // prettier-ignore
  const { outputs } = own;
  const { pipeline, consumer } = chooseConsumer(catalogue, {
    outputs,
    consumer: own.name,
    ...(refit && { refit }),
    ...(split !== undefined && { split }),
  });
  const input = planInputOf(catalogue);
  const pins = { ...own.pins, ...base.pins };
  const { variants } = planVariants({
    ...input,
    outputs,
    options: { limit: 1, ...withoutSourcePins({ pins }, input.sources) },
  });
  const graph = await planGraph(scope.workspace.id, catalogue, pipeline, variants);
  const [details] = describeVariants(graph, catalogue, consumer !== null, () => outputs);
  const [variant] = variants;
  if (!details || !variant) throw new DomainError("invalid", `Pipeline \`${own.name}\` cannot be planned.`);
  return { pipeline, variant, details, graph };
}

async function proposedFor({ scope, catalogue, pipeline }: Base, now: PlannedChange): Promise<ProposedFix[]> {
  const input = leakageInputOfVariant(now.graph, 0, pipeline.outputs);
  if (!input) return [];
  const { defaultSplit } = await prisma().workspace.findUniqueOrThrow({
    where: { id: scope.workspace.id },
    select: { defaultSplit: true },
  });
  return proposeFixes({
    pipeline,
    stages: catalogue.stages.filter(({ name }) => now.variant.stages.includes(name)).map(declaredStage),
    splits: catalogue.splits,
    defaultSplit,
    input,
    verdict: judgeLeakage(input),
  });
}

function isBetter(after: PlanVerdict, before: PlanVerdict | null): boolean {
  if (!before) return false;
  const rank = ({ verdict, severity }: PlanVerdict) => [VERDICTS.indexOf(verdict), SEVERITIES.indexOf(severity)];
  const [[verdict = 0, severity = 0], [was = 0, wasSevere = 0]] = [rank(after), rank(before)];
  return verdict < was || (verdict === was && severity < wasSevere);
}

function toFix(base: Base, proposed: ProposedFix, planned: PlannedChange, verdict: PlanVerdict): PlannedFix {
  const { action, title, estimators, change } = proposed;
  const { outputs, refit = [], fit, evaluate } = planned.pipeline;
  const { pins } = planned.details;
  return {
    action,
    title,
    estimators,
    plan: {
      outputs,
      consumer: base.pipeline.name,
      pins,
      refit,
      split: change.split ?? null,
      specs: change.documents ? change.documents.map(writeSpec).join("---\n") : null,
    },
    pipeline: {
      name: nameOf(base, action),
      outputs,
      ...(Object.keys(pins).length > 0 && { pins }),
      ...(fit && { fit }),
      ...(refit.length > 0 && { refit }),
      ...(evaluate && { evaluate }),
      ...(base.pipeline.owner !== undefined && { owner: base.pipeline.owner }),
      description: `${base.pipeline.name}, after: ${title}.`,
    },
    existing: change.documents ? null : existingLike(base.catalogue, planned.pipeline, pins),
    verdict,
    ...costsOf(planned.details),
  };
}

const SUFFIXES: Record<ProposedFix["action"], string> = {
  refit_on_train: "refit",
  adopt_split_policy: "resplit",
  cut_fit_window: "cut",
};

/** A name that no pipeline has. */
function nameOf({ pipeline, catalogue }: Base, action: ProposedFix["action"]): string {
  const stem = `${pipeline.name.slice(0, 48)}_${SUFFIXES[action]}`;
  const taken = new Set(catalogue.pipelines.map(({ name }) => name));
  for (let number = 2, name = stem; ; number += 1) {
    if (!taken.has(name)) return name;
    name = `${stem}_${number}`;
  }
}

function existingLike(
  { pipelines }: PlanCatalogue,
  wanted: PipelineDefinition,
  pins: Record<string, string>,
): string | null {
  const meaningOf = ({ outputs, fit, refit, evaluate }: PipelineDefinition) =>
    canonicalJson([[...outputs].sort(), fit ?? null, [...(refit ?? [])].sort(), evaluate ?? null]);
  const like = pipelines.find(
    (one) =>
      meaningOf(one) === meaningOf(wanted) &&
      Object.entries(pins).every(([column, stage]) => one.pins?.[column] === stage),
  );
  return like?.name ?? null;
}

function costsOf({ cost, remaining, fitted, materialised, saves }: Omit<PlannedChange["details"], "verdict">) {
  return { cost, remaining, fitted, materialised, saves };
}
