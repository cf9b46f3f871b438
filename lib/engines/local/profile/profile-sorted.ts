/** Profiles of numbers and instants whose values fit in memory: many columns are read at once, and each is sorted once. */
import type { ColumnRequest, Profile } from "./column-request";
import { CELL } from "./column-request";
import {
  integerCategories,
  referenceFigures,
  toFigures,
  withCategories,
  withNumericHistograms,
} from "./numeric-figures";
import { countOf, countSorted, figuresOfSorted, mergeSorted, type SortedValues } from "./sorted-figures";

/** @param requests of one frame, with integers that a double holds */
export async function* profileSorted(requests: readonly ColumnRequest[]): AsyncIterable<Profile[]> {
  const cells = await readCells(requests);
  for (const [i, request] of requests.entries()) yield profileOne(request, cells[i] ?? new Map());
}

/** Of each column, cell → its values in order. */
async function readCells(requests: readonly ColumnRequest[]): Promise<Map<number, SortedValues>[]> {
  const [first] = requests;
  if (!first) return [];
  const { session, rows, targets } = first;
  const columns = requests.map(
    () => new Map([...targets.rows].map(([cell, n]) => [cell, { values: new Float64Array(n), filled: 0 }])),
  );
  const select = [CELL, ...requests.map(({ value }) => value)].map((sql) => `CAST(${sql} AS DOUBLE)`);
  for await (const chunk of session.numbers(`SELECT ${select.join(", ")} FROM ${rows}`)) {
    const [cellOf, ...items] = chunk.columns;
    const at = Array.from({ length: chunk.rows }, (_, row) => cellOf?.getItem(row) ?? 0);
    items.forEach((column, i) => {
      for (let row = 0; row < chunk.rows; row++) {
        const value = column.getItem(row);
        const cell = value === null ? undefined : columns[i]?.get(at[row] as number);
        if (cell && value !== null) cell.values[cell.filled++] = value;
      }
    });
  }
  return columns.map(
    (column) =>
      new Map(
        [...column].map(([cell, { values, filled }]) => [cell, toSorted(values.subarray(0, filled), values.length)]),
      ),
  );
}

function toSorted(present: Float64Array, rows: number): SortedValues {
  // NaN is sorted to the end, infinities to both ends.
  present.sort();
  let [from, to] = [0, present.length];
  while (to > 0 && Number.isNaN(present[to - 1])) to -= 1;
  const nan = present.length - to;
  const numbers = to;
  while (to > 0 && present[to - 1] === Infinity) to -= 1;
  while (from < to && present[from] === -Infinity) from += 1;
  return {
    rows,
    missing: rows - present.length,
    nan,
    inf: numbers - to,
    ninf: from,
    values: present.subarray(from, to),
  };
}

async function profileOne(request: ColumnRequest, cells: ReadonlyMap<number, SortedValues>): Promise<Profile[]> {
  const { type, shape, targets } = request;
  const sorted = targets.list.map((target) => mergeSorted(target.cells.flatMap((cell) => cells.get(cell) ?? [])));
  const raw = sorted.map((values) => figuresOfSorted(values, type));
  const figures = raw.map((one) => toFigures(shape, one));
  const reference = referenceFigures(request, figures);
  const categories = integerCategories(request, reference, () =>
    (raw[reference ? figures.indexOf(reference) : 0]?.different ?? []).map(String),
  );
  if (categories)
    return withCategories(request, categories, figures, (target) =>
      categories.map((value) => countOf(sorted[target] as SortedValues, Number(value))),
    );
  return withNumericHistograms(request, figures, (edges) =>
    Promise.resolve(
      sorted.flatMap((values, target) => countSorted(values, edges).map((bucket) => ({ target, ...bucket }))),
    ),
  );
}
