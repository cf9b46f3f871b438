import type { PlanProblem } from "./plan-problem";

/**
 * Execution order of a variant: A. B. Kahn's algorithm ("Topological sorting of large networks", CACM 5(11), 1962),
 * always taking the ready stage that was declared first.
 * @param stages the variant's stages, ascending
 */
export function orderStages(
  { inputs, outputs, readers, stageCount, declaredInOrder }: PlanProblem,
  stages: Int32Array,
): Int32Array {
  if (declaredInOrder) return stages;
  const waiting = new Int32Array(stageCount).fill(-1);
  const ready = new SmallestFirst();
  for (const stage of stages) {
    waiting[stage] = inputs.start[stage + 1]! - inputs.start[stage]!;
    if (waiting[stage] === 0) ready.push(stage);
  }
  const order = new Int32Array(stages.length);
  for (let next = 0; next < order.length; next++) {
    const stage = ready.pop();
    order[next] = stage;
    // Whatever a stage of the variant reads has one writer in it, so a by-product counts nowhere.
    for (let i = outputs.start[stage]!; i < outputs.start[stage + 1]!; i++) {
      const column = outputs.items[i]!;
      for (let j = readers.start[column]!; j < readers.start[column + 1]!; j++) {
        const reader = readers.items[j]!;
        if (waiting[reader]! > 0 && --waiting[reader]! === 0) ready.push(reader);
      }
    }
  }
  return order;
}

/** A binary heap of stage ids. */
class SmallestFirst {
  private readonly heap: number[] = [];

  push(id: number): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= id) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = id;
  }

  pop(): number {
    const { heap } = this;
    const smallest = heap[0]!;
    const id = heap.pop()!;
    if (heap.length === 0) return smallest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= id) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = id;
    return smallest;
  }
}
