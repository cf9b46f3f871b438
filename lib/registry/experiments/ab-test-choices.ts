import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";
import { hashPolicies } from "./ab-test-row";
import { paramsOf } from "../stored-json";

/** What a new test can be made of. */
export interface AbTestChoices {
  deployments: { name: string; outputs: string[]; label: string | null; pipeline: string; stages: string }[];
  policies: {
    name: string;
    description: string;
    key: string;
    buckets: number;
    parts: Record<string, [number, number][]>;
  }[];
  experiments: { number: number; title: string }[];
}

/** Deployments that are not retired, hash policies that are not, and experiments that are open. */
export async function listAbTestChoices(principal: Principal, workspace: string): Promise<AbTestChoices> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const workspaceId = scope.workspace.id;
  const deployments = await prisma().deployment.findMany({
    where: { workspaceId, state: { not: "retired" } },
    select: { name: true, params: true, variant: { select: { choice: true, pipeline: { select: { name: true } } } } },
    orderBy: { name: "asc" },
  });
  const live = await prisma().splitPolicy.findMany({
    where: { workspaceId, type: "hash", retiredAt: null },
    select: { name: true, description: true },
    orderBy: { name: "asc" },
  });
  const policies = await hashPolicies(workspaceId);
  const experiments = await prisma().experiment.findMany({
    where: { workspaceId, state: "open" },
    select: { number: true, title: true },
    orderBy: { number: "desc" },
    take: 200,
  });
  return {
    deployments: deployments.map(({ name, params, variant }) => {
      const { outputs, evaluate } = paramsOf({ params }).definition;
      const choice = variant.choice as Record<string, string>;
      return {
        name,
        outputs,
        label: evaluate?.label ?? null,
        pipeline: variant.pipeline.name,
        stages: [...new Set(outputs.flatMap((column) => choice[column] ?? []))].join(", "),
      };
    }),
    policies: live.flatMap(({ name, description }) => {
      const policy = policies.get(name);
      return policy ? [{ name, description, key: policy.key, buckets: policy.buckets, parts: policy.parts }] : [];
    }),
    experiments,
  };
}
