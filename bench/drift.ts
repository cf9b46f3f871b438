import { performance } from "node:perf_hooks";
import { DriftQuery } from "@/lib/contracts/drift";
import { closeDatabase } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { NumericHistogram } from "@/lib/domain/statistics/histogram";
import { evaluateMonitor, type MonitoredFeature } from "@/lib/domain/monitors/evaluate-monitor";
import { type WindowState, WindowStates } from "@/lib/domain/monitors/measure-windows";
import { getDrift } from "@/lib/registry/drift/map";
import { openTestDatabase } from "@/test/open-test-database";
import { fillRegistry } from "@/test/registry-fixture";
import type { BenchRow } from "./bench-row";
import { fillWindows } from "./stored-windows";

const WINDOWS = 30;
const RUNS = 5;
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
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return middleOf(times);
}

const middleOf = (times: number[]) => times.sort((one, other) => one - other)[(RUNS - 1) / 2] as number;

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

/** Milliseconds of the map's first page, as a person asks for it: the median of five, of which the first is the server's first ever. */
async function readAndJudge(size: number): Promise<number> {
  await openTestDatabase();
  try {
    const fixture = await fillRegistry();
    await fillWindows(fixture.workspace.id, { features: size, windows: WINDOWS });
    const query = DriftQuery.parse({ workspace: fixture.workspace.name, environment: "staging" });
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const begin = performance.now();
      const { features } = await getDrift(fixture.people.ada, query);
      times.push(performance.now() - begin);
      if (features.profiled < size) throw new Error(`${features.profiled} of ${size} features were judged.`);
    }
    return middleOf(times);
  } finally {
    await closeDatabase();
  }
}
