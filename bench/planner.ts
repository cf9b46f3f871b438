import { pathToFileURL } from "node:url";
import { planVariants } from "../lib/domain/plan/plan-variants";
import type { PlanRequest, PlanStage } from "../lib/domain/plan/types";
import type { BenchRow } from "./bench-row";

const RUNS = 9;
const TIMES_PARSE = 10;
const FIRST_HUNDRED_MS = 50;

/** Planning is compared with reading the same catalogue, because a request pays for both. */
export async function benchPlanner(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of [100, 1_000, 10_000]) {
    const outputs = Math.min(100, size / 10);
    const shapes: [string, PlanRequest][] = [
      ["one variant", pipelines(size, outputs, 0)],
      ["first 100 of many variants", pipelines(size, outputs, 20)],
    ];
    for (const [shape, request] of shapes) {
      const text = JSON.stringify(request);
      const parse = median(() => JSON.parse(text));
      const measured = median(() => planVariants(request));
      rows.push({
        name: `plan: ${shape}`,
        size: `${size} stages, ${outputs} outputs`,
        measured,
        against: "JSON.parse of the request",
        limit: parse,
        ratio: measured / parse,
        bar: `≤ ${TIMES_PARSE}×`,
        ok: measured <= TIMES_PARSE * parse,
      });
    }
  }
  for (const depth of [10, 20, 40]) {
    const request = layers(depth);
    const measured = median(() => planVariants(request));
    rows.push({
      name: "plan: first 100 variants",
      size: `${depth} layers × 2 producers`,
      measured,
      against: `${FIRST_HUNDRED_MS} ms`,
      limit: FIRST_HUNDRED_MS,
      ratio: measured / FIRST_HUNDRED_MS,
      bar: `≤ ${FIRST_HUNDRED_MS} ms`,
      ok: measured <= FIRST_HUNDRED_MS,
    });
  }
  return rows;
}

/**
 * As many pipelines as outputs, all stages wanted: each reads two columns of its own pipeline, now and then one of
 * another, and some read a label to fit. `alternatives` columns of the catalogue have a second producer.
 */
function pipelines(size: number, outputs: number, alternatives: number): PlanRequest {
  const length = size / outputs;
  const stages: PlanStage[] = [];
  const every = alternatives > 0 ? Math.floor(size / alternatives) : Infinity;
  for (let step = 0; step < length; step++) {
    for (let line = 0; line < outputs; line++) {
      const index = stages.length;
      const column = (at: number, of: number) => (at < 0 ? `source_${of}` : `feature_${of}_${at}`);
      // An alternative takes the place of the stage that would have followed, so that the size stays what it says.
      const twin = index % every === every - 1 && step > 0;
      const inputs = [column(step - 1, line)];
      if (step > 1) inputs.push(column(step - 2, line));
      if (step > 0 && index % 7 === 0) inputs.push(column(step - 1, (line + 1) % outputs));
      stages.push({
        name: `stage_${line}_${step}`,
        kind: index % 3 === 0 ? "estimator" : "transformer",
        inputs,
        ...(index % 30 === 0 ? { fitInputs: ["label"] } : {}),
        outputs: [column(step, line)],
        cost: 1 + (index % 5),
      });
      if (twin) stages.push({ ...stages[index]!, name: `stage_${line}_${step}_b`, inputs: [column(step - 1, line)] });
    }
  }
  return {
    stages,
    sources: ["label", ...Array.from({ length: outputs }, (_, line) => `source_${line}`)],
    outputs: Array.from({ length: outputs }, (_, line) => `feature_${line}_${length - 1}`),
  };
}

function layers(depth: number): PlanRequest {
  const stages = Array.from({ length: depth }, (_, i) =>
    ["a", "b"].map((side) => ({ name: `L${i + 1}${side}`, inputs: [`c${i}`], outputs: [`c${i + 1}`] })),
  ).flat();
  return { stages, sources: ["c0"], outputs: [`c${depth}`] };
}

/** Milliseconds, after two runs to warm up. */
function median(run: () => unknown): number {
  const times: number[] = [];
  for (let i = -2; i < RUNS; i++) {
    const start = performance.now();
    run();
    if (i >= 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const rows = await benchPlanner();
  console.table(
    rows.map((row) => ({
      ...row,
      measured: Number(row.measured.toFixed(3)),
      limit: Number(row.limit.toFixed(3)),
      ratio: Number(row.ratio.toFixed(2)),
    })),
  );
  if (rows.some((row) => !row.ok)) process.exitCode = 1;
}
