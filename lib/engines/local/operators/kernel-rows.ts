/** Rows for kernels: DuckDB's column chunks put into one typed array a column, after the memory for it was added up. */
import { setImmediate } from "node:timers/promises";
import type { Kernel } from "../kernels/kernel";
import { type FitContext, anyNull, doubles, scalarOf, stageError } from "./local-operator";

/** A kernel gives way to messages this often: whoever waits hears of it, and can stop it. */
const PAUSE_MS = 100;

/** Runs a kernel and lets the process breathe meanwhile. Rejects with `canceled` on abort. */
export async function drive<Result>(
  { session, step }: Pick<FitContext, "session" | "step">,
  kernel: Kernel<Result>,
): Promise<Result> {
  let last = performance.now();
  let message: string | null = null;
  for (;;) {
    const { done, value } = kernel.next();
    if (done) return value;
    message = value ?? message;
    if (performance.now() - last < PAUSE_MS) continue;
    if (message !== null) step(message);
    message = null;
    await setImmediate();
    session.assertGoing();
    last = performance.now();
  }
}

export interface KernelRows {
  rows: number;
  /** Finite numbers, one array for each component of the inputs. */
  columns: Float64Array[];
  /** Finite; empty without a label. */
  label: Float64Array;
  /** Above 0; null where every row weighs 1. */
  weights: Float64Array | null;
}

const inMegabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MB`;

/** Refuses a fit that would hold more than kernels may. @param parts what is held → bytes */
export function assertMemory(
  { session, stage }: FitContext,
  rows: number,
  columns: number,
  parts: Record<string, number>,
): void {
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  if (total <= session.kernelBytes) return;
  const sum = Object.entries(parts)
    .map(([what, bytes]) => `${inMegabytes(bytes)} ${what}`)
    .join(" + ");
  throw stageError(
    stage,
    `fitting ${rows.toLocaleString("en")} rows of ${columns.toLocaleString("en")} columns takes ${inMegabytes(total)} (${sum}), and it may take ${inMegabytes(session.kernelBytes)}, half of the engine's memory. Raise TRIBUTARY_ENGINE_MEMORY, fit on fewer rows or read fewer columns.`,
    { path: ["inputs"], expected: `at most ${inMegabytes(session.kernelBytes)}`, found: inMegabytes(total) },
  );
}

/** Bytes of the rows that `readKernelRows` reads. */
export function rowBytes(context: FitContext): { rows: number; columns: number; bytes: number } {
  const columns = context.inputs.flatMap(({ sql }) => sql).length;
  return { rows: context.count, columns, bytes: 8 * context.count * (columns + context.labels.length) };
}

/**
 * Reads the rows that have every input, the label and a weight that is not 0, and warns of the others. Fails on NaN and infinity, on
 * weights below 0, and when no row is left.
 */
export async function readKernelRows(context: FitContext): Promise<KernelRows> {
  const { session, stage, inputs, labels, count } = context;
  const xs = inputs.flatMap(doubles);
  if (xs.length === 0)
    throw stageError(stage, `${inputs[0]?.column} has no component, so there is nothing to learn from.`, {
      path: ["inputs"],
      expected: "at least one component",
      found: "none",
    });
  const extra = labels.map((label) => `CAST(${scalarOf(label)} AS DOUBLE)`);
  const all = [...xs, ...extra];
  const names = all.map((_, i) => `c${i}`);
  const weightName = labels.length > 1 ? names[xs.length + 1] : undefined;
  const kept = [`NOT ${anyNull(names)}`, ...(weightName ? [`${weightName} <> 0`] : [])].join(" AND ");
  const columns = all.map(() => new Float64Array(count));
  let rows = 0;
  for await (const chunk of session.numbers(
    `SELECT * FROM (SELECT ${all.map((sql, i) => `${sql} AS ${names[i]}`).join(", ")} FROM ${context.rows}) WHERE ${kept}`,
  )) {
    columns.forEach((column, i) => chunk.copy(i, column, rows));
    rows += chunk.rows;
  }
  if (rows === 0) throw await explainNoRows(context);
  const read = columns.map((column) => column.subarray(0, rows));
  const width = xs.length;
  inputs.reduce((from, { column, sql }) => {
    refuseNotFinite(context, read.slice(from, from + sql.length), column, "inputs");
    return from + sql.length;
  }, 0);
  labels.forEach(({ column }, i) =>
    refuseNotFinite(context, read.slice(width + i, width + i + 1), column, "fitInputs"),
  );
  const weights = read[width + 1] ?? null;
  if (weights?.some((weight) => weight < 0))
    throw stageError(stage, `the weights ${labels[1]?.column} must not be below 0.`, {
      path: ["fitInputs", 1],
      expected: "numbers of at least 0",
      found: String(weights.reduce((least, weight) => Math.min(least, weight), 0)),
    });
  if (rows < count)
    context.warn(
      `Stage ${stage.name} is fitted on ${rows} of ${count} rows; the others lack an input or the label${weightName ? ", or weigh nothing" : ""}.`,
    );
  return { rows, columns: read.slice(0, width), label: read[width] ?? new Float64Array(0), weights };
}

function refuseNotFinite(
  { stage }: FitContext,
  columns: Float64Array[],
  name: string,
  path: "inputs" | "fitInputs",
): void {
  const rows = new Set<number>();
  for (const column of columns) column.forEach((value, row) => !Number.isFinite(value) && rows.add(row));
  if (rows.size === 0) return;
  throw stageError(
    stage,
    `${rows.size} rows of ${name} hold NaN or infinite values. ${path === "inputs" ? "Fill them with an Imputer, or let the VectorAssembler skip them (handleInvalid: skip)." : "Leave them missing, or fit on other rows."}`,
    { path: [path], expected: "finite numbers", found: `${rows.size} rows with NaN or infinite values` },
  );
}

async function explainNoRows({ session, stage, rows, count, labels }: FitContext) {
  const label = labels[0];
  if (label) {
    const { n } = await session.row<{ n: number }>(`SELECT count(${scalarOf(label)}) AS n FROM ${rows}`);
    if (n === 0)
      return stageError(
        stage,
        `the label ${label.column} has no value at all in the ${count} rows to fit on. Fit on rows that hold it.`,
        { path: ["fitInputs"], expected: "labels", found: "none" },
      );
  }
  return stageError(
    stage,
    `none of the ${count} rows to fit on has every input and the label${labels.length > 1 ? " and a weight" : ""}. Fill missing values with an Imputer, or fit on other rows.`,
    { path: ["fit"], expected: "rows without missing values", found: "none" },
  );
}
