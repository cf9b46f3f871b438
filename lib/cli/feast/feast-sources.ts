/** Where Feast's data sources have their rows. Pure. */
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { FeastDataSource } from "./registry-dump";

type Origin = Pick<SourceDefinition, "format" | "location" | "connection" | "table" | "sql">;

const POSTGRES = /\bPostgreSQLSource$/;
/** SourceType of feast/core/DataSource.proto, for messages. */
const KINDS: Record<string, string> = {
  "8": "Snowflake",
  "2": "BigQuery",
  "5": "Redshift",
  "3": "Kafka",
  "4": "Kinesis",
  "6": "a custom source",
  "7": "a request source",
  "9": "a push source",
  "10": "Trino",
  "11": "Spark",
  "12": "Athena",
  "13": "Iceberg",
  BATCH_SNOWFLAKE: "Snowflake",
  BATCH_BIGQUERY: "BigQuery",
  BATCH_REDSHIFT: "Redshift",
  STREAM_KAFKA: "Kafka",
  STREAM_KINESIS: "Kinesis",
  CUSTOM_SOURCE: "a custom source",
  REQUEST_SOURCE: "a request source",
  PUSH_SOURCE: "a push source",
  BATCH_TRINO: "Trino",
  BATCH_SPARK: "Spark",
  BATCH_ATHENA: "Athena",
  BATCH_ICEBERG: "Iceberg",
};

/**
 * A source's origin, or why it has none that is read here.
 * @param connection the workspace's connection to the database of Feast's Postgres offline store
 */
export function originOf(source: FeastDataSource, connection: string | undefined): Origin | { refusal: string } {
  if (source.fileOptions) return fileOrigin(source.fileOptions);
  if (POSTGRES.test(source.dataSourceClassType) && source.customOptions)
    return postgresOrigin(source.customOptions.configuration, connection);
  const kind = KINDS[String(source.type ?? "")] ?? `a source of type ${source.type ?? "unknown"}`;
  return { refusal: `${kind} is not read; export its rows to Parquet and declare a source over them` };
}

function fileOrigin({ uri, fileFormat }: NonNullable<FeastDataSource["fileOptions"]>): Origin | { refusal: string } {
  const other = Object.keys(fileFormat).find((format) => format !== "parquetFormat");
  if (other !== undefined)
    return { refusal: `its files are ${other.replace(/Format$/, "")}, and only Parquet is read` };
  if (uri.trim() === "") return { refusal: "it names no file" };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1];
  if (scheme === undefined) return { format: "parquet", location: uri };
  if (scheme === "file") return { format: "parquet", location: decodeURIComponent(new URL(uri).pathname) };
  return { refusal: `${uri} is not on this machine; copy it to a folder that the server reads` };
}

/** `configuration` is JSON, in base64 as protobuf's bytes are. */
function postgresOrigin(configuration: string, connection: string | undefined): Origin | { refusal: string } {
  if (connection === undefined)
    return { refusal: "it is a table of Postgres; make a connection and name it with --connection NAME" };
  try {
    const { table, query } = JSON.parse(Buffer.from(configuration, "base64").toString("utf8")) as Record<
      string,
      unknown
    >;
    if (typeof query === "string" && query !== "") return { format: "postgres", connection, sql: query };
    if (typeof table === "string" && table !== "") return { format: "postgres", connection, table };
  } catch {
    // As one that names neither.
  }
  return { refusal: "its configuration names neither a table nor a query" };
}
