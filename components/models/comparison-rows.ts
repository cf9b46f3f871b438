import { metricInWords, metricNames, partNames } from "@/components/runs/figures";
import type { ComparedVersion } from "@/lib/contracts/model-comparison";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";

/** One thing that versions may differ in. */
interface ComparisonRow {
  name: string;
  /** One for each version; null for one that does not have it. */
  values: (string | null)[];
  differs: boolean;
  /** Indices of the best values, of a metric of which more or less is better. */
  best?: number[];
}

export interface ComparisonGroup {
  title: string;
  /** What to know before reading the rows. */
  note?: string;
  rows: ComparisonRow[];
}

/** Everything that versions may differ in, by what it is about. */
export function compareVersions(versions: readonly ComparedVersion[]): ComparisonGroup[] {
  return [
    { title: "Parameters", rows: paramRows(versions) },
    { title: "Data", rows: dataRows(versions) },
    { title: "Features", rows: rowsOf(versions, ({ features }) => features.map(({ feature, version }) => [feature, `v${version}`])) }, // prettier-ignore
    { title: "Metrics", rows: metricRows(versions), ...noteOnLeaks(versions) },
  ].filter(({ rows }) => rows.length > 0);
}

/** Rows by name, in the order in which the versions have them. */
function rowsOf(
  versions: readonly ComparedVersion[],
  entriesOf: (version: ComparedVersion) => (readonly [name: string, value: string])[],
): ComparisonRow[] {
  const maps = versions.map((version) => new Map(entriesOf(version)));
  return [...new Set(maps.flatMap((map) => [...map.keys()]))].map((name) =>
    toRow(
      name,
      maps.map((map) => map.get(name) ?? null),
    ),
  );
}

function toRow(name: string, values: (string | null)[]): ComparisonRow {
  return { name, values, differs: new Set(values).size > 1 };
}

function paramRows(versions: readonly ComparedVersion[]): ComparisonRow[] {
  return [
    ...rowsOf(versions, ({ choice }) => Object.entries(choice).map(([column, stage]) => [`${column} by`, stage])),
    ...rowsOf(versions, ({ params }) =>
      Object.entries(params).flatMap(([stage, own]) =>
        Object.entries(own)
          .filter(([, value]) => value !== null)
          .map(
            ([param, value]) =>
              [`${stage}.${param}`, typeof value === "string" ? value : JSON.stringify(value)] as const,
          ),
      ),
    ),
  ];
}

function dataRows(versions: readonly ComparedVersion[]): ComparisonRow[] {
  return [
    ...rowsOf(versions, ({ trainedOn, testedOn, verdict }) => [
      ["trained on", trainedOn],
      ["tested on", testedOn],
      ["leakage", verdict],
    ]),
    ...rowsOf(versions, ({ datasets }) => Object.entries(datasets).map(([name, version]) => [name, `v${version}`])),
  ];
}

/** Metrics by part, test rows first, with the interval where there is one; what is only shown alike differs too. */
function metricRows(versions: readonly ComparedVersion[]): ComparisonRow[] {
  const parts = partNames(Object.assign({}, ...versions.map(({ metrics }) => metrics)) as Record<string, never>);
  return parts.toReversed().flatMap((part) => {
    const names = metricNames(Object.fromEntries(versions.map(({ metrics }, at) => [at, metrics[part] ?? {}])));
    return names.map((name): ComparisonRow => {
      const numbers = versions.map(({ metrics }) => metrics[part]?.[name] ?? null);
      const values = versions.map(({ evaluation }, at) => {
        const value = numbers[at] ?? null;
        const interval = evaluation?.parts[part]?.intervals[name];
        if (value === null) return null;
        const words = metricInWords(name, value);
        return interval ? `${words} (${interval.map((end) => metricInWords(name, end)).join(" to ")})` : words;
      });
      const differs = new Set(numbers).size > 1;
      return {
        name: `${MODEL_METRICS[name]?.label ?? name}, ${part}`,
        values,
        differs,
        ...(part === "train"
          ? {}
          : bestOf(
              name,
              numbers.map((value, at) => (isLeak(versions[at]) ? null : value)),
            )),
      };
    });
  });
}

const isLeak = (version: ComparedVersion | undefined) => version?.verdict === "leak";

function noteOnLeaks(versions: readonly ComparedVersion[]): { note?: string } {
  const leaking = versions.filter(isLeak).map(({ model, version }) => `${model} v${version}`);
  if (leaking.length === 0) return {};
  return {
    note: `${leaking.join(" and ")} ${leaking.length === 1 ? "leaks" : "leak"}: test scores with a leak are no measure, and never the best.`,
  };
}

/**
 * Of rows that a model was fitted on, none is the best: that says how much it learned by heart. Nor is a version that leaks.
 * @param numbers null of versions that cannot be the best
 */
function bestOf(name: string, numbers: readonly (number | null)[]): { best?: number[] } {
  const better = MODEL_METRICS[name]?.better;
  const known = numbers.filter((value) => value !== null);
  if (!better || new Set(known).size < 2) return {};
  const best = better === "higher" ? Math.max(...known) : Math.min(...known);
  return { best: [...numbers.keys()].filter((at) => numbers[at] === best) };
}
