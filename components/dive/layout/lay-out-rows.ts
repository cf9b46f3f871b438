import { type Axis, axisOf, jitter, type Scale, type Tick } from "./axis";
import type { DiveColumn } from "./dive-column";
import { type Group, type Grouping, groupRows } from "./group-rows";

export interface LayoutSettings {
  /** CSS pixels of the drawing at its first zoom. */
  width: number;
  height: number;
  facetRows: DiveColumn | null;
  facetColumns: DiveColumn | null;
  /** Groups of a facet, at most, beside those of rows without a number. */
  bins: number;
  position: "scatter" | "stacked";
  x: DiveColumn | null;
  y: DiveColumn | null;
  scale: Scale;
  /** Row → colour: dots of one colour are stacked together. */
  colours: Uint8Array;
}

interface Cell {
  row: number;
  column: number;
  left: number;
  top: number;
  /** Rows of the sample in it. */
  count: number;
}

/** Where everything stands, in CSS pixels at the first zoom, from the drawing's upper left corner. */
export interface Layout {
  length: number;
  x: Float32Array;
  y: Float32Array;
  width: number;
  height: number;
  rows: Group[] | null;
  columns: Group[] | null;
  cells: Cell[];
  cellWidth: number;
  cellHeight: number;
  /** Where ticks stand in a cell, in pixels from its left or its top. */
  xTicks: Tick[];
  yTicks: Tick[];
  /** Radius of a dot at the first zoom; that of stacked dots grows with the zoom. */
  radius: number;
  isStacked: boolean;
  /** Row indices in an order that favours no part of the file: what is drawn last covers what came before. */
  order: Uint32Array;
  /** Rows that stand at the end of an axis because their values are beyond it. */
  beyond: number;
  /** Where rows without a number stand, in pixels of each cell; null when all have one. */
  strangers: { x: number | null; y: number | null };
}

const GAP = 8;
const PADDING = 5;
/** Share of a cell for rows without a number. */
const MARGIN = 0.08;
const LARGEST_DOT = 6;

/** Places every row by facets and features. Costs a few passes over the rows and depends on nothing else. */
export function layOutRows(length: number, settings: LayoutSettings): Layout {
  const { width, height, facetRows, facetColumns, bins } = settings;
  const rows = facetRows && groupRows(facetRows, bins);
  const columns = facetColumns && groupRows(facetColumns, bins);
  const [down, across] = [Math.max(1, rows?.groups.length ?? 1), Math.max(1, columns?.groups.length ?? 1)];
  const gap = Math.min(GAP, width / across / 6, height / down / 6);
  const cellWidth = (width - gap * (across - 1)) / across;
  const cellHeight = (height - gap * (down - 1)) / down;
  const cells = Array.from({ length: down * across }, (_, at): Cell => {
    const [row, column] = [Math.floor(at / across), at % across];
    return { row, column, left: column * (cellWidth + gap), top: row * (cellHeight + gap), count: 0 };
  });
  const cellOf = new Uint32Array(length);
  for (let i = 0; i < length; i += 1) {
    const at = placeIn(rows, i) * across + placeIn(columns, i);
    cellOf[i] = at;
    (cells[at] as Cell).count += 1;
  }
  const frame = { length, width, height, rows: rows?.groups ?? null, columns: columns?.groups ?? null, cells, cellWidth, cellHeight, order: spread(length) }; // prettier-ignore
  return settings.position === "stacked"
    ? { ...frame, ...stack(cellOf, frame, settings.colours) }
    : { ...frame, ...scatter(cellOf, frame, settings) };
}

const placeIn = (grouping: Grouping | null, row: number) => grouping?.indexOf[row] ?? 0;

type Frame = Pick<Layout, "length" | "cells" | "cellWidth" | "cellHeight">;
type Placed = Pick<Layout, "x" | "y" | "xTicks" | "yTicks" | "radius" | "isStacked" | "beyond" | "strangers">;

