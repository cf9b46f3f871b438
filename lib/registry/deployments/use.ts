import type { Prisma, Transaction } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import { fitRowsOf } from "@/lib/domain/plans/row-sets";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { type LoadedVariant, loadVariant } from "../plans/load-variant";
import { paramsOf } from "../stored-json";

/** A declared object that goes, and the live deployments that run on it. */
interface Use {
  kind: "Stage" | "Source" | "SplitPolicy";
  name: string;
  deployments: string[];
}

const GUARDED: ReadonlySet<string> = new Set<Use["kind"]>(["Stage", "Source", "SplitPolicy"]);

/**
 * Throws `conflict` when the differences retire a stage, source or split policy that a deployment which is not retired runs on,
 * naming them all and what to do.
 * @returns the ids of the live deployments, as far as they had to be looked at: another one needs another look
 */
export async function assertNotDeployed(
  db: Prisma | Transaction,
  workspaceId: string,
  differences: readonly SpecDifference[],
): Promise<string[] | null> {
  const retired = differences.filter(({ kind, after }) => after === null && GUARDED.has(kind));
  if (retired.length === 0) return null;
  const live = await db.deployment.findMany({
    where: { workspaceId, state: { not: "retired" } },
    orderBy: { name: "asc" },
  });
  const uses = retired.map(({ kind, name }): Use => ({ kind: kind as Use["kind"], name, deployments: [] }));
  for (const deployment of live) {
    const variant = await loadVariant(db, workspaceId, deployment.variantId, paramsOf(deployment));
    const names = namesUsedBy(variant);
    for (const use of uses) if (names[use.kind].has(use.name)) use.deployments.push(deployment.name);
  }
  const found = uses.filter(({ deployments }) => deployments.length > 0);
  if (found.length === 0) return live.map(({ id }) => id);
  const sentences = found.map(
    ({ kind, name, deployments }) =>
      `${IN_WORDS[kind]} ${name} is used by the ${deployments.length === 1 ? "deployment" : "deployments"} ${deployments.join(", ")}`,
  );
  throw new DomainError(
    "conflict",
    `Nothing was applied. ${sentences.join("; ")}. Retire ${new Set(found.flatMap((use) => use.deployments)).size === 1 ? "that deployment" : "those deployments"} first, or deploy a variant without it; or leave it declared.`,
    { uses: found },
  );
}

/** Whether a deployment is live that is none of these. */
export async function hasOtherLive(tx: Transaction, workspaceId: string, known: readonly string[]): Promise<boolean> {
  const where = { workspaceId, state: { not: "retired" }, id: { notIn: [...known] } };
  return (await tx.deployment.findFirst({ where, select: { id: true } })) !== null;
}

const IN_WORDS: Record<Use["kind"], string> = { Stage: "Stage", Source: "Source", SplitPolicy: "Split policy" };

function namesUsedBy(variant: LoadedVariant): Record<Use["kind"], Set<string>> {
  const { evaluate } = variant.pipeline;
  const fits = [...variant.instances.values()].map((instance) => fitRowsOf(variant, instance));
  return {
    Stage: new Set(variant.stages.keys()),
    Source: new Set(sourcesReadBy(variant).map((source) => source.name)),
    SplitPolicy: new Set([
      ...(evaluate ? [evaluate.split] : []),
      ...fits.flatMap((rows) => ("split" in rows ? [rows.split] : [])),
    ]),
  };
}

/** The sources with a column that some stage of the variant reads. */
export function sourcesReadBy({ catalogue, instances }: LoadedVariant): SourceDefinition[] {
  const read = new Set(
    [...instances.values()].flatMap((instance) =>
      Object.entries(instance.inputs).flatMap(([column, from]) => ("source" in from ? [column] : [])),
    ),
  );
  return catalogue.sources.filter((source) =>
    source.columns.some((column) => read.has(`${source.entity}.${column.name}`)),
  );
}
