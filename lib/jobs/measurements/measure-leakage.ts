import { canonicalJson } from "@/lib/domain/canonical-json";
import { commonHashes, type UnitSketch } from "@/lib/domain/leakage/unit-keys";
import { DomainError } from "@/lib/domain/errors";
import { findMeasurable } from "@/lib/domain/leakage/measurable";
import { describeMeasurement, fitInWords, type MeasuredFit, toMeasurement } from "@/lib/domain/leakage/measured-fit";
import type { LeakageInput, Measurement, RowSet } from "@/lib/domain/leakage/types";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { Engine } from "@/lib/engines/engine";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { beginMeasurement, finishMeasurement, sayMeasurement } from "@/lib/registry/measurements/measurements";
import { findSketch } from "@/lib/registry/measurements/sketches";
import type { RowsOwner } from "@/lib/registry/measurements/unit-rows";
import { progressControl } from "../progress-control";
import { readableRows } from "./read-units";

/**
 * Counts the units that fits share with a model version's test rows, on the rows themselves where they are there and on sketches where
 * they are not, and judges the version anew.
 */
export async function measureLeakage(
  { measurementId: id }: Jobs["measure-leakage"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const begun = await beginMeasurement(id);
  if (!begun) return;
  const { scope, owner, input } = begun;
  const { asked, refused } = findMeasurable(input, scope);
  const control = progressControl(signal, (share, message) => sayMeasurement(id, share, message));
  const findings: MeasuredFit[] = refused.map(({ estimator, reason }) => ({
    estimator,
    measurement: null,
    text: reason,
  }));
  // Fits of the same rows are counted once.
  const counted = new Map<string, Promise<Counted>>();
  for (const [done, { estimator, fit }] of asked.entries()) {
    const message = `Counting the units of ${fitInWords(estimator, input.consumer.name)}.`;
    control.progress({ done, total: asked.length, instance: null, message });
    const key = canonicalJson(fit);
    const found = await (counted.get(key) ?? remember(counted, key, countUnits(owner, input, fit, engine, control)));
    if ("reason" in found) findings.push({ estimator, measurement: null, text: found.reason });
    else {
      const measurement = { ...found.measurement, estimator };
      findings.push({ estimator, measurement, text: [describeMeasurement(measurement, input.consumer.unit), ...(found.note ? [found.note] : [])].join(" ") }); // prettier-ignore
    }
  }
  signal.throwIfAborted();
  await finishMeasurement(id, findings);
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  known.set(key, value);
  return value;
}

type Counted = { measurement: Measurement; note?: string } | { reason: string };

async function countUnits(
  owner: RowsOwner,
  input: LeakageInput,
  fitRows: RowSet,
  engine: Engine,
  control: RunControl,
): Promise<Counted> {
  const { unit, test: testRows } = input.consumer;
  const [fit, test] = [
    await readableRows(owner, input, fitRows, engine, control),
    await readableRows(owner, input, testRows, engine, control),
  ];
  try {
    if (fit.isThere && test.isThere)
      return { measurement: toMeasurement("", await engine.intersectUnits({ unit, fit: fit.rows, test: test.rows }, control.signal)) }; // prettier-ignore
    const sketchOf = async (rows: typeof fit, rowSet: RowSet): Promise<UnitSketch | null> =>
      rows.isThere
        ? engine.sketchUnits({ unit, rows: rows.rows }, control.signal)
        : findSketch(owner.workspaceId, input, { rowSet, unit });
    const [one, other] = [await sketchOf(fit, fitRows), await sketchOf(test, testRows)];
    const gone = [fit, test].flatMap((rows) => (rows.isThere ? [] : [rows.reason]));
    if (!one || !other) return { reason: [...new Set(gone), "No sketch of their units was kept either."].join(" ") };
    return { measurement: compareSketches(one, other), note: [...new Set(gone)].join(" ") };
  } catch (error) {
    // What cannot be counted is an answer too: the verdict stays as it is, with the reason.
    if (error instanceof DomainError && ["invalid", "not_found", "conflict"].includes(error.code))
      return { reason: error.message };
    throw error;
  }
}

function compareSketches(one: UnitSketch, other: UnitSketch): Measurement {
  const withoutUnit = one.withoutUnit + other.withoutUnit;
  const common = commonHashes(one, other);
  return { estimator: "", method: "theta", common, exact: one.isExact && other.isExact, ...(withoutUnit > 0 && { withoutUnit }) }; // prettier-ignore
}
