import type { DeploymentSummary } from "@/lib/contracts/deployments";
import type { PipelineDetail } from "@/lib/contracts/pipelines";

/** A variant that ran, as the registry kept it. */
export interface RanVariant {
  /** Column → stage that writes it. */
  choice: Record<string, string>;
  runs: number;
  last: { id: string; number: number; state: string };
}

export interface PipelineVariant {
  /** Place in declaration order, from 0. */
  index: number;
  /** Stages at the forks; what tells the variant apart from the others. */
  words: string;
  /** Pins that leave only this variant: the writer at every fork. */
  pins: Record<string, string>;
  stages: string[];
  cost: number;
  /** The deployment that runs it and is not retired; null for none. */
  deployment: DeploymentSummary | null;
  /** How it ran; null when it never did. */
  ran: RanVariant | null;
}

/** The planned variants of a pipeline, each with its pins and the deployment that runs it. */
export function variantsOf(
  pipeline: PipelineDetail,
  deployments: readonly DeploymentSummary[],
  ran: readonly RanVariant[],
): PipelineVariant[] {
  const { plan } = pipeline;
  if (!plan) return [];
  const columns = [...new Set(plan.choices.flatMap((choice) => Object.keys(choice)))];
  // A column that a variant does not have is a difference too.
  const forks = columns.filter((column) => new Set(plan.choices.map((choice) => choice[column])).size > 1);
  const pinned = Object.values(pipeline.pins);
  return plan.variants.map((stages, index) => {
    const choice = plan.choices[index] ?? {};
    const pins = Object.fromEntries(
      forks.flatMap((column) => (choice[column] === undefined ? [] : [[column, choice[column]] as const])),
    );
    return {
      index,
      words: [...new Set([...pinned, ...Object.values(pins)])].join(" · ") || "the only variant",
      pins,
      stages,
      cost: plan.costs[index] ?? 0,
      deployment: deployments.find((one) => one.state !== "retired" && isOf(one.choice, choice)) ?? null,
      ran: ran.find((one) => isOf(one.choice, choice)) ?? null,
    };
  });
}

/** What runs may write more than the outputs, such as the label that its fits are judged by. */
function isOf(run: Record<string, string>, choice: Record<string, string>): boolean {
  return Object.entries(choice).every(([column, stage]) => run[column] === stage);
}
