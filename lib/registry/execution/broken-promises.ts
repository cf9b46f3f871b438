import { prisma } from "@/lib/db/client";
import type { PlannedFit } from "@/lib/domain/plans/fit-fingerprints";
import { basesOf, explainBrokenPromise, type PromisedReuse } from "@/lib/domain/plans/promised-reuse";
import type { ResolvedVersions, Upstream } from "@/lib/domain/plans/row-sets";
import type { FitBasis } from "@/lib/domain/plans/fit-basis";
import { digestOf } from "../record-event";
import type { ReusedValues } from "./reuse-values";
import type { RunContext } from "./run-context";

/**
 * Instance key → why the run does not use what the plan promised when the run was asked for, as a sentence; none where it does, or
 * where nobody needs the stage any more.
 * @param isFitted whether the estimator's fit is reused
 */
export async function explainBrokenPromises(
  context: RunContext,
  run: {
    upstream: ReadonlyMap<string, Upstream>;
    fits: ReadonlyMap<string, PlannedFit>;
    versions: ResolvedVersions;
    fingerprints: ReadonlyMap<string, string>;
    reuse: ReusedValues;
    isFitted: (instance: string) => boolean;
  },
): Promise<Map<string, string>> {
  const rows = await prisma().$queryRaw<{ instance: string; promised: PromisedReuse }[]>`
    SELECT "instance", "promised" FROM "RunStage" WHERE "runId" = ${context.run.id} AND "promised" IS NOT NULL`;
  const running = new Set(run.reuse.run);
  const broken = rows.filter(
    ({ instance, promised }) =>
      running.has(instance) &&
      !(promised.kind === "fitted" && run.isFitted(instance)) &&
      context.instances.has(instance),
  );
  if (broken.length === 0) return new Map();
  const bases = basesOf(context, run.upstream, run.fits, run.versions, digestOf);
  return new Map(
    broken.map(({ instance, promised }) => [
      instance,
      explainBrokenPromise(promised, {
        fingerprint: promised.kind === "fitted" ? run.fits.get(instance)?.fingerprint : run.fingerprints.get(instance),
        basis: bases.get(instance) as FitBasis,
        files: run.reuse.known.get(instance) ?? [],
        columns: run.reuse.needed.get(instance) ?? [],
      }),
    ]),
  );
}