/** Dots side by side from the ground up, of one colour together, equally large in every cell: the area is the count. */
function stack(cellOf: Uint32Array, { length, cells, cellWidth, cellHeight }: Frame, colours: Uint8Array): Placed {
  const most = cells.reduce((max, cell) => Math.max(max, cell.count), 1);
  const [inner, tall] = [Math.max(1, cellWidth - 2 * PADDING), Math.max(1, cellHeight - 2 * PADDING)];
  let step = Math.min(2 * LARGEST_DOT, Math.sqrt((inner * tall) / most));
  const fits = (wanted: number) => Math.ceil(most / Math.max(1, Math.floor(inner / wanted))) * wanted <= tall;
  while (!fits(step)) step *= 0.97;
  // Whole pixels, so that no pattern of wider and narrower gaps is seen.
  if (step >= 1) step = Math.floor(step);
  const across = Math.max(1, Math.floor(inner / step));
  // Counting sort by cell and colour.
  const shades = 256;
  const starts = new Uint32Array(cells.length * shades + 1);
  const keyOf = (row: number) => (cellOf[row] as number) * shades + (colours[row] ?? 0);
  for (let row = 0; row < length; row += 1) starts[keyOf(row) + 1] = (starts[keyOf(row) + 1] ?? 0) + 1;
  for (let key = 1; key < starts.length; key += 1) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const firstOf = cells.map((_, cell) => starts[cell * shades] as number);
  const [x, y] = [new Float32Array(length), new Float32Array(length)];
  for (let row = 0; row < length; row += 1) {
    const key = keyOf(row);
    const place = (starts[key] as number) - (firstOf[cellOf[row] as number] as number);
    starts[key] = (starts[key] as number) + 1;
    const cell = cells[cellOf[row] as number] as Cell;
    x[row] = cell.left + PADDING + ((place % across) + 0.5) * step;
    y[row] = cell.top + cellHeight - PADDING - (Math.floor(place / across) + 0.5) * step;
  }
  return { x, y, xTicks: [], yTicks: [], radius: step * 0.46, isStacked: true, beyond: 0, strangers: { x: null, y: null } }; // prettier-ignore
}

function scatter(
  cellOf: Uint32Array,
  frame: Frame & { width: number; height: number },
  settings: LayoutSettings,
): Placed {
  const { length, cells, cellWidth, cellHeight } = frame;
  const across = settings.x && axisOf(settings.x, settings.scale);
  const up = settings.y && axisOf(settings.y, settings.scale);
  const most = cells.reduce((max, cell) => Math.max(max, cell.count), 1);
  const radius = Math.min(LARGEST_DOT, Math.max(1, 0.6 * Math.sqrt((cellWidth * cellHeight) / most)));
  // A dot at the end of an axis is whole, and apart from the frame.
  const padding = Math.min(radius + PADDING, cellWidth / 8, cellHeight / 8);
  const xs = placing(across, cellWidth, padding);
  const ys = placing(up, cellHeight, padding);
  const [x, y] = [new Float32Array(length), new Float32Array(length)];
  for (let row = 0; row < length; row += 1) {
    const cell = cells[cellOf[row] as number] as Cell;
    x[row] = cell.left + xs.at(across?.places[row] ?? jitter(row), row);
    y[row] = cell.top + cellHeight - ys.at(up?.places[row] ?? jitter(row * 7 + 3), row);
  }
  return {
    x,
    y,
    xTicks: (across?.ticks ?? []).map((tick) => ({ ...tick, at: xs.at(tick.at, 0) })),
    yTicks: (up?.ticks ?? []).map((tick) => ({ ...tick, at: cellHeight - ys.at(tick.at, 0) })),
    radius,
    isStacked: false,
    beyond: (across?.beyond ?? 0) + (up?.beyond ?? 0),
    strangers: {
      x: across?.hasStrangers ? xs.margin / 2 : null,
      y: up?.hasStrangers ? cellHeight - ys.margin / 2 : null,
    },
  };
}

/** Pixels along a cell for 0 … 1; below 0 is the margin of rows without a number, in which they are scattered. */
function placing(axis: Axis | null, size: number, padding: number) {
  const margin = axis?.hasStrangers ? Math.max(10, size * MARGIN) : 0;
  const inner = Math.max(1, size - margin - 2 * padding);
  return {
    margin,
    at: (place: number, row: number) =>
      place < 0 ? PADDING + jitter(row * 3 + 1) * Math.max(1, margin - 2 * PADDING) : margin + padding + place * inner,
  };
}

/** 0 … n − 1, each once, neighbours far apart. */
function spread(n: number): Uint32Array {
  let step = Math.max(1, Math.floor(n * 0.6180339887498949));
  while (n > 1 && divisor(step, n) !== 1) step += 1;
  const order = new Uint32Array(n);
  for (let i = 0, at = 0; i < n; i += 1, at = (at + step) % n) order[i] = at;
  return order;
}

function divisor(one: number, other: number): number {
  return other === 0 ? one : divisor(other, one % other);
}
