import { capitalCause } from "@/lib/domain/rules/quarantine-cause";
import type { AttentionItem } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import { type DriftFigure, isProbability } from "@/lib/domain/drift/drift-metrics";
import { describeMissing, describeScore } from "@/lib/domain/drift/drift-words";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { type Environment, servingEnvironment } from "@/lib/domain/environments";
import { listLiveAlerts } from "./alerts";

const MOST_ITEMS = 12;
/** A failed run of last month is no longer news. */
const RUN_NEWS_MS = 14 * 24 * 60 * 60_000;

/** What casts doubt on results comes before what may do so. */
const ORDER: AttentionItem["kind"][] = ["leak", "quarantine", "run", "alert", "drift"];

/**
 * Newest model versions whose test score leaks, newest data in quarantine, runs that failed lately, open alerts, and critical
 * drift of what is served and no alert speaks of; of each the newest first.
 */
export async function listAttentionItems(workspaceId: string, now: Date = new Date()): Promise<AttentionItem[]> {
  const alerts = await listLiveAlerts(workspaceId);
  const alerted = new Set(alerts.map(({ feature }) => feature));
  const found = await Promise.all([failed(workspaceId, now), leaking(workspaceId), quarantined(workspaceId)]);
  const drift = (await drifting(workspaceId)).filter(({ title }) => !alerted.has(title));
  return [...found.flat(), ...alerts.filter(({ isOpen }) => isOpen).map(({ item }) => item), ...drift]
    .sort(
      (one, other) =>
        ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) ||
        other.at.localeCompare(one.at) ||
        one.title.localeCompare(other.title),
    )
    .slice(0, MOST_ITEMS);
}

/** Data whose newest version is in quarantine: no run reads it, and nothing of it is served or promoted. */
async function quarantined(workspaceId: string): Promise<AttentionItem[]> {
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId, OR: [{ source: { retiredAt: null } }, { sourceId: null }] },
    orderBy: { version: "desc" },
    distinct: ["dataset"],
    select: { dataset: true, version: true, quarantinedAt: true, heldBy: true, sourceId: true },
  });
  return rows.flatMap(({ dataset, version, quarantinedAt, heldBy, sourceId }): AttentionItem[] =>
    quarantinedAt
      ? [
          {
            kind: "quarantine",
            title: `${dataset}@${version}`,
            sentence:
              sourceId === null
                ? `${capitalCause(heldBy)}, so nothing of it is served or promoted.`
                : `${capitalCause(heldBy)}, so no run reads it.`,
            href:
              heldBy[0] === undefined
                ? `/datasets/${encodeURIComponent(dataset)}?tab=rules`
                : `/monitors/${encodeURIComponent(heldBy[0])}`,
            at: quarantinedAt.toISOString(),
          },
        ]
      : [],
  );
}

/** One item per feature, however many windows are critical: the worst of them speaks. Windows that data cover in part do not count. */
async function drifting(workspaceId: string): Promise<AttentionItem[]> {
  const results = await prisma().driftResult.findMany({
    where: {
      state: "critical",
      isPartial: false,
      featureVersion: { feature: { workspaceId, retiredAt: null }, pointers: { some: {} } },
    },
    orderBy: [{ severity: "desc" }, { createdAt: "desc" }],
    select: {
      metric: true,
      params: true,
      score: true,
      createdAt: true,
      reference: { select: { windowFrom: true, windowTo: true } },
      current: { select: { windowFrom: true, windowTo: true } },
      featureVersion: {
        select: { version: true, pointers: { select: { environment: true } }, feature: { select: { name: true } } },
      },
    },
    take: 1000,
  });
  const worst = new Map<string, AttentionItem & { windows: number }>();
  for (const { metric, params, score, createdAt, reference, current, featureVersion } of results) {
    const name = featureVersion.feature.name;
    const known = worst.get(name);
    if (known) known.windows += 1;
    else
      worst.set(name, {
        kind: "drift",
        title: name,
        sentence: `Critical drift: ${causeOf(metric, score, params)}${windowOf(current, " in ")}${windowOf(reference, " against ")}.`,
        href: comparisonPage(name, metric, featureVersion, reference, current),
        at: createdAt.toISOString(),
        windows: 1,
      });
  }
  return [...worst.values()].map(({ windows, ...item }) => ({
    ...item,
    sentence: windows > 1 ? `${item.sentence} ${windows} windows are critical.` : item.sentence,
  }));
}

