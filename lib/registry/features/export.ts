import type { FeatureQuery, FeatureSummary } from "@/lib/contracts/features";
import { csvLine } from "@/lib/domain/csv";
import type { Principal } from "@/lib/domain/principal";
import { findFeatures } from "./features";

/** Rows per piece of the file: large enough to be fast, small enough to keep other requests waiting for a moment only. */
const ROWS = 500;

/** A search's complete answer as CSV or as a JSON array, piece by piece. Permissions are checked before the first byte. */
export async function exportFeatures(
  principal: Principal,
  query: FeatureQuery & { format: "csv" | "json" },
): Promise<AsyncIterable<string>> {
  const features = await findFeatures(principal, query);
  return query.format === "csv" ? csvOf(features) : jsonOf(features);
}

const COLUMNS = [
  "name", "entity", "type", "description", "owner", "tags", "sensitivity", "deprecated", "documented", "dev", "staging",
  "production", "lastComputed", "driftState", "driftMetric", "driftScore", "leak", "consumers", "usedBy",
]; // prettier-ignore

async function* csvOf(features: FeatureSummary[]): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for (let at = 0; at < features.length; at += ROWS)
    yield features
      .slice(at, at + ROWS)
      .map(toLine)
      .join("");
}

function toLine(feature: FeatureSummary): string {
  const version = (environment: string) =>
    feature.pointers.find((pointer) => pointer.environment === environment)?.version;
  return csvLine([
    feature.name,
    feature.entity,
    feature.type,
    feature.description,
    feature.owner,
    feature.tags.join(" "),
    feature.sensitivity,
    feature.deprecated,
    feature.documented,
    version("dev"),
    version("staging"),
    version("production"),
    feature.lastComputed,
    feature.drift?.state,
    feature.drift?.metric,
    feature.drift?.score,
    feature.leak,
    feature.consumers,
    feature.usedBy.join(" "),
  ]);
}

async function* jsonOf(features: FeatureSummary[]): AsyncGenerator<string> {
  yield "[";
  for (let at = 0; at < features.length; at += ROWS) {
    const lines = features.slice(at, at + ROWS).map(({ why: _, ...feature }) => JSON.stringify(feature));
    yield `${at === 0 ? "\n" : ",\n"}${lines.join(",\n")}`;
  }
  yield "\n]\n";
}
