import { z } from "zod";
import { Meta } from "./meta";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

export const DatasetVersionEntry = z
  .object({
    version: z.number().int().describe("Number, from 1."),
    rows: z.number().int().describe("Rows."),
    timeFrom: Instant.nullable().describe("First value of the time column; null without one."),
    timeTo: Instant.nullable().describe("Last value of the time column; null without one."),
    digest: z.string().describe("Digest of the files' digests: equal digest, equal data."),
    files: z
      .array(
        z.object({
          path: z.string().describe("Where the file is."),
          sha256: z.string().describe("SHA-256 of its content."),
          bytes: z.number().describe("Size in bytes."),
        }),
      )
      .describe("The files that the version consists of."),
    warnings: z
      .array(z.string())
      .describe(
        "What readers should know of its values: repeated keys, rows without a key or time, words read as missing.",
      ),
    createdAt: Instant.describe("When it was first seen or written."),
    createdBy: z.string().describe("Who was the first to read it, or asked for the run that wrote it."),
  })
  .meta({ id: "DatasetVersionEntry", description: "An immutable snapshot of a source." });
export type DatasetVersionEntry = z.infer<typeof DatasetVersionEntry>;

export const SourceSummary = z
  .object({
    name: z.string().describe("Name."),
    entity: z.string().describe("Entity of its rows."),
    format: z.string().describe("File format."),
    location: z.string().describe("Where the data are: a path, or `npm:package/path`."),
    description: z.string().describe("What the data are."),
    owner: z.string().describe("Who owns it."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    columns: z.number().int().describe("Columns that are declared."),
    versions: z.number().int().describe("Dataset versions so far."),
    latest: DatasetVersionEntry.nullable().describe("The newest dataset version; null before the first run read it."),
    readers: z.array(z.string()).describe("Stages that read one of its columns."),
  })
  .meta({ id: "SourceSummary", description: "A source as a list shows it." });
export type SourceSummary = z.infer<typeof SourceSummary>;

export const SourceList = listOf(SourceSummary, "sources").meta({ id: "SourceList", description: "Sources by name." });
export type SourceList = z.infer<typeof SourceList>;

export const listSources = operation({
  id: "listSources",
  method: "GET",
  path: "/api/v1/sources",
  summary: "The sources of a workspace.",
  tag: "sources",
  query: WorkspaceQuery.extend(Page.shape).extend({
    q: z
      .string()
      .max(200)
      .optional()
      .describe("Words that name, entity, description, owner, tags or columns must hold."),
  }),
  response: SourceList,
});

const SourceColumnEntry = z
  .object({
    name: z.string().describe("Name in the source."),
    column: z.string().describe("`entity.column`: the feature's name."),
    type: z.string().describe("Type of its values."),
    from: z.string().nullable().describe("Name in the file where it differs."),
    description: z.string().describe("What it means: the feature's description, else the source's own."),
    roles: z
      .array(z.enum(["row key", "join key", "time", "created", "row number"]))
      .describe("What the column is for, beside its values."),
    readers: z.array(z.string()).describe("Stages that read it."),
  })
  .meta({ id: "SourceColumnEntry", description: "A column of a source." });

const SourceProfile = z
  .object({
    column: z.string().describe("`entity.column`."),
    version: z.number().int().describe("Dataset version that was profiled."),
    rows: z.number().describe("Rows."),
    missing: z.number().describe("Rows without a value."),
    distinct: z.number().nullable().describe("Different values; null when not counted."),
    min: z.union([z.number(), z.string()]).nullable().describe("Smallest value."),
    median: z.number().nullable().describe("Median; null for what is no number."),
    max: z.union([z.number(), z.string()]).nullable().describe("Largest value."),
    mean: z.number().nullable().describe("Mean; null for what is no number."),
    std: z.number().nullable().describe("Sample standard deviation; null for what is no number."),
    top: z
      .array(z.object({ value: z.string().describe("Value."), count: z.number().describe("Rows that have it.") }))
      .describe("Most frequent values; empty for numbers."),
    counts: z.array(z.number()).describe("Rows in each bar of the histogram, in order."),
  })
  .meta({ id: "SourceProfile", description: "Distribution of a column over all rows of a dataset version." });
export type SourceProfile = z.infer<typeof SourceProfile>;

export const SourceDetail = SourceSummary.extend({
  rowKey: z.array(z.string()).describe("Columns that identify a row."),
  timeColumn: z.string().nullable().describe("Column with the row's time."),
  appendOnly: z.boolean().describe("Whether later versions hold every row of earlier ones, unchanged."),
  yaml: z.string().describe("The definition as a spec document."),
  schema: z.array(SourceColumnEntry).describe("Columns in the declared order."),
  history: z.array(DatasetVersionEntry).describe("Dataset versions, newest first."),
  profiles: z.array(SourceProfile).describe("Distributions of the columns that were profiled, in the declared order."),
}).meta({ id: "SourceDetail", description: "A source with its columns and dataset versions." });
export type SourceDetail = z.infer<typeof SourceDetail>;

export const NoticedSource = z
  .object({
    source: z.string().describe("Name of the source."),
    newest: z.number().int().nullable().describe("Its newest version so far; null before the first."),
  })
  .meta({ id: "NoticedSource", description: "A source whose data are going to be read." });

export const noticeSource = operation({
  id: "noticeSource",
  method: "POST",
  path: "/api/v1/sources/{name}/versions",
  summary:
    "Says that a source has new data: they are read as soon as a worker is free, become a version where they are others, and begin the jobs that run on new data.",
  tag: "sources",
  params: z.object({ name: z.string().describe("Name of the source.") }),
  query: WorkspaceQuery,
  response: NoticedSource,
  status: 202,
});

export const getSource = operation({
  id: "getSource",
  method: "GET",
  path: "/api/v1/sources/{name}",
  summary: "One source: columns, dataset versions, readers and distributions.",
  tag: "sources",
  params: z.object({ name: z.string().describe("Name of the source.") }),
  query: WorkspaceQuery,
  response: SourceDetail,
});
