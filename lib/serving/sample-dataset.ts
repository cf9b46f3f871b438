import { COLUMNS_AT_FIRST, type DatasetSample, MOST_CELLS, type SampleField } from "@/lib/contracts/dive";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { parseSlice } from "@/lib/domain/profiles/slice";
import type { SampleRequest } from "@/lib/domain/datasets/row-sample";
import type { Engine } from "@/lib/engines/engine";
import { bareName, type DatasetToSample, findDatasetToSample } from "@/lib/registry/datasets/dive";

export interface SampleQuery {
  workspace: string;
  version?: number | undefined;
  rows: number;
  columns?: string[] | undefined;
  slice?: string | undefined;
  parts?: string[] | undefined;
}

/**
 * Rows of a dataset version with what a person needs to read them. Throws `invalid` with issues for columns, slices and parts that the
 * dataset has not, and `forbidden` for those whose values are withheld.
 */
export async function sampleDataset(
  principal: Principal,
  name: string,
  query: SampleQuery,
  engine: Engine,
  signal?: AbortSignal,
): Promise<DatasetSample> {
  const found = await findDatasetToSample(principal, { workspace: query.workspace, name, version: query.version });
  const columns = chooseColumns(found, query);
  const request = {
    source: found.source,
    snapshot: {
      dataset: found.dataset,
      version: found.version,
      files: found.files,
      rows: found.rows,
      time: found.time,
    },
    columns,
    joined: found.joined,
    rows: query.rows,
    slice: sliceOf(found, query),
    parts: partsOf(found, query),
  };
  const sample = await engine.sampleRows(request, signal).catch((error: unknown) => {
    const own = withoutJoined(request);
    // Other files may be gone or changed since; whoever named no column sees what the dataset's own still have.
    if (query.columns || !own || !(error instanceof DomainError && GONE.has(error.code))) throw error;
    return engine.sampleRows(own, signal);
  });
  const [first] = sample.columns;
  return {
    dataset: found.dataset,
    version: found.version,
    versions: found.versions,
    entity: found.entity,
    quarantined: found.quarantined,
    heldBy: found.heldBy,
    rows: sample.rows,
    matched: sample.matched,
    sampled: first === undefined ? 0 : first.kind === "texts" ? first.codes.length : first.values.length,
    parts: found.parts.map((part) => part.name).reverse(),
    fields: found.fields,
    columns: sample.columns,
    part: sample.part,
  };
}

const GONE: ReadonlySet<string> = new Set(["not_found", "conflict"]);

/** The question about the dataset's own files alone; null when it is about the others, or about none of them. */
function withoutJoined(request: SampleRequest): SampleRequest | null {
  const elsewhere = new Set(request.joined.flatMap((join) => join.columns.map(({ name }) => name)));
  const columns = request.columns.filter(({ name }) => !elsewhere.has(name));
  const isOfOthers = columns.length === 0 || (request.slice !== null && elsewhere.has(request.slice.column));
  return isOfOthers || columns.length === request.columns.length ? null : { ...request, columns, joined: [] };
}

function chooseColumns(found: DatasetToSample, { columns, rows }: SampleQuery): SampleField[] {
  const shown = found.fields.filter((field) => !field.withheld);
  const chosen = columns
    ? [...new Set(columns.map((name) => fieldNamed(found, name, "columns")))]
    : shown.slice(0, COLUMNS_AT_FIRST);
  if (chosen.length === 0)
    throw new DomainError("invalid", `${found.dataset} has no column whose values could be shown to you.`);
  if (chosen.length * rows > MOST_CELLS)
    throw new DomainError(
      "invalid",
      `${rows.toLocaleString("en")} rows of ${chosen.length} columns are more than can be sent at once. Ask for fewer rows or columns.`,
      {
        issues: [
          {
            path: ["rows"],
            message: `expected rows × columns of at most ${MOST_CELLS.toLocaleString("en")}`,
            found: `${rows} × ${chosen.length}`,
          },
        ],
      },
    );
  return chosen;
}

function fieldNamed(found: DatasetToSample, given: string, where: string): SampleField {
  const name = bareName(found, given);
  const field = found.fields.find((candidate) => candidate.name === name);
  if (!field)
    throw new DomainError("invalid", `${found.dataset} version ${found.version} has no column ${given}.`, {
      issues: [
        {
          path: [where],
          message: `expected one of ${found.fields.map((candidate) => candidate.name).join(", ")}`,
          found: given,
        },
      ],
    });
  if (field.withheld)
    throw new DomainError(
      "forbidden",
      `The values of ${field.column} are about persons (${field.sensitivity}) and are shown to those with \`personal:read\` only: stewards and administrators.`,
    );
  return field;
}

function sliceOf(found: DatasetToSample, { slice: text }: SampleQuery): SampleRequest["slice"] {
  if (text === undefined || text === "") return null;
  const slice = parseSlice(text);
  const { name, type } = fieldNamed(found, slice.column, "slice");
  return { ...slice, column: name, type };
}

function partsOf(found: DatasetToSample, { parts: wanted }: SampleQuery): SampleRequest["parts"] {
  const names = found.parts.map((part) => part.name);
  const asked = (wanted ?? []).filter((part) => part !== "all");
  const unknown = asked.filter((part) => !names.includes(part));
  if (unknown.length > 0)
    throw new DomainError("invalid", `Rows of ${found.dataset} are not in part ${unknown.join(", ")}.`, {
      issues: [
        {
          path: ["parts"],
          message: names.length > 0 ? `expected of ${names.join(", ")}` : "this dataset has no parts",
          found: unknown.join(", "),
        },
      ],
    });
  if (names.length === 0) return null;
  // All of them together still leave out rows that are in none; `all` or nothing asks for those too.
  const only = asked.length > 0 && !wanted?.includes("all") ? asked : null;
  return {
    labels: found.parts.filter((part) => only === null || only.includes(part.name)),
    time: found.timeColumn,
    keys: found.keys,
    only,
  };
}
