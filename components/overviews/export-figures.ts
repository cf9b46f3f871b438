import { saveCsv, saveFile } from "@/components/ui/save-file";
import { OVERVIEW_QUANTILES, type OverviewFeature, type ComparisonGroup } from "@/lib/contracts/overviews";
import { csvLine, type CsvValue } from "@/lib/domain/csv";

/** One record for each feature and group, with every figure that is stored. */
export function figuresCsv(features: readonly OverviewFeature[], groups: readonly ComparisonGroup[]): string {
  const heads = [
    ...["feature", "type", "group", "rows", "missing", "zeros", "negative", "nan", "minus_infinity", "plus_infinity"],
    ...["distinct", "mean", "std", "min", "max", ...OVERVIEW_QUANTILES.map((key) => `q${key}`)],
    ...["top_value", "top_count", "empty", "invalid_utf8", "average_length", "fewest", "mean_count", "most"],
    ...["non_uniformity", "distance", "drift_severity"],
  ];
  const lines = features.flatMap((feature) =>
    groups.map((group, at) => {
      const figures = feature.groups[at];
      const own: CsvValue[] = figures
        ? [
            ...[figures.rows, figures.missing, figures.zeros, figures.negative, figures.nan ?? 0],
            ...[figures.infinite?.[0] ?? 0, figures.infinite?.[1] ?? 0],
            ...[figures.distinct, figures.mean, figures.std, figures.min, figures.max],
            ...OVERVIEW_QUANTILES.map((_, index) => figures.quantiles?.[index]),
            ...[figures.top?.[0]?.[0], figures.top?.[0]?.[1], figures.empty, figures.invalid, figures.averageLength],
            ...[figures.valency?.[0], figures.valency?.[1], figures.valency?.[2]],
          ]
        : heads.slice(3, -3).map(() => null);
      return csvLine([
        ...[feature.name, feature.type, group.key, ...own],
        ...[feature.nonUniformity, feature.distance, feature.severity],
      ]);
    }),
  );
  return [csvLine(heads), ...lines].join("");
}

export function saveFiguresCsv(name: string, features: readonly OverviewFeature[], groups: readonly ComparisonGroup[]) {
  saveCsv(`${name}-overview`, figuresCsv(features, groups));
}

export function saveFiguresJson(
  name: string,
  features: readonly OverviewFeature[],
  groups: readonly ComparisonGroup[],
) {
  const text = JSON.stringify({ name, quantiles: OVERVIEW_QUANTILES, groups, features }, null, 2);
  saveFile(`${name}-overview.json`, new Blob([text], { type: "application/json" }));
}
