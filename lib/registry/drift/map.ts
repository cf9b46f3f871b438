import type { z } from "zod";
import type { DriftMap, DriftRow, exportDrift as exportContract, getDrift as contract } from "@/lib/contracts/drift";
import { csvLine } from "@/lib/domain/csv";
import { shares, totalOf } from "@/lib/domain/statistics/histogram";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { judgeDataset } from "@/lib/domain/monitors/dataset-drift";
import { thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import type { DriftTerms } from "@/lib/domain/monitors/measure-windows";
import type { Principal } from "@/lib/domain/principal";
import {
  judgeFeature,
  type JudgedFeature,
  judgeFeatures,
  type JudgedWindow,
  type OpenedWindow,
  openFeatures,
  verdictOf,
} from "./features";
import { type DriftFacts, findDriftScope } from "./scope";
import { settle } from "./monitor-terms";
import { termsOf } from "./terms";
import { pageOf } from "../paging";
import { openScopeFor } from "../scope";

type Query = z.output<(typeof contract)["query"]>;

/** What an environment serves, or a model reads: every window that was profiled, against the reference, from stored profiles. */
export async function getDrift(principal: Principal, asked: Query): Promise<DriftMap> {
  const { workspace } = await openScopeFor(principal, asked.workspace, "feature:read");
  const query = await settle(workspace.id, asked);
  const scope = await findDriftScope(workspace.id, query);
  const terms = termsOf(query);
  const features = await judgeAsked(scope.versions, terms, query);
  const lines = features.flatMap((feature) => toLine(feature) ?? []);
  const matching = arrange(lines, query);
  const { items, ...page } = pageOf(matching, query);
  const rows: DriftRow[] = [];
  for await (const { feature, windows } of openFeatures(items, terms, query))
    rows.push(toRow(feature, windows, terms, query.windows));
  const thresholds = thresholdsOf(terms);
  const options = (values: string[]) => [...new Set(values)].filter((value) => value !== "").sort();
  return {
    environment: query.environment,
    metric: query.metric,
    reference: query.reference ?? (query.model === undefined ? "first" : "part:train"),
    monitor: query.monitor,
    warn: thresholds?.warn ?? null,
    critical: thresholds?.critical ?? null,
    isCalibrated: terms.calibrated ?? false,
    windows: windowsOf(matching),
    model: scope.model && { ...scope.model, isServing: features.some(({ isServing }) => isServing) },
    views: scope.views,
    entities: options(lines.map(({ facts }) => facts.entity)),
    owners: options(lines.map(({ facts }) => facts.owner)),
    features: {
      served: features.length,
      profiled: lines.length,
      unprofiled: features.filter(({ windows }) => windows.length === 0).map(({ facts }) => facts.feature),
    },
    items: rows,
    ...page,
    summary: summarise(matching),
  };
}

/** The same as CSV: every window of every feature that the filters let through. */
export async function exportDrift(
  principal: Principal,
  asked: z.output<(typeof exportContract)["query"]>,
): Promise<AsyncIterable<string>> {
  const { workspace } = await openScopeFor(principal, asked.workspace, "feature:read");
  const query = await settle(workspace.id, asked);
  const { versions } = await findDriftScope(workspace.id, query);
  const terms = termsOf(query);
  const lines = (await judgeAsked(versions, terms, query)).flatMap((feature) => toLine(feature) ?? []);
  return (async function* () {
    yield csvLine(["feature", "version", "entity", "owner", "window", "reference", "metric", "score", "state", "severity", "because", "warn", "critical", "missing_reference", "missing", "rows"]); // prettier-ignore
    for await (const { feature: line, windows } of openFeatures(arrange(lines, query), terms, query)) {
      const { feature, version, entity, owner } = line.facts;
      yield windows
        .map((opened) => {
          const { window, metric, score, state, severity, because, warn, critical, missing, rows } = toCell(
            opened,
            terms,
          );
          return csvLine([
            feature, version, entity, owner, window, opened.reference.words || null, metric, score, state, severity, because,
            warn, critical, missing?.[0] ?? null, missing?.[1] ?? null, rows,
          ]); // prettier-ignore
        })
        .join("");
    }
  })();
}

async function judgeAsked(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  query: Pick<Query, "feature" | "model" | "reference">,
): Promise<JudgedFeature[]> {
  if (query.feature === undefined) return judgeFeatures(versions, terms, query);
  const own = await judgeFeature(query.feature, versions, terms, query);
  return own ? [own] : [];
}

/** A feature that was profiled over time, with its worst window; windows that data cover in part do not count. */
interface Line extends JudgedFeature {
  severity: number | null;
  worst: JudgedWindow | null;
  isWarned: boolean;
  /** In its newest whole window that has enough rows. */
  isWarnedNow: boolean;
  isCritical: boolean;
}

function toLine(feature: JudgedFeature): Line | null {
  if (feature.windows.length === 0) return null;
  let worst: JudgedWindow | null = null;
  let [isWarned, isWarnedNow, isCritical] = [false, false, false];
  for (const window of feature.windows) {
    const { severity, state } = window;
    if (window.isPartial) continue;
    const alarms = state === "warn" || state === "critical";
    if (state === "critical") isCritical = true;
    if (alarms) isWarned = true;
    if (severity !== null) isWarnedNow = alarms;
    if (severity !== null && severity > (worst?.severity ?? -1)) worst = window;
  }
  return { ...feature, severity: worst?.severity ?? null, worst, isWarned, isWarnedNow, isCritical };
}

/** The lines that the filters let through, in order; without a severity a line comes last. */
function arrange(lines: readonly Line[], { sort, entity, owner }: Pick<Query, "sort" | "entity" | "owner">): Line[] {
  const viewOf = ({ facts }: Line) => facts.views[0] ?? "\uffff";
  return lines
    .filter(
      ({ facts }) =>
        (entity === undefined || facts.entity === entity) && (owner === undefined || facts.owner === owner),
    )
    .sort((one, other) => {
      const byName = () => (one.facts.feature < other.facts.feature ? -1 : 1);
      if (sort === "name") return byName();
      const bySeverity = (other.severity ?? -1) - (one.severity ?? -1) || byName();
      return (sort === "view" && viewOf(one).localeCompare(viewOf(other))) || bySeverity;
    });
}

function windowsOf(lines: readonly Line[]): string[] {
  // Features share their windows: each is called by its name once.
  const windows = new Map<string, string>();
  const labels = new Set<string>();
  for (const { windows: own } of lines)
    for (const window of own) {
      if (windows.get(window.from) === window.to) continue;
      windows.set(window.from, window.to);
      labels.add(windowLabel(window));
    }
  return [...labels].sort();
}

function toRow(line: Line, windows: readonly OpenedWindow[], terms: DriftTerms, newest: number): DriftRow {
  const { id: _, ...facts } = line.facts;
  const shown = windows.at(-1)?.reference;
  return {
    ...facts,
    severity: line.severity,
    reference: shown?.side ? shown.words : null,
    referenceRows: shown?.side ? totalOf(shown.side.histogram) : 0,
    referenceShares: shown?.side ? shares(shown.side.histogram).map(round) : [],
    windows: windows.length,
    cells: windows.slice(-newest).map((opened) => toCell(opened, terms)),
  };
}

function toCell(opened: OpenedWindow, terms: DriftTerms): DriftRow["cells"][number] {
  const { window, reference, isReference, judged } = opened;
  const { state, severity, isPartial } = judged;
  const verdict = verdictOf(terms, opened);
  const details = verdict?.details;
  return {
    window: windowLabel(window),
    isReference,
    isPartial,
    state,
    metric: details?.figure ?? null,
    score: verdict?.score ?? null,
    severity,
    warn: details ? verdict.warn : null,
    critical: details ? verdict.critical : null,
    because: details?.because ?? null,
    missing: details ? [details.missing.reference, details.missing.current] : null,
    rows: totalOf(window.histogram),
    explanation:
      verdict?.explanation ??
      (isReference
        ? "The reference: every other window is compared with this one."
        : `Not compared: ${reference.lack}`),
    shares: shares(window.histogram).map(round),
  };
}

const round = (share: number) => Math.round(share * 10_000) / 10_000;

/** Names that a sentence can hold. */
const WORST_NAMED = 10;

function summarise(lines: readonly Line[]): DriftMap["summary"] {
  const judged = lines.filter(({ severity }) => severity !== null);
  const warned = judged.filter(({ isWarned }) => isWarned);
  const critical = judged
    .filter(({ isCritical }) => isCritical)
    .sort((one, other) => (other.severity ?? 0) - (one.severity ?? 0));
  return {
    share: judged.length === 0 ? null : warned.length / judged.length,
    warned: warned.length,
    now: judged.filter(({ isWarnedNow }) => isWarnedNow).length,
    judged: judged.length,
    datasets: [...new Set(lines.map(({ facts }) => facts.entity))].flatMap((entity) => {
      const newest = judgeDataset(comparedOf(lines.filter(({ facts }) => facts.entity === entity))).findLast(
        (window) => window.judged * 2 >= window.features,
      );
      if (!newest) return [];
      const { judged: enough, drifted, isDrift } = newest;
      return [{ entity, window: windowLabel(newest), judged: enough, drifted, isDrift }];
    }),
    critical: critical.length,
    worst: critical
      .slice(0, WORST_NAMED)
      .flatMap(({ facts, worst }) => (worst ? [{ feature: facts.feature, window: windowLabel(worst) }] : [])),
  };
}

/** Whole windows that were compared, with what became of them. */
function* comparedOf(lines: readonly Line[]): Iterable<JudgedWindow> {
  for (const { windows } of lines)
    for (const window of windows) if (window.isCompared && !window.isPartial) yield window;
}
