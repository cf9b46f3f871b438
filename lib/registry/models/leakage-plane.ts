import type { LeakageProof, PlaneBox } from "@/lib/contracts/leakage";
import { resolveBox } from "@/lib/domain/leakage/resolve-box";
import { policyKey } from "@/lib/domain/leakage/split-policy";
import type { Box, LeakageInput, RowSet } from "@/lib/domain/leakage/types";

/** The row-sets of a verdict as rectangles of time and bucket. Fits whose rows nobody recorded have none. */
export function drawPlane(input: LeakageInput, estimators: readonly string[]): LeakageProof["plane"] {
  const name = input.consumer.name ?? "the model";
  const boxes = [
    ...input.estimators
      .filter(({ id }) => estimators.includes(id))
      .flatMap(({ id, fit }) => rectanglesOf(input, "fit", id, isRowSet(fit) ? fit : [])),
    ...rectanglesOf(input, "train", name, input.consumer.train ?? []),
    ...rectanglesOf(input, "test", name, input.consumer.test),
  ];
  const instants = boxes.flatMap((box) => [box.from, box.to]).filter((instant) => instant !== null);
  instants.sort();
  return { from: instants[0] ?? null, to: instants.at(-1) ?? null, boxes };
}

function rectanglesOf(input: LeakageInput, set: PlaneBox["set"], name: string, rows: RowSet): PlaneBox[] {
  return rows.flatMap((box) => {
    const resolved = resolveBox(box, input);
    if (resolved.empty) return [];
    const times = resolved.times.get(timeColumnOf(input, box)) ?? [[-Infinity, Infinity] as const];
    const hash = resolved.split?.type === "hash" ? resolved.split : null;
    const policy = box.split && input.policies[policyKey(box.split)];
    const buckets = policy?.type === "hash" ? policy.buckets : 1;
    return times.flatMap(([from, to]) =>
      (hash?.buckets ?? [[0, buckets] as const]).map(([low, high]) => ({
        set,
        name,
        dataset: `${box.dataset}@${box.version}`,
        from: instantOf(from),
        to: instantOf(to),
        low: low / buckets,
        high: high / buckets,
        key: hash?.key ?? null,
      })),
    );
  });
}

/** The column that `resolveBox` puts a box's window on. */
function timeColumnOf(input: LeakageInput, box: Box): string {
  const policy = box.split && input.policies[policyKey(box.split)];
  return input.datasets[box.dataset]?.timeColumn ?? (policy?.type === "time" ? policy.column : "");
}

/** From microseconds; null for what is unbounded. */
function instantOf(microseconds: number): string | null {
  return Number.isFinite(microseconds) ? new Date(Math.floor(microseconds / 1000)).toISOString() : null;
}

export function isRowSet(fit: LeakageInput["estimators"][number]["fit"]): fit is RowSet {
  return Array.isArray(fit);
}
