import { performance } from "node:perf_hooks";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import type { NumericHistogram } from "@/lib/domain/drift/histogram";
import { judgeScore, thresholdsFor, worse } from "@/lib/domain/drift/judge-drift";
import { measureDrift } from "@/lib/domain/drift/measure-drift";
import { evaluateMonitor, type MonitoredFeature } from "@/lib/domain/monitors/evaluate-monitor";
import { loadFeatures } from "@/lib/registry/monitored-features";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry } from "@/test/registry-fixture";
import type { BenchRow } from "./bench-row";

const WINDOWS = 30;
const SIZES = [1000, 3162, 10_000];
const LIMIT_MS = 2000;
/** Features of the rows that are read from a database: a tenth, as its 300,000 profiles would be most of a gigabyte. */
const STORED = 1000;
const MONITOR: MonitorDefinition = {
  kind: "Monitor",
  name: "bench",
  environment: "dev",
  metric: "natural",
  reference: { part: "reference" },
};

/**
 * Drift of many features over thirty windows by the natural metric, missing values apart. The first three rows are the scores,
 * states and severities that a heat map is coloured by; the next has whole verdicts with their sentences; the last reads
 * the profiles from the embedded database as well.
 */
export async function benchDrift(): Promise<BenchRow[]> {
  const times = SIZES.map((size) => {
    const features = makeFeatures(size);
    return { size, ms: median(() => void colour(features)) };
  });
  const [least, , most] = times as [(typeof times)[0], (typeof times)[0], (typeof times)[0]];
  const slope = Math.log(most.ms / least.ms) / Math.log(most.size / least.size);
  const features = makeFeatures(STORED);
  const sentences = median(() => void evaluateMonitor(MONITOR, features));
  return [
    ...times.map(({ size, ms }) =>
      row(`drift of ${size} features`, `${size} × ${WINDOWS} windows`, ms, (LIMIT_MS * size) / most.size),
    ),
    {
      name: "drift grows with features",
      size: SIZES.join(", "),
      measured: slope,
      against: "exponent of a straight line through the sizes",
      limit: 1.25,
      ratio: slope / 1.25,
      bar: "at most 1.25: linear",
      ok: slope <= 1.25,
    },
    row("drift with sentences", `${STORED} × ${WINDOWS} windows`, sentences, LIMIT_MS),
    row(
      "drift with reading profiles",
      `${STORED} × ${WINDOWS} windows, embedded database`,
      await readAndJudge(),
      5 * LIMIT_MS,
    ),
  ];
}

function row(name: string, size: string, measured: number, limit: number): BenchRow {
  return {
    name,
    size,
    measured,
    against: `${limit.toFixed(0)} ms`,
    limit,
    ratio: measured / limit,
    bar: "≤ 1 ×",
    ok: measured <= limit,
  };
}

/** What a cell needs: score, state and severity of distribution and missing values. */
function colour(features: readonly MonitoredFeature[]): number {
  let alarms = 0;
  for (const { windows, parts } of features)
    for (const window of windows) {
      const measure = measureDrift({
        metric: "natural",
        reference: parts.reference as MonitoredFeature["windows"][0],
        current: window,
      });
      const distribution = judgeScore(measure.figure, measure.score, thresholdsFor(measure.figure, {}));
      const difference = Math.abs(measure.missing[1] - measure.missing[0]);
      const missing = judgeScore("missing_rate", difference, thresholdsFor("missing_rate", {}));
      if (worse(distribution, missing) !== null) alarms += 1;
    }
  return alarms;
}

function median(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  }).sort((one, other) => one - other);
  return times[2] as number;
}

const EDGES = Array.from({ length: 11 }, (_, index) => index * 10);
const day = (at: number) => new Date(Date.UTC(2001, 0, 1 + at)).toISOString();

/** Closed forms, never random: every tenth feature drifts, every seventh has missing values. */
function histogramOf(feature: number, at: number): NumericHistogram {
  const counts = EDGES.slice(1).map((_, bucket) => 1000 + ((feature * 31 + bucket * 17 + at * 13) % 97));
  if (feature % 10 === 0) counts[9] = (counts[9] as number) + at * 120;
  return {
    kind: "numeric",
    edges: EDGES,
    counts,
    underflow: at % 3,
    overflow: at % 5,
    missing: feature % 7 === 0 ? at * 20 : 0,
    nan: 0,
  };
}

function makeFeatures(size: number): MonitoredFeature[] {
  return Array.from({ length: size }, (_, feature) => ({
    feature: `airport.f${feature}`,
    versionId: String(feature),
    windows: Array.from({ length: WINDOWS }, (_, at) => ({
      from: day(at + 1),
      to: day(at + 2),
      histogram: histogramOf(feature, at + 1),
    })),
    parts: { reference: { histogram: histogramOf(feature, 0) } },
    consumers: [],
  }));
}

async function readAndJudge(): Promise<number> {
  await openTestDatabase();
  try {
    const { workspace } = await fillRegistry();
    const { id: datasetVersionId } = await prisma().datasetVersion.findFirstOrThrow();
    const stored = makeFeatures(STORED);
    const workspaceId = workspace.id;
    const by = { createdBy: "bench", updatedBy: "bench" };
    const declared = { entity: "airport", type: "double", definition: {}, digest: "bench", tags: [], ...by };
    await prisma().feature.createMany({
      data: stored.map(({ feature }) => ({ id: feature, workspaceId, name: feature, ...declared })),
    });
    await prisma().featureVersion.createMany({
      data: stored.map(({ feature }) => ({
        id: feature,
        featureId: feature,
        version: 1,
        signature: "bench",
        choice: {},
        createdBy: "bench",
      })),
    });
    for (const { feature, windows } of stored)
      await prisma().profile.createMany({
        data: windows.map(({ from, to, histogram }) => ({
          workspaceId,
          column: feature,
          featureVersionId: feature,
          datasetVersionId,
          part: "all",
          windowFrom: new Date(from),
          windowTo: new Date(to),
          rows: 10_000n,
          stats: { rows: 10_000, missing: 0 },
          histogram: histogram as unknown as Prisma.InputJsonObject,
        })),
      });
    const ids = stored.map(({ feature }) => ({ id: feature, feature }));
    const begin = performance.now();
    const features = await loadFeatures(ids, null);
    evaluateMonitor({ ...MONITOR, reference: { window: [day(1), day(2)] } }, features);
    return performance.now() - begin;
  } finally {
    await closeDatabase();
  }
}
