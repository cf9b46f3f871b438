import { z } from "zod";
import { SOURCE_FORMATS } from "@/lib/domain/definitions/source";
import { RuleSchema } from "./spec-documents-rules";
import {
  columnType,
  compact,
  described,
  fields,
  name,
  nonEmpty,
  profileEvery,
  says,
  text,
  unique,
} from "./spec-documents-fields";

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const reading = fields({
  delimiter: z.string().min(1).max(4).nullish().meta({
    description:
      "Between the fields of a CSV. Left out: the one of comma, semicolon, bar and tab that gives the declared columns.",
  }),
  quote: z
    .string()
    .max(1)
    .nullish()
    .meta({ description: "Around a field that holds a delimiter or a line end; empty for none.", default: '"' }),
  escape: z
    .string()
    .max(1)
    .nullish()
    .meta({ description: "Before a quote inside a quoted field. Left out: the quote itself." }),
  header: z.boolean().nullish().meta({
    description: "Whether the first line names the columns. Without names the first column is `column0`.",
    default: true,
  }),
  skip: z.number().int().min(0).nullish().meta({ description: "Lines before the first that counts.", default: 0 }),
  comment: z.string().max(1).nullish().meta({ description: "Lines that begin with it are no rows." }),
  decimal: z.string().length(1).nullish().meta({ description: "Between whole and fraction.", default: "." }),
  thousands: z.string().length(1).nullish().meta({ description: "Between groups of three digits. Left out: none." }),
  encoding: z
    .string()
    .min(1)
    .nullish()
    .meta({ description: "As the IANA names it, such as latin1. Left out: UTF-8, or what a byte order mark says." }),
  nullValues: z
    .array(z.string())
    .nullish()
    .meta({
      description: "Texts that stand for a missing value, in all columns. The empty field always does.",
      examples: [["NA", "n/a"]],
    }),
  dateFormat: oneOrMore
    .nullish()
    .meta({ description: "Formats of strptime, tried in order after ISO 8601.", examples: ["%d.%m.%Y"] }),
  timestampFormat: oneOrMore
    .nullish()
    .meta({ description: "Formats of strptime, tried in order after ISO 8601.", examples: ["%m/%d/%Y %H:%M"] }),
  epoch: z
    .enum(["seconds", "milliseconds"])
    .nullish()
    .meta({ description: "What numbers in a timestamp column count since 1970-01-01 UTC." }),
  timeZone: z
    .string()
    .min(1)
    .nullish()
    .meta({
      description: "Zone of times without an offset, as IANA names it.",
      default: "UTC",
      examples: ["Europe/Berlin"],
    }),
}).transform((value) => compact(value));

export const SourceSchema = fields({
  kind: z.literal("Source"),
  name: name.meta({ description: "Its name; whatever reads the data names it." }),
  ...described,
  entity: name.meta({ description: "The entity that the columns belong to." }),
  format: z.enum(SOURCE_FORMATS).meta({
    description: "How the files are written (`.gz` and `.zst` are read too), or `postgres` for a table of a database.",
  }),
  location: text((value) => value.trim() !== "", "is empty", "a path, or npm:package/path")
    .nullish()
    .meta({
      description:
        "A path, a folder, a pattern, or npm:package/path for a file inside an installed package; paths lie in the folders of `TRIBUTARY_SOURCES`.",
      examples: ["data/2024-*.parquet"],
    }),
  connection: name.nullish().meta({
    description: "Of `postgres`: the connection of the workspace to the database, which an administrator has made.",
  }),
  table: text((value) => value.trim() !== "", "is empty", "a table such as sales.orders")
    .nullish()
    .meta({
      description: "Of `postgres`: the table or view as the database writes it; this or `sql`.",
      examples: ["sales.orders"],
    }),
  sql: text((value) => value.trim() !== "", "is empty", "a SELECT")
    .nullish()
    .meta({
      description:
        "Of `postgres`: one SELECT in its own SQL, run in a transaction that can only read; this or `table`.",
    }),
  reading: reading.nullish().meta({ description: "How the files are read where that cannot be told from them." }),
  columns: nonEmpty(
    unique(
      fields({
        name: name.meta({ description: "Its name in the registry." }),
        type: columnType.meta({ description: "Its type; a value that does not fit is refused with its row." }),
        from: z.string().nullish().meta({
          description:
            "The column's name in the file where it differs; `geo.lat` is also the member `lat` of a struct `geo`.",
        }),
        description: z.string().trim().nullish().meta({ description: "What the column means." }),
      }).transform((value) => compact({ ...value, from: value.from === value.name ? undefined : value.from })),
      (one) => one.name,
    ),
    "column",
  ).meta({ description: "The columns that are read; others of the file are not." }),
  rowKey: nonEmpty(unique(name), "column of the row's key").meta({
    description: "The columns that tell rows apart. Splits and proofs about leakage count rows by them.",
  }),
  timeColumn: name.nullish().meta({ description: "The column with the moment from which a row is known." }),
  createdColumn: name.nullish().meta({
    description:
      "The column with the moment at which a row was written; of rows with one key and time the newest counts.",
  }),
  appendOnly: z
    .boolean()
    .nullish()
    .meta({ description: "Rows are only ever added: an import with fewer is refused.", default: false }),
  rowNumber: name.nullish().meta({
    description: "A bigint column of `columns` that the file does not hold: the row's position in it, from 0.",
  }),
  rules: z.array(RuleSchema).nullish().meta({ description: "Checked on every new version of the data." }),
  profileEvery: profileEvery.nullish().meta({
    description: "How long the windows of its time column are that distributions are kept for.",
    default: "month",
  }),
})
  .superRefine((value, context) => {
    for (const { path, message, expected } of originFindings(value))
      context.addIssue({ code: "custom", path, message: says(message, expected) });
  })
  .transform((value) => compact(value, { appendOnly: false, profileEvery: "month" }));

interface Origin {
  format: (typeof SOURCE_FORMATS)[number];
  location?: string | null;
  connection?: string | null;
  table?: string | null;
  sql?: string | null;
  rowNumber?: string | null;
}

/** Files have a location; a table has a connection, and is named or selected. */
function originFindings(source: Origin): { path: string[]; message: string; expected: string }[] {
  const isGiven = (member: keyof Origin) => source[member] !== undefined && source[member] !== null;
  if (source.format !== "postgres") {
    const findings = (["connection", "table", "sql"] as const).filter(isGiven).map((member) => ({
      path: [member as string],
      message: "belongs to format postgres",
      expected: `no ${member} for files`,
    }));
    if (!isGiven("location"))
      findings.push({ path: ["location"], message: "is missing", expected: "a path, or npm:package/path" });
    return findings;
  }
  const findings = (["location", "rowNumber"] as const).filter(isGiven).map((member) => ({
    path: [member] as string[],
    message: "belongs to files",
    expected: member === "location" ? "`connection` with `table` or `sql`" : "a key of the table as rowKey",
  }));
  if (!isGiven("connection"))
    findings.push({
      path: ["connection"],
      message: "is missing",
      expected: "the name of a connection of the workspace",
    });
  if (isGiven("table") === isGiven("sql"))
    findings.push({
      path: ["table"],
      message: isGiven("sql") ? "stands beside `sql`" : "is missing",
      expected: "either a table such as sales.orders, or `sql` with a SELECT",
    });
  return findings;
}
