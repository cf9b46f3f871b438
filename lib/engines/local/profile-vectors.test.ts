import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { NumericHistogram } from "@/lib/domain/statistics/histogram";
import { normalisedEntropy } from "@/lib/domain/statistics/normalised-entropy";
import { equalWidthEdges } from "@/lib/domain/statistics/bin-edges";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { quoteText } from "./quote";
import { type SmallWorld, obsEntity, obsSource, openSmallWorld } from "./small-world.test-support";

type Cell = number | string | null | number[];
interface Vector {
  id: string;
  metric: string;
  reference: Cell[];
  expected: Record<string, unknown>;
  tolerance: number;
  tolerance_rel: number;
}

const { vectors } = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/distribution-vectors.json", import.meta.url), "utf8"),
) as { vectors: Vector[] };
const profiles = vectors.filter(({ metric }) => metric.startsWith("profile_"));

const TYPES: Record<string, ColumnType> = {
  profile_numeric: "double",
  profile_int64: "bigint",
  profile_string: "string",
  profile_list: "vector",
};
const BUCKETS = 10;

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
});
afterAll(() => world.close());

const SQL: Record<string, (cell: Exclude<Cell, null>) => string> = {
  double: (cell) => `'${String(cell)}'::DOUBLE`,
  bigint: (cell) => `'${String(cell)}'::BIGINT`,
  string: (cell) => quoteText(String(cell)),
  vector: (cell) => `[${(cell as number[]).join(", ")}]::DOUBLE[]`,
};
const SQL_TYPE: Record<string, string> = { double: "DOUBLE", bigint: "BIGINT", string: "VARCHAR", vector: "DOUBLE[]" };

/** What the engine finds in a file that holds the vector's values, with edges of ten equal widths. */
async function measure({ id, metric, reference, expected }: Vector, format: "parquet" | "csv" | "json") {
  const type = TYPES[metric] as ColumnType;
  const rows = reference.map((cell, i) => `(${i}, ${cell === null ? `NULL::${SQL_TYPE[type]}` : SQL[type]?.(cell)})`);
  const location = await world.write(`${id}.${format}`, `SELECT * FROM (VALUES ${rows.join(", ")}) t(id, x)`);
  const finite = reference.map(Number).filter((value, i) => reference[i] !== null && Number.isFinite(value));
  const { edges } = (expected.histogram ?? {}) as { edges?: number[] };
  const tenth = edges ?? (finite.length > 0 ? equalWidthEdges(Math.min(...finite), Math.max(...finite), BUCKETS) : []);
  const { result } = await world.run({
    entities: [obsEntity()],
    sources: [{ ...obsSource(location, [{ name: "x", type }]), format }],
    profile: {
      columns: [
        {
          column: "obs.x",
          edges: null,
          ...(metric === "profile_numeric" && tenth.length > 0 && { equalWidth: emptyHistogram(tenth) }),
        },
      ],
      selections: [{ part: "all", split: null, window: null }],
      every: null,
    },
  });
  const [found] = result.profiles;
  if (!found) throw new Error("a profile was expected");
  return found;
}

const emptyHistogram = (edges: number[]): NumericHistogram => ({
  kind: "numeric",
  edges,
  counts: [],
  underflow: 0,
  overflow: 0,
  missing: 0,
  nan: 0,
});

