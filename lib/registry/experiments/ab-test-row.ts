import type { AbComparison, AbEvaluation, AbTestSummary } from "@/lib/contracts/ab-tests";
import { type Prisma as Client, prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { OutcomeMetricName } from "@/lib/domain/definitions/outcome-metrics";
import { countBuckets } from "@/lib/domain/ab-tests/sample-ratio";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { DomainError } from "@/lib/domain/errors";
import type { Scope } from "../scope";
import { definitionOf } from "../stored-json";

export type HashPolicy = Extract<SplitPolicyDefinition, { type: "hash" }>;

export const AB_TEST = {
  experiment: { select: { id: true, number: true, title: true, state: true } },
  splitPolicyVersion: { select: { definition: true } },
  arms: {
    orderBy: { position: "asc" },
    include: {
      deployment: {
        select: {
          id: true,
          name: true,
          state: true,
          variantId: true,
          variant: { select: { choice: true, pipeline: { select: { name: true } } } },
        },
      },
    },
  },
} as const satisfies Prisma.AbTestInclude;
export type AbTestRow = Prisma.AbTestGetPayload<{ include: typeof AB_TEST }>;

/** What `AbTest.result` holds. */
export interface AbResult {
  comparison: AbComparison | null;
  evaluation: AbEvaluation | null;
}

export const resultOf = (row: { result: unknown }): AbResult =>
  (row.result as AbResult | null) ?? { comparison: null, evaluation: null };

export async function findAbTest(db: Client | Transaction, scope: Scope, name: string): Promise<AbTestRow> {
  const row = await db.abTest.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    include: AB_TEST,
  });
  if (!row)
    throw new DomainError(
      "not_found",
      `There is no A/B test ${name} in ${scope.workspace.name}. /deployments/ab-tests lists them.`,
    );
  return row;
}

/** The hash policies by name as they are now, retired ones included. */
export async function hashPolicies(
  workspaceId: string,
  db: Client | Transaction = prisma(),
): Promise<Map<string, HashPolicy & { versionId: string }>> {
  const rows = await db.splitPolicy.findMany({
    where: { workspaceId, type: "hash" },
    select: { definition: true, definitionVersionId: true },
  });
  return new Map(
    rows.map(({ definition, definitionVersionId: versionId }) => {
      const policy = definitionOf("SplitPolicy", { definition }) as HashPolicy;
      return [policy.name, { ...policy, versionId }];
    }),
  );
}

/** The policy as it was when the test began: an edit of it moves no row to another arm. */
export function policyOf({ splitPolicyVersion }: Pick<AbTestRow, "splitPolicyVersion">): HashPolicy {
  return definitionOf("SplitPolicy", splitPolicyVersion) as HashPolicy;
}

export function toAbTestSummary(workspace: string, row: AbTestRow, nameOf: (id: string) => string): AbTestSummary {
  const { comparison, evaluation } = resultOf(row);
  const policy = policyOf(row);
  const choices = row.arms.map(({ deployment }) => deployment.variant.choice as Record<string, string>);
  // What only one of them computes follows from where they differ.
  const differing = Object.keys(choices[0] ?? {})
    .filter((column) => choices.every((choice) => choice[column] !== undefined))
    .filter((column) => new Set(choices.map((choice) => choice[column])).size > 1)
    .sort();
  const all = row.arms.map((arm) => countBuckets(policy.parts, arm.parts));
  return {
    name: row.name,
    workspace,
    output: row.output,
    label: row.label,
    metric: row.metric as OutcomeMetricName,
    state: row.state as AbTestSummary["state"],
    winner: row.winner,
    arms: row.arms.map(({ name, deployment, parts }, index) => ({
      name,
      deployment: deployment.name,
      deploymentState: deployment.state,
      pipeline: deployment.variant.pipeline.name,
      differs: Object.fromEntries(differing.map((column) => [column, choices[index]?.[column] ?? ""])),
      parts,
      ranges: parts.flatMap((part) => policy.parts[part] ?? []),
      share: (all[index] as number) / policy.buckets,
    })),
    sentence: comparison?.sentence ?? null,
    verdict: comparison?.verdict.code ?? null,
    evaluation,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    closedAt: row.closedAt?.toISOString() ?? null,
  };
}
