import { quarantineCause } from "@/lib/domain/rules/quarantine-cause";
import { DomainError } from "@/lib/domain/errors";
import type { SourceSpine } from "@/lib/domain/joins/feature-history";
import type { Principal } from "@/lib/domain/principal";
import type { HistoricalFeaturesRequest } from "@/lib/contracts/serving";
import { type DatasetToSample, findDatasetToSample } from "@/lib/registry/datasets/dive";
import type { SpineKey } from "./history-views";
import { malformed, refused } from "./wire-error";

/** Rows of a source's version as a spine. Throws 422 for columns that it has not, and 403 for those whose values are withheld. */
export async function findSourceSpine(
  principal: Principal,
  workspace: string,
  { source: asked, time }: Pick<HistoricalFeaturesRequest, "source" | "time">,
  keys: readonly SpineKey[],
): Promise<SourceSpine> {
  const { name = "", version, keep } = asked ?? {};
  const found = await findDatasetToSample(principal, { workspace, name, version });
  const { source } = found;
  if (!source)
    throw new DomainError("invalid", `${name} was written by a run; a spine is the rows of a source, or of the request.`); // prettier-ignore
  if (found.quarantined)
    throw new DomainError("conflict", `Version ${found.version} of ${name} is in quarantine: ${quarantineCause(found.heldBy)}. Name an earlier version.`); // prettier-ignore
  const moment = time ?? source.timeColumn;
  if (moment === undefined)
    throw malformed([{ type: "missing", loc: ["body", "time"], msg: `Field required: source ${name} declares no time column` }]); // prettier-ignore
  const shown = keep ?? source.columns.map((column) => column.name);
  assertKnown(found, [
    ...shown.map((column) => ({ column, loc: ["body", "source", "keep"], why: "" })),
    { column: moment, loc: ["body", "time"], why: "the moment of each row" },
    ...keys.map(({ entity, key, column }) => ({ column, loc: ["body", "keys", key], why: `the features of ${entity} are joined by it; \`keys\` names another column for it` })), // prettier-ignore
  ]);
  const typeOf = (column: string) => source.columns.find((one) => one.name === column)?.type ?? "string";
  if (!["timestamp", "date"].includes(typeOf(moment)))
    throw malformed([{ type: "value_error", loc: ["body", "time"], msg: `${moment} of ${name} is a ${typeOf(moment)}; a moment is a timestamp or a date` }]); // prettier-ignore
  assertSeen(found, [...shown, moment, ...keys.map(({ column }) => column)]);
  const { dataset, version: number, files, rows, time: range } = found;
  return {
    kind: "source",
    source,
    snapshot: { dataset, version: number, files, rows, time: range },
    columns: shown.map((column) => ({ name: column, type: typeOf(column) })),
    time: moment,
    keys: keys.map(({ column, type }) => ({ column, type })),
  };
}

function assertKnown(
  { source, dataset }: DatasetToSample,
  wanted: readonly { column: string; loc: string[]; why: string }[],
): void {
  const known = (source?.columns ?? []).map(({ name }) => name);
  const missing = wanted.filter(({ column }) => !known.includes(column));
  if (missing.length === 0) return;
  throw malformed(
    missing.map(({ column, loc, why }) => ({
      type: "missing",
      loc,
      msg: `Source ${dataset} has no column ${column}${why && ` (${why})`}: it has ${known.join(", ")}`,
      input: column,
    })),
  );
}

function assertSeen({ fields, dataset }: DatasetToSample, columns: readonly string[]): void {
  const withheld = fields.filter((field) => field.withheld && columns.includes(field.name));
  if (withheld.length > 0)
    throw refused(
      403,
      `The values of ${withheld.map(({ column }) => column).join(", ")} in source ${dataset} are about persons and are given to those with \`personal:read\` only: stewards and administrators. Name the columns that the answer is to have in source.keep.`,
    );
}
