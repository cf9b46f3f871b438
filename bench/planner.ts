import { pathToFileURL } from "node:url";
import { planVariants } from "../lib/domain/plans/plan-variants";
import type { PlanRequest, PlanStage } from "../lib/domain/plans/types";
import type { BenchRow } from "./bench-row";

const RUNS = 9;
const WARM_UP_MS = 200;
const TIMES_PARSE = 10;
const FIRST_HUNDRED_MS = 50;

/**
 * Planning is compared with reading the same catalogue, because a request pays for both. A plan that lists a hundred
 * variants of nearly the whole catalogue is itself many times the request, so it is compared with reading both.
 */
export async function benchPlanner(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of [100, 1_000, 10_000]) {
    const outputs = Math.min(100, size / 10);
    const one = pipelines(size, outputs, 0);
    const many = pipelines(size, outputs, 20);
    rows.push(
      compareWithParsing("plan: one variant", one, []),
      compareWithParsing("plan: first of 2^20 variants, all counted", { ...many, options: { limit: 1 } }, []),
      compareWithParsing("plan: first 100 of 2^20 variants", many, [planVariants(many)]),
    );
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

function compareWithParsing(name: string, request: PlanRequest, answer: unknown[]): BenchRow {
  const texts = [request, ...answer].map((it) => JSON.stringify(it));
  const parse = median(() => texts.map((text) => JSON.parse(text)));
  const measured = median(() => planVariants(request));
  return {
    name,
    size: `${request.stages.length} stages, ${request.outputs.length} outputs`,
    measured,
    against: answer.length > 0 ? "JSON.parse of request and plan" : "JSON.parse of the request",
    limit: parse,
    ratio: measured / parse,
    bar: `≤ ${TIMES_PARSE}×`,
    ok: measured <= TIMES_PARSE * parse,
  };
}

/**
 * As many pipelines as outputs, all stages wanted: each reads two columns of its own pipeline, now and then one of
 * another, and some read a label to fit. `alternatives` columns have a second producer, which doubles the variants each time.
 */
function pipelines(size: number, outputs: number, alternatives: number): PlanRequest {
  const stages: PlanStage[] = [];
  const last: number[] = new Array<number>(outputs).fill(-1);
  const every = alternatives > 0 ? Math.floor((size - alternatives) / alternatives) : Infinity;
  const column = (line: number, step: number) => (step < 0 ? `source_${line}` : `feature_${line}_${step}`);
  for (let made = 0; stages.length < size; made++) {
    const line = made % outputs;
    const step = ++last[line]!;
    const inputs = [column(line, step - 1)];
    if (step > 1) inputs.push(column(line, step - 2));
    if (step > 0 && made % 7 === 0) inputs.push(column((line + 1) % outputs, step - 1));
    const stage: PlanStage = {
      name: `stage_${line}_${step}`,
      kind: made % 3 === 0 ? "estimator" : "transformer",
      inputs,
      ...(made % 30 === 0 ? { fitInputs: ["label"] } : {}),
      outputs: [column(line, step)],
      cost: 1 + (made % 5),
    };
    stages.push(stage);
    if (made % every === every - 1)
      stages.push({ ...stage, name: `${stage.name}_b`, inputs: [column(line, step - 1)] });
  }
  return {
    stages,
    sources: ["label", ...Array.from({ length: outputs }, (_, line) => `source_${line}`)],
    outputs: last.map((step, line) => column(line, step)),
  };
}

function layers(depth: number): PlanRequest {
  const stages = Array.from({ length: depth }, (_, i) =>
    ["a", "b"].map((side) => ({ name: `L${i + 1}${side}`, inputs: [`c${i}`], outputs: [`c${i + 1}`] })),
  ).flat();
  return { stages, sources: ["c0"], outputs: [`c${depth}`] };
}

/** Milliseconds. Runs for a while first, because a server is warm and a small plan is over before it would be. */
function median(run: () => unknown): number {
  const warm = performance.now() + WARM_UP_MS;
  do run();
  while (performance.now() < warm);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
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
