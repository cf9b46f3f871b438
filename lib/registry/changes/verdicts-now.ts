import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Severity, Verdict } from "@/lib/domain/leakage/codes";
import { groupBy } from "@/lib/domain/group-by";
import { worstVerdict } from "../models/verdicts";

const VERDICT = {
  featureVersion: { select: { feature: { select: { name: true } } } },
} as const satisfies Prisma.LeakageVerdictInclude;
type VerdictRow = Prisma.LeakageVerdictGetPayload<{ include: typeof VERDICT }>;

/** By id of the model version: what is said of it now. */
export type VerdictsNow = ReadonlyMap<string, readonly VerdictRow[]>;

/** Verdicts of the model versions that evidence speaks of: since it was gathered, units may have been counted, or rules changed. */
export async function loadVerdictsNow(
  db: Client | Transaction,
  evidence: readonly ChangeEvidence[],
): Promise<VerdictsNow> {
  const ids = new Set(evidence.flatMap(modelVersionsOf));
  if (ids.size === 0) return new Map();
  const rows = await db.leakageVerdict.findMany({ where: { modelVersionId: { in: [...ids] } }, include: VERDICT });
  return groupBy(rows, ({ modelVersionId }) => modelVersionId);
}

function modelVersionsOf(evidence: ChangeEvidence): string[] {
  if (evidence.kind === "model") return [evidence.after.modelVersionId];
  return evidence.leakage.map(({ modelVersionId }) => modelVersionId);
}

/** Evidence with the verdicts of now in the place of those of when it was gathered. */
export function withVerdictsNow(evidence: ChangeEvidence, feature: string | null, now: VerdictsNow): ChangeEvidence {
  if (evidence.kind === "model") {
    const rows = now.get(evidence.after.modelVersionId);
    if (!rows) return evidence;
    const { verdict, severity, sentence } = worstVerdict(rows);
    return {
      ...evidence,
      leakage: { verdict, severity, sentence },
      reads: evidence.reads.map((read) => ({ ...read, ...saidOf(rows, read.feature) })),
    };
  }
  return {
    ...evidence,
    leakage: evidence.leakage.map((one) => ({ ...one, ...saidOf(now.get(one.modelVersionId), feature) })),
  };
}

function saidOf(rows: readonly VerdictRow[] | undefined, feature: string | null) {
  const row = rows?.find(({ featureVersion }) => featureVersion.feature.name === feature);
  if (!row) return {};
  const { reasons, explanation } = row;
  return { verdict: row.verdict as Verdict, severity: row.severity as Severity, reasons, explanation };
}
