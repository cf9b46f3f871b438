import type { Point } from "@/components/ui/viewport";
import { NODE_HEIGHT, NODE_WIDTH } from "./graph";

/** Space between neighbours, pixels. */
export const GAP = { across: 84, down: 18 };
/** A layer with more nodes than this takes several columns side by side, so that the whole keeps a shape that can be overlooked. */
const MOST_ROWS = 64;
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
  const x = new Float64Array(ids.length);
  let left = 0;
  for (const nodes of layers) {
    const columns = columnsOf(nodes);
    nodes.forEach((node, at) => (x[node] = left + (at % columns) * (NODE_WIDTH + GAP.down)));
    left += columns * (NODE_WIDTH + GAP.down) + GAP.across - GAP.down;
  }
  return new Map(ids.map((id, node) => [id, { x: x[node] ?? 0, y: Math.round(y[node] ?? 0) }]));
}

const columnsOf = (layer: readonly number[]) => Math.max(1, Math.ceil(layer.length / MOST_ROWS));

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
  const spread = (nodes: number[]) => {
    const columns = columnsOf(nodes);
    const rows = Math.ceil(nodes.length / columns);
    nodes.forEach((node, at) => (y[node] = (Math.floor(at / columns) - (rows - 1) / 2) * step));
  };
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
      const columns = columnsOf(nodes);
      const wishes: number[] = [];
      for (let at = 0; at < nodes.length; at += columns) {
        const row = nodes.slice(at, at + columns);
        const sum = row.reduce((sum, node) => sum + mean(node, [...(up[node] ?? []), ...(down[node] ?? [])]), 0);
        wishes.push(sum / row.length);
      }
      const rows = keepApart(wishes, step);
      nodes.forEach((node, at) => (y[node] = rows[Math.floor(at / columns)] ?? 0));
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
