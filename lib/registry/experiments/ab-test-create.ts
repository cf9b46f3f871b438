import type { AbTest, CreateAbTest } from "@/lib/contracts/ab-tests";
import { prisma, type Transaction } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { nearest } from "@/lib/domain/names/nearest-name";
import { queueIfReady } from "./ab-test-evaluation";
import { labelIssues, partIssues, policyIssue } from "./ab-test-issues";
import { hashPolicies } from "./ab-test-row";
import { getAbTest } from "./ab-tests";
import { recordEvent } from "../record-event";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { openScopeFor, type Scope } from "../scope";
import { paramsOf } from "../stored-json";

/**
 * Sets deployments side by side and, when all have predicted already, asks for the first comparison. Throws `conflict` for a
 * name that is taken and `invalid` with every reason why the arms cannot be compared.
 */
export async function createAbTest(principal: Principal, input: CreateAbTest): Promise<AbTest> {
  const scope = await openScopeFor(principal, input.workspace, "experiment:edit");
  await openQueue();
  await prisma().$transaction((tx) => insertAbTest(tx, scope, input));
  return getAbTest(principal, input);
}

async function insertAbTest(tx: Transaction, scope: Scope, input: CreateAbTest): Promise<void> {
  const workspaceId = scope.workspace.id;
  // Two tests of one name, made at once, follow each other.
  await tx.$executeRaw`SELECT 1 FROM "Workspace" WHERE "id" = ${workspaceId} FOR NO KEY UPDATE`;
  if (await tx.abTest.findUnique({ where: { workspaceId_name: { workspaceId, name: input.name } } }))
    throw new DomainError("conflict", `There is an A/B test ${input.name} already. Take another name.`);
  const deployments = await deploymentsOf(tx, workspaceId, input);
  const output = input.output ?? commonOutput(deployments);
  const label = input.label ?? deployments[0]?.params.definition.evaluate?.label;
  const policies = await hashPolicies(workspaceId, tx);
  const policy = policies.get(input.splitPolicy);
  const issues = [
    ...deployments.flatMap((deployment, index) => outputIssues(deployment, index, output)),
    ...(policy ? partIssues(input, policy) : [await policyIssue(tx, workspaceId, input.splitPolicy, policies)]),
    ...(label === undefined
      ? [
          {
            path: ["label"],
            message: `${deployments[0]?.name} declares no label. Say which column has what really happened.`,
          },
        ]
      : await labelIssues(tx, workspaceId, { output, label, metric: input.metric, policy })),
  ];
  const experimentId = await experimentOf(tx, workspaceId, input.experiment ?? null);
  if (issues.length > 0 || label === undefined || !policy) throw invalid(issues);
  const test = await tx.abTest.create({
    data: {
      workspaceId,
      name: input.name,
      output,
      label,
      splitPolicy: input.splitPolicy,
      splitPolicyVersionId: policy.versionId,
      metric: input.metric,
      alpha: input.alpha,
      minimumEffect: input.minimumEffect,
      state: "running",
      experimentId,
      createdBy: scope.actor.id,
      updatedBy: scope.actor.id,
      arms: {
        create: input.arms.map(({ name, parts }, position) => ({
          name,
          position,
          parts: [...new Set(parts)],
          deploymentId: deployments[position]?.id as string,
        })),
      },
    },
    select: { id: true },
  });
  await queueIfReady(tx, test.id);
  const { workspace: _, ...said } = input;
  await recordEvent(tx, scope, {
    action: "ab_test.create",
    object: `ab_test/${input.name}`,
    after: { ...said, output, label },
  });
}

interface ArmDeployment {
  id: string;
  name: string;
  params: RunParams;
}

/** The deployments of the arms. Throws `invalid` for one that is not there, is retired or is named twice. */
async function deploymentsOf(tx: Transaction, workspaceId: string, { arms }: CreateAbTest): Promise<ArmDeployment[]> {
  const rows = await tx.deployment.findMany({
    where: { workspaceId },
    select: { id: true, name: true, state: true, params: true },
  });
  const issues: Issue[] = [];
  const found = arms.flatMap(({ name, deployment }, index) => {
    const path = ["arms", index, "deployment"];
    if (arms.findIndex((arm) => arm.name === name) < index)
      issues.push({ path: ["arms", index, "name"], message: `Two arms are called ${name}.` });
    if (arms.findIndex((arm) => arm.deployment === deployment) < index)
      issues.push({ path, message: `${deployment} is an arm already: a deployment cannot be compared with itself.` });
    const row = rows.find((candidate) => candidate.name === deployment);
    if (!row) {
      const meant = nearest(
        deployment,
        rows.filter(({ state }) => state !== "retired").map((candidate) => candidate.name),
      );
      issues.push({
        path,
        message: `There is no deployment ${deployment} here.${meant ? ` Did you mean ${meant}?` : " /deployments lists them."}`,
        found: deployment,
        ...(meant && { expected: meant }),
      });
    } else if (row.state === "retired")
      issues.push({
        path,
        message: `Deployment ${deployment} is retired: it predicts no more rows. Deploy its variant again.`,
      });
    return row ? [{ id: row.id, name: row.name, params: paramsOf(row) }] : [];
  });
  if (issues.length > 0) throw invalid(issues);
  return found;
}

/** The one column that all deployments write. Throws `invalid` when there is none, or more than one. */
function commonOutput(deployments: ArmDeployment[]): string {
  const [first, ...rest] = deployments.map(({ params }) => params.definition.outputs);
  const common = (first ?? []).filter((column) => rest.every((outputs) => outputs.includes(column)));
  if (common.length === 1) return common[0] as string;
  const written = deployments.map(({ name, params }) => `${name} writes ${params.definition.outputs.join(", ")}`);
  throw invalid([
    {
      path: ["output"],
      message:
        common.length === 0
          ? `The arms predict different things: ${written.join("; ")}. An A/B test compares variants of one output.`
          : `All arms write ${common.join(", ")}. Say which of them is compared.`,
    },
  ]);
}

function outputIssues({ name, params }: ArmDeployment, index: number, output: string): Issue[] {
  const { outputs } = params.definition;
  if (outputs.includes(output)) return [];
  return [
    {
      path: ["arms", index, "deployment"],
      message: `${name} predicts ${outputs.join(", ")}, not ${output}. An A/B test compares variants of one output.`,
      expected: output,
      found: outputs.join(", "),
    },
  ];
}

/** Throws `not_found` for an experiment that is not there, `conflict` for one that was decided. */
async function experimentOf(tx: Transaction, workspaceId: string, number: number | null): Promise<string | null> {
  if (number === null) return null;
  const row = await tx.experiment.findUnique({ where: { workspaceId_number: { workspaceId, number } } });
  if (!row)
    throw invalid([
      { path: ["experiment"], message: `There is no experiment ${number} here. /experiments lists them.` },
    ]);
  if (row.state !== "open")
    throw new DomainError(
      "conflict",
      `Experiment ${number} was decided: ${row.outcome}. Reopen it, or write a new one.`,
    );
  return row.id;
}

function invalid(issues: Issue[]): DomainError {
  const more = issues.length > 1 ? ` And ${issues.length - 1} more.` : "";
  return new DomainError("invalid", `${issues[0]?.message ?? "The test cannot be set up."}${more}`, { issues });
}