/** The comparison on the drift page that comes to the same score: of the version, window, reference and metric that were judged. */
function comparisonPage(
  feature: string,
  metric: string,
  { version, pointers }: { version: number; pointers: { environment: string }[] },
  reference: ProfiledTime,
  current: ProfiledTime,
): string {
  const environment = servingEnvironment(
    pointers.map((pointer) => ({ environment: pointer.environment as Environment, version })),
  );
  const label = ({ windowFrom, windowTo }: ProfiledTime) =>
    windowFrom && windowTo && windowLabel({ from: windowFrom.toISOString(), to: windowTo.toISOString() });
  // A probability is what the natural metric chooses for few rows.
  const asked = isProbability(metric as DriftFigure) ? "natural" : metric;
  const query = { environment, metric: asked, reference: label(reference), feature, month: label(current) };
  const known = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== null);
  return `/drift?${new URLSearchParams(known).toString()}`;
}

/** When the rows of a profile are from; null for all times. */
interface ProfiledTime {
  windowFrom: Date | null;
  windowTo: Date | null;
}

/** The distance, or the share of missing values where that is what is critical. */
function causeOf(metric: string, score: number | null, params: unknown): string {
  const { missing } = params as { missing?: { state: string; reference: number; current: number } };
  const gone = missing?.state === "critical" ? describeMissing([missing.reference, missing.current]) : null;
  return gone ?? describeScore(metric, score);
}

const MONTH = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** The month of a profile's window with a word before it; nothing for a profile of all times. */
function windowOf({ windowFrom }: ProfiledTime, word: string): string {
  return windowFrom ? word + MONTH.format(windowFrom) : "";
}

async function failed(workspaceId: string, now: Date): Promise<AttentionItem[]> {
  const runs = await prisma().run.findMany({
    where: { workspaceId, state: "failed", finishedAt: { gte: new Date(now.getTime() - RUN_NEWS_MS) } },
    orderBy: { number: "desc" },
    take: MOST_ITEMS,
  });
  return runs.map((run) => {
    const error = run.error as { message?: string } | null;
    return {
      kind: "run",
      title: `Run ${run.number}: ${run.title}`,
      sentence: error?.message ?? "It failed. See its log for the reason.",
      href: `/runs/${run.id}`,
      at: (run.finishedAt ?? run.createdAt).toISOString(),
    };
  });
}

async function leaking(workspaceId: string): Promise<AttentionItem[]> {
  const models = await prisma().model.findMany({
    where: { workspaceId },
    select: {
      name: true,
      versions: {
        orderBy: { version: "desc" },
        take: 1,
        select: {
          version: true,
          verdicts: {
            where: { verdict: "leak" },
            orderBy: { createdAt: "desc" },
            select: {
              createdAt: true,
              featureVersion: { select: { feature: { select: { name: true } } } },
            },
          },
        },
      },
    },
  });
  return models.flatMap(({ name, versions: [newest] }): AttentionItem[] => {
    const first = newest?.verdicts[0];
    if (!newest || !first) return [];
    const features = [...new Set(newest.verdicts.map((verdict) => verdict.featureVersion.feature.name))];
    return [
      {
        kind: "leak",
        title: `${name} v${newest.version}`,
        sentence: `Its test score cannot be trusted: ${features.join(", ")} ${features.length === 1 ? "leaks" : "leak"} test rows.`,
        href: "/audit/usage",
        at: first.createdAt.toISOString(),
      },
    ];
  });
}
