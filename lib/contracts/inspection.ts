import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { FILE_FORMATS, SOURCE_FORMATS } from "@/lib/domain/definitions/source";
import { operation, WorkspaceName, WorkspaceQuery } from "./operation";

const Format = z.enum(SOURCE_FORMATS);
const Formats = z.union([z.string(), z.array(z.string())]);

const Reading = z
  .strictObject({
    delimiter: z.string().optional().describe("Between fields of a CSV."),
    quote: z.string().optional().describe("Around a field; empty for none."),
    escape: z.string().optional().describe("Before a quote inside a field."),
    header: z.boolean().optional().describe("Whether the first line names the columns."),
    skip: z.number().int().min(0).optional().describe("Lines before the first."),
    comment: z.string().optional().describe("How lines begin that are no rows."),
    decimal: z.string().optional().describe("Mark before the fraction of a number."),
    thousands: z.string().optional().describe("Mark between groups of three digits."),
    encoding: z.string().optional().describe("Encoding of text."),
    nullValues: z.array(z.string()).optional().describe("Words that stand for a missing value."),
    dateFormat: Formats.optional().describe("Formats of strptime."),
    timestampFormat: Formats.optional().describe("Formats of strptime."),
    epoch: z.enum(["seconds", "milliseconds"]).optional().describe("What numbers count since 1970."),
    timeZone: z.string().optional().describe("Zone of times without an offset."),
  })
  .meta({ id: "Reading", description: "How files are read, as a Source says it; see docs/source-files.md." });

const InspectBody = z
  .strictObject({
    workspace: WorkspaceName,
    location: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe("Of files: a path, a folder, a pattern, `npm:package/path`, or the location that an upload answered."),
    connection: z.string().optional().describe("Of a table: a connection of the workspace; with `table` or `sql`."),
    table: z.string().min(1).max(300).optional().describe("`schema.table`, or a table or view alone."),
    sql: z.string().min(1).max(100_000).optional().describe("One SELECT, whose rows are looked at."),
    format: z.enum(FILE_FORMATS).optional().describe("Told from the name when left out."),
    reading: Reading.optional().describe("What is known of how the files are read; the rest is told from them."),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, { error: "expected a name such as sales" })
      .optional()
      .describe("Name of the source that is proposed; told from the location when left out."),
  })
  .superRefine((body, context) => {
    const isTable = body.connection !== undefined;
    const origins = [body.location, body.table, body.sql].filter((one) => one !== undefined);
    if (origins.length === 1 && isTable === (body.location === undefined)) return;
    context.addIssue({
      code: "custom",
      path: [isTable ? "table" : "location"],
      message: "expected either `location`, or `connection` with `table` or `sql`",
    });
  })
  .meta({ id: "InspectBody", description: "Files or a table that nobody has declared yet." });
export type InspectBody = z.input<typeof InspectBody>;

export const Inspection = z
  .object({
    format: Format.describe("What the files are, or `postgres` of a table."),
    reading: Reading.describe("How they are read, as far as that differs from what is assumed."),
    files: z
      .array(
        z.object({
          path: z.string().describe("Where the file is."),
          bytes: z.number().describe("Its size in bytes."),
        }),
      )
      .describe("The files, in the order in which they are read; none of a table."),
    rows: z.number().describe("Rows that were looked at."),
    isPart: z
      .boolean()
      .describe("Whether there may be further rows: of much data the first are looked at, and a warning says so."),
    columns: z
      .array(
        z.object({
          name: z.string().describe("A name that a spec may use."),
          from: z.string().describe("Its name in the file; `geo.lat` is a member of `geo`."),
          type: z.enum(COLUMN_TYPES).describe("The narrowest type that loses nothing."),
          missing: z.number().describe("Rows without a value."),
          distinct: z.number().describe("Different values; an estimate above a million rows."),
          samples: z.array(z.string()).describe("A few of them."),
        }),
      )
      .describe("Columns, and members of structs and objects, in the order of the file."),
    rowKeys: z
      .array(z.array(z.string()))
      .describe("Columns that tell all rows apart, best first: a primary key before others."),
    timeColumns: z.array(z.string()).describe("Columns that may say when a row happened, best first."),
    preview: z
      .array(z.array(z.string().nullable()))
      .describe("The first rows: values as text, in the order of the columns."),
    warnings: z.array(z.string()).describe("What is doubtful or could not be told."),
    spec: z.string().describe("An Entity and a Source as YAML, which plan accepts."),
  })
  .meta({ id: "Inspection", description: "What files are, and how a source over them would be declared." });
export type Inspection = z.infer<typeof Inspection>;

export const inspectSource = operation({
  id: "inspectSource",
  method: "POST",
  path: "/api/v1/sources/inspect",
  summary:
    "What files or a table are that nobody has declared: format, types, keys, times, and the spec of a source over them.",
  tag: "sources",
  body: InspectBody,
  response: Inspection,
});

export const Upload = z
  .object({
    location: z.string().describe("What a source names as its location."),
    bytes: z.number().describe("Size in bytes."),
    sha256: z.string().describe("SHA-256 of its content."),
  })
  .meta({ id: "Upload", description: "A file that was kept." });
export type Upload = z.infer<typeof Upload>;

export const uploadFile = operation({
  id: "uploadFile",
  method: "POST",
  path: "/api/v1/uploads",
  summary: "Keeps a file in the data folder: the body is the file, as it is. Nothing is kept of one that breaks off.",
  tag: "sources",
  query: WorkspaceQuery.extend({
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^/\\]+$/, { error: "expected a file's name without folders" })
      .describe("The file's name, with its ending."),
  }),
  status: 201,
  response: Upload,
});