/** The profile in the words of the vectors. */
function inWords({ stats, histogram, equalWidth }: ColumnProfile): Record<string, unknown> {
  const count = stats.rows - stats.missing;
  const { quantiles = {}, top = [], valency } = stats;
  const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((p) => quantiles[String(p)]);
  const wide = equalWidth?.kind === "numeric" && equalWidth.edges.length > 0 ? equalWidth : null;
  const folded = wide?.counts.map(
    (n, i) => n + (i === 0 ? wide.underflow : 0) + (i === wide.counts.length - 1 ? wide.overflow : 0),
  );
  const values = histogram.kind === "categorical" ? histogram.values : [];
  const length = (of: (text: string) => number) =>
    top.reduce((sum, { value, count: n }) => sum + n * of(value), 0) / count;
  return {
    rows: stats.rows,
    count,
    count_non_missing: count,
    num_non_missing: count,
    missing: stats.missing,
    missing_ratio: stats.missing / stats.rows,
    num_nan: stats.nan,
    num_pos_inf: stats.positiveInfinity,
    num_neg_inf: stats.negativeInfinity,
    finite_count: stats.finite,
    finite_mean: stats.mean,
    finite_min: stats.min,
    finite_max: stats.max,
    mean_if_inf_included: stats.nan ? "NaN" : stats.mean,
    mean: stats.mean ?? null,
    std_pop: stats.populationStd ?? null,
    std_sample: stats.sampleStd ?? null,
    min: stats.min ?? null,
    max: stats.max ?? null,
    sum: stats.sum,
    mean_fraction: `${stats.sum}/${count}`,
    median: quantiles["0.5"] ?? null,
    deciles: [stats.min, ...tenths, stats.max],
    zeros: stats.zeros,
    distinct: stats.distinct,
    unique: stats.distinct,
    single_value: stats.distinct === 1,
    naive_double_distinct: new Set(values.map(Number)).size,
    histogram: wide && { edges: wide.edges, counts: wide.counts },
    histogram_counts: folded,
    numpy_counts: folded,
    numpy_edges_first_last: [wide?.edges[0], wide?.edges.at(-1)],
    first_low: wide && wide.underflow > 0 ? "-Infinity" : wide?.edges[0],
    last_high: wide && wide.overflow > 0 ? "Infinity" : wide?.edges.at(-1),
    entropy_normalised: normalisedEntropy(histogram.counts),
    top: top[0]?.value,
    freq_top: top[0]?.count,
    empty_strings: stats.emptyStrings,
    avg_len_codepoints: stats.averageLength,
    avg_len_utf16: length((text) => text.length),
    avg_len_utf8: length((text) => Buffer.byteLength(text)),
    min_num_values: valency?.min,
    max_num_values: valency?.max,
    avg_num_values: valency?.mean,
    tot_num_values: (valency?.mean ?? 0) * count,
    value_count_deciles: valency?.deciles,
  };
}

function differences(got: unknown, expected: unknown, vector: Vector, path: string): string[] {
  if (Array.isArray(expected)) {
    const list = Array.isArray(got) ? got : [];
    if (list.length !== expected.length) return [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
    return expected.flatMap((item, i) => differences(list[i], item, vector, `${path}[${i}]`));
  }
  if (typeof expected === "object" && expected !== null)
    return Object.entries(expected).flatMap(([name, value]) =>
      differences((got as Record<string, unknown> | null)?.[name], value, vector, `${path}.${name}`),
    );
  if (got === expected) return [];
  if (typeof expected === "number" && typeof got === "number") {
    const tolerance = Math.max(vector.tolerance, vector.tolerance_rel * Math.abs(expected));
    if (Math.abs(got - expected) <= tolerance) return [];
  }
  return [`${path}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`];
}

describe("profiles of files that hold the golden vectors", () => {
  it("are all of them", () => {
    expect(profiles.map(({ metric }) => metric).filter((metric) => !(metric in TYPES))).toEqual([]);
    expect(profiles).toHaveLength(9);
  });

  const cases = profiles.flatMap((vector) =>
    (["parquet", "csv", "json"] as const)
      // A CSV file tells no list, and no empty text from a missing one; JSON has no NaN.
      .filter((format) => format !== "csv" || !["profile_string", "profile_list"].includes(vector.metric))
      .filter((format) => format !== "json" || vector.id !== "profile-nan-inf")
      .map((format) => [vector.id, format, vector] as const),
  );

  it.each(cases)("%s as %s", async (_, format, vector) => {
    const found = await measure(vector, format);
    expect(differences(inWords(found), vector.expected, vector, "")).toEqual([]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});
