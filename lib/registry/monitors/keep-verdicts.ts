import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { WindowVerdict } from "@/lib/domain/monitors/evaluate-monitor";

type Verdict = Prisma.MonitorVerdictCreateManyInput;

/**
 * Keeps what an evaluation found. A verdict that says the same again is left alone; one that says something else comes beside the earlier,
 * which stays as it was and is no longer the newest of its window.
 * @param which the newest verdicts that the evaluation was about: those that it did not find again are no longer the newest either
 */
export async function keepVerdicts(
  tx: Transaction,
  monitorId: string,
  verdicts: readonly Omit<Verdict, "monitorId">[],
  which: Prisma.MonitorVerdictWhereInput = {},
): Promise<void> {
  const kept = await tx.monitorVerdict.findMany({ where: { ...which, monitorId, supersededAt: null } });
  const found = new Map(verdicts.map((verdict) => [contentOf(verdict), verdict]));
  const known = new Set(kept.map(contentOf));
  await supersedeVerdicts(
    tx,
    kept.flatMap((row) => (found.has(contentOf(row)) ? [] : [row.id])),
  );
  const fresh = [...found].flatMap(([content, verdict]) => (known.has(content) ? [] : [{ ...verdict, monitorId }]));
  await tx.monitorVerdict.createMany({ data: fresh });
}

/** The columns of a verdict that are the same whatever the monitor watches. */
export function verdictRow(definitionVersionId: string, verdict: WindowVerdict) {
  return {
    definitionVersionId,
    feature: verdict.feature,
    featureVersionId: verdict.versionId,
    windowFrom: new Date(verdict.from),
    windowTo: new Date(verdict.to),
    reference: verdict.reference,
    score: verdict.score,
    state: verdict.state,
    severity: verdict.severity,
    referenceRows: BigInt(verdict.rows[0]),
    rows: BigInt(verdict.rows[1]),
    explanation: verdict.explanation,
  };
}

/** They stay as they are, and nothing of today is read from them. */
export async function supersedeVerdicts(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.monitorVerdict.updateMany({ where: { id: { in: [...ids] } }, data: { supersededAt: new Date() } });
}

/** What a verdict says and of what, whatever row it is in. */
function contentOf({ details, ...verdict }: Omit<Verdict, "monitorId" | "details"> & { details?: unknown }): string {
  return canonicalJson([
    verdict.feature,
    verdict.featureVersionId,
    verdict.definitionVersionId ?? null,
    new Date(verdict.windowFrom),
    new Date(verdict.windowTo),
    verdict.metric,
    verdict.warn,
    verdict.critical,
    verdict.reference,
    verdict.score ?? null,
    verdict.state,
    verdict.severity ?? null,
    String(verdict.referenceRows),
    String(verdict.rows),
    verdict.explanation,
    details ?? null,
  ]);
}
