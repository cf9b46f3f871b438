/**
 * `npm run bench [NAME …]`, `npm run bench -- load --minutes 20`: every figure against its limit or peer in the same run, as a table and as JSON under bench/results/.
 * Absolute times are printed and never judged: the machine is part of them. Exit code 1 when a bar does not hold.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import type { BenchRow } from "./bench-row";

const BENCHES: Record<string, () => Promise<BenchRow[]>> = {
  planner: async () => (await import("./planner")).benchPlanner(),
  "plan-preview": async () => (await import("./plan-preview")).benchPlanPreview(),
  profile: async () => (await import("./profile")).benchProfile(),
  drift: async () => (await import("./drift")).benchDrift(),
  joins: async () => (await import("./joins")).benchJoins(),
  units: async () => (await import("./units")).benchUnits(),
  lineage: async () => (await import("./lineage")).benchLineage(),
  "lineage-page": async () => (await import("./lineage-page")).benchLineagePage(),
  "dive-page": async () => (await import("./dive-page")).benchDivePage(),
  search: async () => (await import("./search")).benchSearch(),
  apply: async () => (await import("./apply")).benchApply(),
  health: async () => (await import("./health")).benchHealth(),
  "online-features": async () => (await import("./online-features")).benchOnlineFeatures(),
  predict: async () => (await import("./predict")).benchPredict(),
};

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string", default: "20" } },
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes must be a number above 0, not ${options.minutes}.`);
  process.exit(2);
}
/** What takes so long that it is measured only where it is asked for. */
const ON_DEMAND: Record<string, () => Promise<BenchRow[]>> = {
  load: async () => (await import("./load")).benchLoad(minutes),
};
const known = { ...BENCHES, ...ON_DEMAND };
const unknown = asked.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are ${Object.keys(known).join(", ")}.`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  console.log(`${name} …`);
  rows.push(...((await known[name]?.()) ?? []));
}

const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
console.table(
  rows.map(({ name, size, measured, against, limit, ratio, bar, ok }) => ({
    figure: name,
    size,
    measured: figure(measured),
    against,
    limit: figure(limit),
    ratio: `${figure(ratio)} ×`,
    bar,
    holds: ok ? "yes" : "NO",
  })),
);
const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem() };
mkdirSync("bench/results", { recursive: true });
writeFileSync(
  "bench/results/latest.json",
  `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`,
);
if (rows.some((row) => !row.ok)) process.exitCode = 1;
