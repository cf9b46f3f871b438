import type { ModelEvidence, ModelFollower, ModelRead, ModelVersionSide } from "@/lib/contracts/change-model-evidence";
import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { describeRecordedRows, describeRowSet, UNRECORDED_ROWS } from "@/lib/domain/leakage/describe-row-set";
import { policyKey } from "@/lib/domain/leakage/split-policy";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { modelOwner } from "../catalogue/model-owner";
import { loadPolicies } from "../catalogue/split-policies";
import { comparePlans } from "./plan";
import { testUses, toTestUse } from "../models/test-use";
import { worstVerdict } from "../models/verdicts";
import { leakageInputOf, rowSetOf } from "../stored-json";

const VERSION = {
  run: { select: { id: true, number: true } },
  fit: {
    select: {
      signature: true,
      rowSet: true,
      stageVersion: { select: { operator: true, stage: { select: { name: true } } } },
    },
  },
  model: { select: { owner: true } },
  variant: { select: { pipeline: { select: { owner: true } } } },
  verdicts: {
    include: {
      featureVersion: {
        select: {
          version: true,
          feature: { select: { name: true, owner: true } },
          pointers: { select: { environment: true } },
        },
      },
    },
  },
} as const satisfies Prisma.ModelVersionInclude;
type VersionRow = Prisma.ModelVersionGetPayload<{ include: typeof VERSION }>;

/** Computes what a reviewer needs to know before an alias moves, from what runs recorded. */
export async function gatherModelEvidence(
  tx: Transaction,
  question: {
    workspaceId: string;
    model: { name: string };
    alias: GovernedEnvironment;
    versionId: string;
    /** The version that has the alias; null when none has. */
    baseVersionId: string | null;
  },
): Promise<ModelEvidence> {
  const { workspaceId, model, alias, versionId, baseVersionId } = question;
  const load = (id: string) => tx.modelVersion.findUniqueOrThrow({ where: { id }, include: VERSION });
  const after = await load(versionId);
  const before = baseVersionId === null ? null : await load(baseVersionId);
  const policies = await loadPolicies(workspaceId, tx);
  const { verdict, severity, sentence } = worstVerdict(after.verdicts);
  const owners = [
    modelOwner(after.model, after.variant),
    ...after.verdicts.map((one) => one.featureVersion.feature.owner),
  ];
  return {
    kind: "model",
    computedAt: new Date().toISOString(),
    before: before && toSide(before, policies),
    after: toSide(after, policies),
    leakage: { verdict, severity, sentence },
    testUse: toTestUse((await testUses(tx, workspaceId, [after.testRows])).get(after.testRows ?? "")),
    reads: after.verdicts.map(toRead).sort((one, other) => (one.feature < other.feature ? -1 : 1)),
    metrics: compareMetrics(before, after),
    sameRows: before !== null && testOf(before) === testOf(after),
    plan: await comparePlansOf(tx, workspaceId, before, after),
    followers: await findFollowers(tx, workspaceId, model.name, alias, after.variantId),
    owners: [...new Set(owners.filter((owner) => owner !== ""))].sort(),
  };
}

const inputOf = (row: VersionRow) => leakageInputOf(row.leakageInput);

/** What a score means: equal text, equal rows and label, so that two scores compare. */
function testOf(row: VersionRow): string {
  const { consumer, policies } = inputOf(row);
  const test = consumer.test.map(({ split, ...box }) => ({
    ...box,
    ...(split && { parts: split.parts, policy: policies[policyKey(split)] }),
  }));
  return canonicalJson({ test, label: consumer.label ?? null });
}

function toSide(row: VersionRow, policies: LeakageInput["policies"]): ModelVersionSide {
  const input = inputOf(row);
  return {
    version: row.version,
    modelVersionId: row.id,
    stage: row.fit?.stageVersion.stage.name ?? null,
    operator: row.fit?.stageVersion.operator ?? null,
    run: row.run?.number ?? null,
    runId: row.run?.id ?? null,
    trainedOn: describeRecordedRows(row.fit?.rowSet ? rowSetOf(row.fit.rowSet) : null, {
      policies: { ...policies, ...input.policies },
    }),
    testedOn: row.run ? describeRowSet(input.consumer.test, input) : UNRECORDED_ROWS,
  };
}

function toRead(row: VersionRow["verdicts"][number]): ModelRead {
  const { feature, version, pointers } = row.featureVersion;
  const served = new Set(pointers.map(({ environment }) => environment));
  return {
    feature: feature.name,
    version,
    environments: ENVIRONMENTS.filter((environment) => served.has(environment)),
    verdict: row.verdict as ModelRead["verdict"],
    severity: row.severity as ModelRead["severity"],
    reasons: row.reasons,
    explanation: row.explanation,
  };
}

type Metrics = Record<string, Record<string, number>>;

/** Every metric that either version has, by part. */
function compareMetrics(before: VersionRow | null, after: VersionRow): ModelEvidence["metrics"] {
  const [old, next] = [(before?.metrics ?? {}) as Metrics, after.metrics as Metrics];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((part) =>
    [...new Set([...Object.keys(old[part] ?? {}), ...Object.keys(next[part] ?? {})])].map((metric) => ({
      part,
      metric,
      before: old[part]?.[metric] ?? null,
      after: next[part]?.[metric] ?? null,
    })),
  );
}

/** The plans of what the two fits write: a fit and the feature version that it writes have one signature. */
async function comparePlansOf(tx: Transaction, workspaceId: string, before: VersionRow | null, after: VersionRow) {
  const written = async (row: VersionRow | null) => {
    const found =
      row?.fit &&
      (await tx.featureVersion.findFirst({ where: { signature: row.fit.signature, feature: { workspaceId } } }));
    return found?.id ?? null;
  };
  const proposed = await written(after);
  return proposed === null ? [] : comparePlans(tx, await written(before), proposed);
}

/** The jobs of deployments that score with whatever version has the alias. */
async function findFollowers(
  tx: Transaction,
  workspaceId: string,
  model: string,
  alias: GovernedEnvironment,
  variantId: string | null,
): Promise<ModelFollower[]> {
  const jobs = await tx.deploymentJob.findMany({
    where: { kind: `predict_${alias}`, deployment: { workspaceId, model, retiredAt: null } },
    include: {
      deployment: { select: { name: true, state: true, variantId: true } },
      runs: { select: { number: true }, orderBy: { createdAt: "desc" }, take: 1 },
    },
    orderBy: { deployment: { name: "asc" } },
  });
  return jobs.map((job) => ({
    deployment: job.deployment.name,
    job: job.kind,
    state: job.deployment.state,
    schedule: job.schedule,
    nextRunAt: job.nextRunAt?.toISOString() ?? null,
    lastRun: job.runs[0]?.number ?? null,
    fits: job.deployment.variantId === variantId,
  }));
}
