import { BYTE_SIZE } from "./byte-size";
import path from "node:path";
import { z } from "zod";

/**
 * Every environment variable that the product reads, parsed once at start. `docs/configuration.md` is generated from
 * the descriptions, so they are written for the person who sets them.
 */
const flag = (fallback: "0" | "1") =>
  z
    .enum(["0", "1"], { error: "must be 0 or 1" })
    .default(fallback)
    .transform((value) => value === "1");

export const EnvironmentSchema = z.object({
  HOST: z.string().min(1).default("127.0.0.1").describe("Address to listen on."),
  PORT: z.coerce
    .number({ error: "must be a port number" })
    .int({ error: "must be a whole port number" })
    .min(0, { error: "must be between 0 and 65535" })
    .max(65535, { error: "must be between 0 and 65535" })
    .default(3000)
    .describe("Port to listen on; 0 takes a free one."),
  TRIBUTARY_DATA: z
    .string()
    .min(1)
    .default(".tributary")
    .transform((value) => path.resolve(value))
    .describe("Folder of the embedded database, online store, offline tables and models."),
  TRIBUTARY_ROLE: z
    .enum(["all", "web", "worker", "serving"], { error: "must be one of all, web, worker, serving" })
    .default("all")
    .describe("Which part of the product this process is."),
  TRIBUTARY_DEMO: flag("1").describe(
    "Fill the demo workspace at the first start, and offer its people with one click while only this machine can reach the server: `HOST` is a loopback address, `NEXTAUTH_URL` is not public, and no request came through a proxy.",
  ),
  TRIBUTARY_BOOTSTRAP_TOKEN: z
    .string()
    .min(16, { error: "must have at least 16 characters" })
    .optional()
    .describe("An API token with every role, for automation and the first set-up."),
  TRIBUTARY_ADMIN_EMAIL: z
    .email({ error: "must be an e-mail address" })
    .optional()
    .describe("E-mail of the first administrator."),
  TRIBUTARY_ADMIN_PASSWORD: z
    .string()
    .min(12, { error: "must have at least 12 characters" })
    .optional()
    .describe("Password of the first administrator."),
  TRIBUTARY_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info")
    .describe("How much the process logs."),
  TRIBUTARY_SOURCES: z
    .string()
    .optional()
    .transform((value) =>
      value
        ?.split(path.delimiter)
        .filter(Boolean)
        .map((folder) => path.resolve(folder)),
    )
    .describe(
      "Folders that sources may be read from, besides installed packages and `sources` in the data folder, where uploads are, separated as in PATH. Unset: also any absolute path while only this machine can reach the server (not in the role `worker`).",
    ),
  TRIBUTARY_UPLOAD_LIMIT: z
    .string()
    .regex(BYTE_SIZE, { error: "must be a size such as 2GB" })
    .default("2GB")
    .describe("The largest file that may be uploaded."),
  TRIBUTARY_ENGINE_THREADS: z.coerce
    .number({ error: "must be a number" })
    .int()
    .min(1, { error: "must be at least 1" })
    .default(2)
    .describe("Threads of the local engine."),
  TRIBUTARY_ENGINE_MEMORY: z
    .string()
    .regex(BYTE_SIZE, { error: "must be a size such as 2GB" })
    .default("2GB")
    .describe(
      "Memory limit of the local engine; above it, the engine spills to disk. Its process may hold 768 MB more and is ended beyond that.",
    ),
  TRIBUTARY_HISTORICAL_ROWS: z.coerce
    .number({ error: "must be a number of rows" })
    .int({ error: "must be a whole number of rows" })
    .min(1, { error: "must be at least 1" })
    .default(5_000_000)
    .describe("Rows of a spine that one request for historical features may have: it waits for the answer."),
  TRIBUTARY_RUN_HOURS: z.coerce
    .number({ error: "must be a number of hours" })
    .positive({ error: "must be more than 0" })
    .max(500, { error: "must be at most 500" })
    .default(24)
    .describe("Hours after which a run on the local engine is stopped."),
  TRIBUTARY_COMMIT: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, { error: "must be a commit such as 4f1c2d9" })
    .optional()
    .describe(
      "Commit of the code that runs, which every fit records. Unset: that of the checkout, where there is one.",
    ),
  TRIBUTARY_COMMIT_DIRTY: z
    .enum(["0", "1"], { error: "must be 0 or 1" })
    .optional()
    .transform((value) => (value === undefined ? undefined : value === "1"))
    .describe(
      "Whether the code that runs has changes that are in no commit, which every run records. Unset: whether the checkout has.",
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: "must be a postgresql:// URL" })
    .optional()
    .describe("A Postgres server (15 or newer) instead of the embedded one."),
  OPENLINEAGE_URL: z
    .url({ error: "must be a URL", protocol: /^https?$/ })
    .optional()
    .describe(
      "An OpenLineage receiver that is sent the events of every run. Without a path, `/api/v1/lineage` is its path.",
    ),
  OPENLINEAGE_API_KEY: z.string().min(1).optional().describe("Bearer token for that receiver."),
  OPENLINEAGE_NAMESPACE: z
    .string()
    .min(1)
    .default("tributary")
    .describe("Namespace of jobs and datasets in OpenLineage events."),
  MLFLOW_TRACKING_URI: z
    .url({ error: "must be a URL such as https://mlflow.example.com", protocol: /^https?$/ })
    .refine((value) => !URL.canParse(value) || new URL(value).username + new URL(value).password === "", {
      error: "must not hold a user name or password: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
    })
    .optional()
    .describe(
      "An MLflow tracking server (2.x or 3.x) that is told of fit runs, model versions and aliases. See [MLflow](mlflow.md).",
    ),
  MLFLOW_TRACKING_TOKEN: z.string().min(1).optional().describe("Bearer token for that server."),
  MLFLOW_TRACKING_USERNAME: z
    .string()
    .min(1)
    .optional()
    .describe("User name for that server, instead of a token; goes with `MLFLOW_TRACKING_PASSWORD`."),
  MLFLOW_TRACKING_PASSWORD: z.string().min(1).optional().describe("Password of that user."),
  TRIBUTARY_MLFLOW_POLL_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .int({ error: "must be a whole number of seconds" })
    .min(0, { error: "must be at least 0" })
    .max(86_400, { error: "must be at most 86400" })
    .default(60)
    .describe("Seconds between two looks at MLflow for aliases that somebody moved there; 0 never looks."),
  TRIBUTARY_NEW_DATA_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(1, { error: "must be at least 1" })
    .max(86_400, { error: "must be at most 86400" })
    .default(60)
    .describe(
      "Seconds between two looks at the files of sources whose new data begin a job; files are read once they stay as they are from one look to the next. Tables are read every fifteenth time.",
    ),
  SPARK_HOME: z
    .string()
    .min(1)
    .optional()
    .transform((value) => value && path.resolve(value))
    .describe("Folder of a Spark 4 installation, which makes the `spark` engine available. See [Spark](spark.md)."),
  PYSPARK_PYTHON: z
    .string()
    .min(1)
    .optional()
    .describe("Python 3.10 or newer that Spark's driver runs in; without `SPARK_HOME`, its package `pyspark` is the Spark that is used."), // prettier-ignore
  SPARK_MASTER: z
    .string()
    .regex(/^(local|spark:\/\/|yarn|k8s:\/\/)/, {
      error: "must be a master such as local[*], spark://host:7077, yarn or k8s://…",
    }) // prettier-ignore
    .default("local[*]")
    .describe("Where Spark runs. Any but `local` must reach the data folder under the same path."),
  SPARK_JARS: z
    .string()
    .optional()
    .transform((value) =>
      value
        ?.split(",")
        .filter(Boolean)
        .map((file) => path.resolve(file)),
    )
    .describe("Jars that Spark loads besides its own, separated by commas. Nothing is downloaded when a job starts."),
  SPARK_PROPERTIES: z
    .string()
    .min(1)
    .optional()
    .transform((value) => value && path.resolve(value))
    .describe("A file of Spark properties, such as memory and cores, as for `spark-submit --properties-file`."),
  SMTP_URL: z
    .url({ error: "must be a URL such as smtps://user:password@mail.example.com:465", protocol: /^smtps?$/ })
    .optional()
    .describe("Mail server for notifications; without it there are no e-mail channels."),
  SMTP_FROM: z
    .string()
    .regex(/^([^<>@"\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, {
      error: "must be an address such as features@example.com or Tributary <features@example.com>",
    })
    .optional()
    .describe("Sender of e-mail; goes with `SMTP_URL`."),
  TRIBUTARY_PRIVATE_WEBHOOKS: flag("0").describe(
    "Let webhooks go to loopback, private and link-local addresses. Allowed anyway while only this machine can reach the server (not in the role `worker`).",
  ),
  TRIBUTARY_PRIVATE_DATABASES: flag("0").describe(
    "Let connections to databases go to loopback, private and link-local addresses. Allowed anyway while only this machine can reach the server (not in the role `worker`).",
  ),
  TRIBUTARY_DELIVERY_DAYS: z.coerce
    .number({ error: "must be a number of days" })
    .int({ error: "must be a whole number of days" })
    .min(1, { error: "must be at least 1" })
    .max(3650, { error: "must be at most 3650" })
    .default(30)
    .describe("Days that delivered and failed messages stay in the delivery log."),
  NEXTAUTH_SECRET: z
    .string()
    .min(32, { error: "must have at least 32 characters" })
    .optional()
    .describe(
      "Key that signs sessions and from which the key of kept secrets is derived; generated and kept in the data folder when absent. The same for all processes of one registry.",
    ),
  NEXTAUTH_URL: z
    .url({ error: "must be a URL" })
    .optional()
    .describe("Public address of the portal behind a proxy; links in messages begin with it."),
});

export type Environment = z.output<typeof EnvironmentSchema>;

/** One sentence per wrong variable: which, what is wrong with it, what it was. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/** Secrets must not reach the terminal or a log, not even when they are wrong. */
const SECRET = /TOKEN|PASSWORD|SECRET|KEY|URL/;

export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  // An empty variable is what `FOO= npm start` and most compose files mean by "not set".
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = EnvironmentSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const given = SECRET.test(name) ? "" : ` (it is ${JSON.stringify(set[name])})`;
    return `${name} ${issue.message}${given}.`;
  });
  throw new EnvironmentError(sentences.join("\n"));
}

const holder = globalThis as typeof globalThis & { tributaryEnvironment?: Environment };

/** The process's settings. Parsed on first use and then fixed. */
export function environment(): Environment {
  return (holder.tributaryEnvironment ??= parseEnvironment(process.env));
}

/** Sets this process's settings anew, for one that works in a place of its own. Throws EnvironmentError. */
export function setEnvironment(variables: NodeJS.ProcessEnv): void {
  holder.tributaryEnvironment = parseEnvironment(variables);
}
