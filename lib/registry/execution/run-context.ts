import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import type { Catalogue } from "../catalogue/catalogue";
import { type LoadedVariant, loadVariant } from "../plans/load-variant";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { type Scope, systemScope } from "../scope";
import { paramsOf } from "../stored-json";

/** Everything that is known of a run before it begins. */
export interface RunContext extends LoadedVariant {
  run: Run;
  params: RunParams;
  /** The product acts; who asked for the run is the run's `createdBy`. */
  scope: Scope;
  /**
   * Set where a run is done again, to what was there when it ended: every value is computed, and nothing is used of what it or another run
   * learned or wrote, but fits that it took as they were.
   */
  again?: { until: Date };
}

/**
 * @param variant what runs, where it is not what was asked for: a predict run runs what its model version was made by
 * @param catalogue what was declared, where it is not what is declared now
 */
export async function loadRunContext(
  run: Run,
  variant: { id: string | null; params: RunParams } = { id: run.variantId, params: paramsOf(run) },
  catalogue?: Catalogue,
): Promise<RunContext> {
  if (!variant.id) throw new DomainError("invalid", `Run ${run.number} has no variant to run. Start a new one.`);
  return {
    ...(await loadVariant(prisma(), run.workspaceId, variant.id, variant.params, catalogue)),
    run,
    params: paramsOf(run),
    scope: await scopeOfRun(run),
  };
}

export async function scopeOfRun(run: Pick<Run, "workspaceId">): Promise<Scope> {
  const workspace = await prisma().workspace.findUniqueOrThrow({
    where: { id: run.workspaceId },
    select: { id: true, name: true },
  });
  return systemScope(workspace);
}
