import { prisma } from "@/lib/db/client";
import type { RowSet } from "@/lib/domain/leakage/types";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import { fittedModelOf, rowSetOf } from "../stored-json";

/** What a model version learned in one place of its variant. */
export interface ScoringFit {
  fingerprint: string;
  rowSet: RowSet;
  fitted: FittedModel;
}

/**
 * Instance key → the fit there.
 * @param ids of a model version: instance key → id of the fit
 */
export async function loadFits(ids: Record<string, string>): Promise<Map<string, ScoringFit>> {
  const rows = await prisma().fit.findMany({
    where: { id: { in: Object.values(ids) } },
    select: { id: true, fingerprint: true, model: true, rowSet: true },
  });
  return new Map(
    Object.entries(ids).flatMap(([instance, id]) => {
      const fit = rows.find((row) => row.id === id);
      return fit
        ? [
            [
              instance,
              { fingerprint: fit.fingerprint, rowSet: rowSetOf(fit.rowSet ?? []), fitted: fittedModelOf(fit.model) },
            ] as const,
          ]
        : [];
    }),
  );
}
