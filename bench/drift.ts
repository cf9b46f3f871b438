import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DriftQuery } from "@/lib/contracts/drift";
import { closeDatabase, prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import type { NumericHistogram } from "@/lib/domain/drift/histogram";
import { evaluateMonitor, type MonitoredFeature } from "@/lib/domain/monitors/evaluate-monitor";
import type { ColumnStats } from "@/lib/domain/profile/column-stats";
import { type WindowState, WindowStates } from "@/lib/domain/monitors/measure-windows";
import { getDrift } from "@/lib/registry/drift-map";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry, type Fixture } from "@/test/registry-fixture";
import type { BenchRow } from "./bench-row";

const WINDOWS = 30;
const SIZES = [1000, 3162, 10_000];
const LIMIT_MS = 2000;
const TERMS = { metric: "natural" } as const;

/**
 * Drift of many features over thirty windows by the natural metric, missing values apart. The first three rows are the scores,
 * states and severities that a heat map is coloured by, of profiles in memory; the next has whole verdicts with their
 * sentences, as a monitor keeps them; the last is all that a request does: it reads the features and 300,000 profiles from the
 * embedded database, judges every window, ranks the features and writes a page.
 */
export async function benchDrift(): Promise<BenchRow[]> {
  const times = SIZES.map((size) => {
    const features = makeFeatures(size);
    return { size, ms: median(() => void colour(features)) };
  });
  const [least, , most] = times as [(typeof times)[0], (typeof times)[0], (typeof times)[0]];
  const slope = Math.log(most.ms / least.ms) / Math.log(most.size / least.size);
  const features = makeFeatures(least.size);
  const monitor: MonitorDefinition = {
    ...TERMS,
    kind: "Monitor",
    name: "bench",
    environment: "dev",
    reference: { part: "reference" },
  };
  const sentences = median(() => void evaluateMonitor(monitor, features));
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
    row("drift with sentences", `${least.size} × ${WINDOWS} windows`, sentences, LIMIT_MS),
    row(
      "drift from stored profiles",
      `${most.size} × ${WINDOWS} windows, embedded database`,
      await readAndJudge(most.size),
      LIMIT_MS,
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
  const states = new WindowStates(TERMS);
  let alarms = 0;
  for (const feature of features) {
    const reference = { words: "reference", side: feature.parts.reference ?? null, lack: "" };
    for (const window of feature.windows) {
      const judged: WindowState = { state: "insufficient_data", severity: null, corrected: undefined };
      states.judge({ feature, window, reference }, judged);
      if (judged.state === "warn" || judged.state === "critical") alarms += 1;
    }
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

/** As many figures as a profile has: they lie beside what the map reads. */
function statsOf({ counts, missing }: NumericHistogram): ColumnStats {
  const rows = counts.reduce((sum, count) => sum + count, missing);
  const mean = rows / 203;
  const quantiles = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
  return {
    rows,
    missing,
    distinct: rows,
    distinctIsExact: true,
    zeros: 0,
    negative: 0,
    nan: 0,
    positiveInfinity: 0,
    negativeInfinity: 0,
    finite: rows - missing,
    min: 0,
    max: 100,
    mean,
    sum: mean * rows,
    sampleStd: mean / 1.7,
    populationStd: mean / 1.7,
    skew: 1 / mean,
    quantiles: Object.fromEntries(quantiles.map((share) => [share, share * mean * 2])),
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

/** Milliseconds of the map's first page, as a person asks for it: the median of three. */
async function readAndJudge(size: number): Promise<number> {
  await openTestDatabase();
  try {
    const fixture = await fillRegistry();
    await storeFeatures(fixture, makeFeatures(size));
    collectGarbage();
    const query = DriftQuery.parse({ workspace: fixture.workspace.name, environment: "staging" });
    const times: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const begin = performance.now();
      const { features } = await getDrift(fixture.people.ada, query);
      times.push(performance.now() - begin);
      if (features.profiled < size) throw new Error(`${features.profiled} of ${size} features were judged.`);
    }
    return times.sort((one, other) => one - other)[1] as number;
  } finally {
    await closeDatabase();
  }
}

/** What filling the database left behind, some gigabytes, is no part of a request. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

async function storeFeatures({ workspace }: Fixture, stored: readonly MonitoredFeature[]): Promise<void> {
  const { id: datasetVersionId } = await prisma().datasetVersion.findFirstOrThrow();
  const workspaceId = workspace.id;
  const by = { createdBy: "bench", updatedBy: "bench" };
  const declared = { entity: "airport", type: "double", definition: {}, digest: "bench", tags: [], ...by };
  const version = { version: 1, signature: "bench", choice: {}, createdBy: "bench" };
  for (let at = 0; at < stored.length; at += 1000) {
    const some = stored.slice(at, at + 1000);
    await prisma().feature.createMany({
      data: some.map(({ feature }) => ({ id: feature, workspaceId, name: feature, ...declared })),
    });
    await prisma().featureVersion.createMany({
      data: some.map(({ feature }) => ({ id: feature, featureId: feature, ...version })),
    });
    await prisma().pointer.createMany({
      data: some.map(({ feature }) => ({
        featureId: feature,
        environment: "staging",
        versionId: feature,
        updatedBy: "bench",
      })),
    });
    await prisma().profile.createMany({
      data: some.flatMap(({ feature, windows }) =>
        windows.map(({ from, to, histogram }) => ({
          workspaceId,
          column: feature,
          featureVersionId: feature,
          datasetVersionId,
          part: "all",
          windowFrom: new Date(from),
          windowTo: new Date(to),
          rows: 10_000n,
          stats: statsOf(histogram as NumericHistogram) as unknown as Prisma.InputJsonObject,
          histogram: histogram as unknown as Prisma.InputJsonObject,
          equalWidth: histogram as unknown as Prisma.InputJsonObject,
        })),
      ),
    });
  }
}
