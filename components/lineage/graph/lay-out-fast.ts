import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./graph";

/** Space between neighbours, pixels. */
export const GAP = { across: 84, down: 18 };
const SWEEPS = 4;
const RELAXATIONS = 3;

/**
 * Layers from left to right by the longest way from a beginning, ordered by the mean of their neighbours, then moved towards
 * them as far as the order allows. Linear in nodes and edges but for sorting, and the same for the same input: the cheap
 * layout for graphs on which the careful one takes too long.
 */
export function layOutFast(ids: readonly string[], edges: readonly { from: string; to: string }[]): Map<string, Point> {
  const index = new Map(ids.map((id, at) => [id, at]));
  const down: number[][] = ids.map(() => []);
  const up: number[][] = ids.map(() => []);
  for (const { from, to } of edges) {
    const [tail, head] = [index.get(from), index.get(to)];
    if (tail === undefined || head === undefined || tail === head) continue;
    down[tail]?.push(head);
    up[head]?.push(tail);
  }
  const layerOf = layer(down, up);
  const layers: number[][] = [];
  layerOf.forEach((rank, node) => (layers[rank] ??= []).push(node));
  const y = orderAndPlace(layers, layerOf, up, down);
  return new Map(
    ids.map((id, node) => [id, { x: (layerOf[node] ?? 0) * (NODE_WIDTH + GAP.across), y: Math.round(y[node] ?? 0) }]),
  );
}

/** Layer of each node. An edge that closes a cycle counts for nothing; a beginning moves next to its first reader. */
function layer(down: number[][], up: number[][]): number[] {
  const order = topological(down, up);
  const place: number[] = [];
  order.forEach((node, at) => (place[node] = at));
  const isForward = (from: number, to: number) => (place[from] ?? 0) < (place[to] ?? 0);
  const layers = down.map(() => 0);
  for (const node of order)
    for (const next of down[node] ?? [])
      if (isForward(node, next)) layers[next] = Math.max(layers[next] ?? 0, (layers[node] ?? 0) + 1);
  for (const node of [...order].reverse()) {
    const readers = (down[node] ?? []).filter((next) => isForward(node, next));
    if ((up[node] ?? []).some((from) => isForward(from, node)) || readers.length === 0) continue;
    layers[node] = Math.min(...readers.map((next) => layers[next] ?? 0)) - 1;
  }
  return layers;
}

/** Inputs before readers; in a cycle the node with the smallest index comes first. */
function topological(down: number[][], up: number[][]): number[] {
  const waiting = up.map((inputs) => inputs.length);
  const ready = waiting.flatMap((count, node) => (count === 0 ? [node] : []));
  const done = new Uint8Array(down.length);
  const order: number[] = [];
  let [head, next] = [0, 0];
  const take = (node: number) => {
    if (done[node]) return;
    done[node] = 1;
    order.push(node);
    for (const reader of down[node] ?? []) {
      const left = (waiting[reader] ?? 0) - 1;
      waiting[reader] = left;
      if (left === 0) ready.push(reader);
    }
  };
  while (order.length < down.length) {
    for (; head < ready.length; head += 1) take(ready[head] as number);
    while (next < down.length && done[next]) next += 1;
    if (next < down.length) take(next);
  }
  return order;
}

function orderAndPlace(layers: number[][], layerOf: number[], up: number[][], down: number[][]): Float64Array {
  const step = NODE_HEIGHT + GAP.down;
  const y = new Float64Array(layerOf.length);
  const spread = (nodes: number[]) => nodes.forEach((node, at) => (y[node] = (at - (nodes.length - 1) / 2) * step));
  const mean = (node: number, neighbours: number[]) =>
    neighbours.length === 0
      ? (y[node] ?? 0)
      : neighbours.reduce((sum, other) => sum + (y[other] ?? 0), 0) / neighbours.length;
  layers.forEach(spread);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const side = forward ? up : down;
    for (const nodes of forward ? layers : [...layers].reverse()) {
      const wish = new Map(nodes.map((node, at) => [node, { at, y: mean(node, side[node] ?? []) }]));
      nodes.sort((one, other) => {
        const [a, b] = [wish.get(one), wish.get(other)];
        return (a?.y ?? 0) - (b?.y ?? 0) || (a?.at ?? 0) - (b?.at ?? 0);
      });
      spread(nodes);
    }
  }
  for (let pass = 0; pass < RELAXATIONS; pass += 1)
    for (const nodes of pass % 2 === 0 ? layers : [...layers].reverse()) {
      const wishes = nodes.map((node) => mean(node, [...(up[node] ?? []), ...(down[node] ?? [])]));
      keepApart(wishes, step).forEach((place, at) => (y[nodes[at] as number] = place));
    }
  return y;
}

/** Places in the same order, at least `step` apart, with the smallest sum of squared distances to the wishes (pooled adjacent violators). */
export function keepApart(wishes: readonly number[], step: number): number[] {
  const blocks: { sum: number; count: number }[] = [];
  wishes.forEach((wish, at) => {
    let block = { sum: wish - at * step, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const places: number[] = [];
  for (const { sum, count } of blocks)
    for (let at = 0; at < count; at += 1) places.push(sum / count + places.length * step);
  return places;
}
