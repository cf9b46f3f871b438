import type { AttentionItem } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { describeMissing, describeScore } from "@/lib/domain/drift/drift-words";
import { alertPicture } from "@/lib/domain/monitors/alert-picture";
import { CONCEPT_METRICS } from "@/lib/domain/definitions/concept-monitor";
import type { ConceptDetails } from "@/lib/domain/monitors/concept-verdicts";
import type { VerdictDetails } from "@/lib/domain/monitors/evaluate-monitor";
import { subjectOf, WITH_SUBJECT } from "../monitors/alert-subject";

/** Alerts that nobody resolved, each with the picture that shows why; whoever acknowledged or snoozed one need not be told again. */
export async function listLiveAlerts(
  workspaceId: string,
): Promise<{ feature: string; isOpen: boolean; item: AttentionItem }[]> {
  const rows = await prisma().alert.findMany({
    where: { workspaceId, liveKey: { not: null } },
    orderBy: { number: "desc" },
    include: WITH_SUBJECT,
  });
  const verdicts = await prisma().monitorVerdict.findMany({
    where: {
      supersededAt: null,
      OR: rows.flatMap(({ monitorId, feature, lastFrom }) =>
        monitorId === null ? [] : [{ monitorId, feature, windowFrom: lastFrom }],
      ),
    },
    select: { monitorId: true, feature: true, windowFrom: true, metric: true, score: true, details: true },
  });
  const keyOf = (monitorId: string, feature: string, from: Date) => `${monitorId}/${feature}/${from.toISOString()}`;
  const verdictOf = new Map(verdicts.map((one) => [keyOf(one.monitorId, one.feature, one.windowFrom), one]));
  return rows.map((row) => {
    const subject = subjectOf(row);
    const { monitor, isConcept, isFreshness } = subject;
    const verdict = row.monitorId === null ? undefined : verdictOf.get(keyOf(row.monitorId, row.feature, row.lastFrom));
    const figure = verdict ? (isConcept ? conceptFigure(verdict.details) : driftFigure(verdict)) : null;
    const item: AttentionItem = {
      kind: "alert",
      title: row.feature,
      sentence: isFreshness
        ? row.explanation
        : `${monitor} alerts: ${row.level}${figure === null ? "" : `, ${figure}`}, ${row.windows === 1 ? "one window" : `${row.windows} windows`} since ${row.firstFrom.toISOString().slice(0, 10)}.`,
      href: alertPicture({ ...row, ...subject }),
      at: row.openedAt.toISOString(),
    };
    return { feature: row.feature, isOpen: row.state === "open", item };
  });
}

/** What the newest window came to by name; the shares of missing values where these are what alarms. */
function driftFigure({ metric, score, details }: { metric: string; score: number | null; details: unknown }) {
  // Written by `runMonitor`; verdicts of before this was kept have none.
  const { because, missing } = (details ?? {}) as Partial<VerdictDetails>;
  if (because === "missing" && missing) return describeMissing([missing.reference, missing.current]);
  return score === null ? null : describeScore(metric, score);
}

function conceptFigure(details: unknown): string | null {
  const { metric, value = null } = (details ?? {}) as Partial<ConceptDetails>;
  return metric === undefined || value === null
    ? null
    : `${METRIC_FACTS[CONCEPT_METRICS[metric]].label} ${value.toFixed(4)}`;
}
