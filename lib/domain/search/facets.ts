import { groupBy } from "../group-by";
import { valuesFor, type SearchDocument } from "./document";
import { FILTER_FIELDS, type FilterField, type FilterPart } from "./query";
import { compareText } from "./tokens";

/** The values of one field by document, as ranges of one array: document d has `ids[offsets[d]] … ids[offsets[d + 1] - 1]`. */
export interface FacetColumn {
  field: FilterField;
  values: string[];
  offsets: Uint32Array;
  ids: Uint32Array;
}

export interface FacetCount {
  value: string;
  count: number;
}

export function createFacetColumns(documents: readonly SearchDocument[]): FacetColumn[] {
  return FILTER_FIELDS.map((field) => {
    const idOf = new Map<string, number>();
    const ids: number[] = [];
    const offsets = new Uint32Array(documents.length + 1);
    documents.forEach((document, index) => {
      for (const value of new Set(valuesFor(document, field))) {
        let id = idOf.get(value);
        if (id === undefined) idOf.set(value, (id = idOf.size));
        ids.push(id);
      }
      offsets[index + 1] = ids.length;
    });
    return { field, values: [...idOf.keys()], offsets, ids: Uint32Array.from(ids) };
  });
}

/** What the filters of one field ask for, by value id: a document needs one of `wanted` (when given) and none of `unwanted`. */
interface FieldTest {
  column: FacetColumn;
  wanted: Uint8Array | null;
  unwanted: Uint8Array | null;
}

export interface FilterTests {
  tests: FieldTest[];
  /** Per column of the index: the place of its one test; −1 when it has none, or more of them. */
  testOf: Int8Array;
}

/** Compiles filters. A value that no document has means every value that begins with it: `owner:network` finds network-planning. */
export function compileFilters(columns: readonly FacetColumn[], filters: readonly FilterPart[]): FilterTests {
  const tests: FieldTest[] = [];
  const testOf = Int8Array.from(columns, (column) => {
    const own = filters.filter((filter) => filter.field === column.field);
    // Filters of one field are alternatives, but those of two keys of the metadata are not.
    const groups = groupBy(own, ({ value }) => (column.field === "meta" ? value.slice(0, value.indexOf(":")) : ""));
    for (const group of groups.values()) {
      const positive = group.filter((filter) => !filter.negated);
      const negative = group.filter((filter) => filter.negated);
      tests.push({
        column,
        wanted: positive.length > 0 ? matchValues(column, positive) : null,
        unwanted: negative.length > 0 ? matchValues(column, negative) : null,
      });
    }
    return groups.size === 1 ? tests.length - 1 : -1;
  });
  return { tests, testOf };
}

function matchValues(column: FacetColumn, filters: readonly FilterPart[]): Uint8Array {
  const matches = new Uint8Array(column.values.length);
  for (const { value } of filters) {
    const exact = column.values.indexOf(value);
    if (exact >= 0) matches[exact] = 1;
    else column.values.forEach((candidate, id) => candidate.startsWith(value) && (matches[id] = 1));
  }
  return matches;
}

export function passes({ column, wanted, unwanted }: FieldTest, document: number): boolean {
  const from = column.offsets[document] as number;
  const to = column.offsets[document + 1] as number;
  let found = wanted === null;
  for (let at = from; at < to; at += 1) {
    const id = column.ids[at] as number;
    if (unwanted?.[id]) return false;
    if (wanted?.[id]) found = true;
  }
  return found;
}

/** Counts by value id over some documents. */
export function countValues({ values, offsets, ids }: FacetColumn, ...documents: Uint32Array[]): Uint32Array {
  const counts = new Uint32Array(values.length);
  if (values.length === 0) return counts;
  for (const some of documents)
    for (let place = 0; place < some.length; place += 1) {
      const document = some[place] as number;
      const to = offsets[document + 1] as number;
      for (let at = offsets[document] as number; at < to; at += 1) (counts[ids[at] as number] as number) += 1;
    }
  return counts;
}

/** Values of a facet that are listed; those that are filtered by are listed in any case. */
const MOST_VALUES = 50;

export function toFacet(column: FacetColumn, counts: Uint32Array, test: FieldTest | undefined): FacetCount[] {
  const isChosen = (id: number) => Boolean(test?.wanted?.[id] || test?.unwanted?.[id]);
  const rows = column.values.map((value, id) => ({ value, count: counts[id] as number, chosen: isChosen(id) }));
  return rows
    .filter((row) => row.count > 0 || row.chosen)
    .sort((one, other) => other.count - one.count || compareText(one.value, other.value))
    .filter((row, index) => index < MOST_VALUES || row.chosen)
    .map(({ value, count }) => ({ value, count }));
}
