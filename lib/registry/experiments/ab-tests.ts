import { createHash } from "node:crypto";
import type { AbAssignment, AbComparison, AbTest, AbTestSummary } from "@/lib/contracts/ab-tests";
import { prisma } from "@/lib/db/client";
import type { ExperimentOutcome, ExperimentState } from "@/lib/domain/experiments/experiment";
import { bucketOf } from "@/lib/domain/leakage/bucket";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { promotionOf } from "./ab-test-promotion";
import { AB_TEST, findAbTest, type AbTestRow, policyOf, resultOf, toAbTestSummary } from "./ab-test-row";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";

export interface AbTestRef {
  workspace: string;
  name: string;
}

/** Running tests first, then the newest. */
export async function listAbTests(
  principal: Principal,
  query: { workspace: string; state?: "running" | "closed" } & PageQuery,
): Promise<{ items: AbTestSummary[]; total: number; nextCursor: string | null }> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const rows = await prisma().abTest.findMany({
    where: { workspaceId: scope.workspace.id, ...(query.state && { state: query.state }) },
    include: AB_TEST,
    orderBy: [{ state: "desc" }, { createdAt: "desc" }],
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const { items, ...page } = pageOf(rows, query);
  return {
    items: items.map((row) => toAbTestSummary(query.workspace, row, nameOf)),
    ...page,
  };
}

export async function getAbTest(principal: Principal, { workspace, name }: AbTestRef): Promise<AbTest> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await findAbTest(prisma(), scope, name);
  const policy = policyOf(row);
  const nameOf = await actorNames([row.createdBy]);
  const { comparison } = resultOf(row);
  const promotions: AbTest["promotions"] = {};
  for (const arm of row.arms)
    promotions[arm.name] = await promotionOf(prisma(), scope, row.output, arm.deployment, comparison?.sentence ?? "");
  const change = row.changeId
    ? await prisma().changeRequest.findUnique({
        where: { id: row.changeId },
        select: { number: true, title: true, state: true },
      })
    : null;
  const { experiment } = row;
  return {
    ...toAbTestSummary(workspace, row, nameOf),
    splitPolicy: row.splitPolicy,
    policy: { key: policy.key, salt: policy.salt, buckets: policy.buckets },
    alpha: row.alpha,
    minimumEffect: row.minimumEffect,
    comparison,
    experiment: experiment && {
      number: experiment.number,
      title: experiment.title,
      state: experiment.state as ExperimentState,
    },
    change,
    proposal: proposalOf(comparison, row.arms),
    promotions,
    canEdit: can(scope.actor.roles, "experiment:edit"),
  };
}

/** What follows from a verdict for the hypothesis, which is that one of the later arms is better than the first. */
function proposalOf(comparison: AbComparison | null, arms: AbTestRow["arms"]): AbTest["proposal"] {
  const verdict = comparison?.verdict;
  const outcome: ExperimentOutcome =
    verdict?.code === "better"
      ? verdict.winner === arms[0]?.name
        ? "invalidated"
        : "validated"
      : verdict?.code === "no_difference"
        ? "invalidated"
        : "inconclusive";
  return {
    winner: verdict?.winner ?? null,
    outcome,
    // Names of arms say nothing to whoever reads the experiment elsewhere.
    insight: comparison
      ? `${comparison.sentence.replace(/\.$/, "")}. ${arms.map((arm) => `${arm.name} is the deployment ${arm.deployment.name}`).join(", ")}.`
      : "",
  };
}

/** The arm of a key: as whoever serves the predictions needs it, one request at a time. */
export async function getAbAssignment(
  principal: Principal,
  { workspace, name, key }: AbTestRef & { key: string },
): Promise<AbAssignment> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await findAbTest(prisma(), scope, name);
  const { salt, buckets, parts } = policyOf(row);
  const bucket = bucketOf(key, salt, buckets, (text) => createHash("md5").update(text).digest("hex"));
  const arm = row.arms.find((candidate) =>
    candidate.parts.flatMap((part) => parts[part] ?? []).some(([from, to]) => from <= bucket && bucket < to),
  );
  return { key, bucket, buckets, arm: arm?.name ?? null, deployment: arm?.deployment.name ?? null };
}
