import type { DatasetSample, SampleField } from "@/lib/contracts/dive";

/** Why a row of a numeric column has no place among the numbers. */
export const STATES = ["finite", "missing", "NaN", "−∞", "+∞"] as const;
const MISSING = 1;

/** A sampled column as the picture reads it. */
export type DiveColumn = {
  /** What stands in the URL. */
  name: string;
  unit: string | null;
  length: number;
  /** What the row has, as a person reads it; null when missing. */
  textAt(row: number): string | null;
} & (
  | {
      kind: "number" | "instant";
      /** NaN where the state is not finite. Instants are milliseconds since 1970. */
      numbers: Float64Array;
      /** Places in STATES. */
      states: Uint8Array;
    }
  | {
      kind: "category";
      labels: string[];
      /** Places in `labels`; −1 when missing. */
      codes: Int32Array;
    }
);

export type NumericColumn = Extract<DiveColumn, { kind: "number" | "instant" }>;
export type CategoryColumn = Extract<DiveColumn, { kind: "category" }>;

type Values = DatasetSample["columns"][number];

/** The columns of a sample, in order, and `part` before them when rows have parts. */
export function decodeSample(sample: Pick<DatasetSample, "columns" | "part" | "fields">): DiveColumn[] {
  const fields = new Map(sample.fields.map((field) => [field.name, field]));
  const columns = sample.columns.map((values) => decode(values, fields.get(values.name)));
  if (!sample.part) return columns;
  const { dictionary, codes } = sample.part;
  return [decodeTexts(partName(sample.fields), dictionary, codes, null), ...columns];
}

/** A dataset may have a column of that name itself. */
export function partName(fields: readonly Pick<SampleField, "name">[]): string {
  return fields.some((field) => field.name === "part") ? "@part" : "part";
}

function decode(values: Values, field: SampleField | undefined): DiveColumn {
  const unit = field?.unit ?? null;
  if (values.kind === "texts") return decodeTexts(values.name, values.dictionary, values.codes, unit);
  const length = values.values.length;
  const numbers = new Float64Array(length);
  const states = new Uint8Array(length);
  values.values.forEach((value, row) => {
    const state = stateOf(value);
    states[row] = state;
    numbers[row] = state === 0 ? Number(value) : NaN;
  });
  const isInstant = values.kind === "instants";
  const isDate = field?.type === "date";
  return {
    name: values.name,
    unit,
    length,
    kind: isInstant ? "instant" : "number",
    numbers,
    states,
    textAt: (row) => {
      const value = values.values[row] ?? null;
      if (value === null) return null;
      return isInstant && typeof value === "number" ? formatInstant(value, isDate) : String(value);
    },
  };
}

function decodeTexts(
  name: string,
  labels: string[],
  codes: readonly (number | null)[],
  unit: string | null,
): CategoryColumn {
  return {
    name,
    unit,
    length: codes.length,
    kind: "category",
    labels,
    codes: Int32Array.from(codes, (code) => code ?? -1),
    textAt: (row) => labels[codes[row] ?? -1] ?? null,
  };
}

function stateOf(value: number | string | null): number {
  if (value === null) return MISSING;
  if (value === "NaN") return 2;
  if (value === "-Infinity") return 3;
  if (value === "Infinity") return 4;
  return 0;
}

export function formatInstant(ms: number, isDate = false): string {
  // Beyond what a Date holds there is only the number.
  if (Math.abs(ms) > 8.64e15) return String(ms);
  const iso = new Date(ms).toISOString();
  return isDate
    ? iso.slice(0, -14)
    : iso
        .replace("T", " ")
        .replace(/(:00)?\.000Z$/, "")
        .replace("Z", "");
}
