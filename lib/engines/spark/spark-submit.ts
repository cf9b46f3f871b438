/** The submitter of a Spark on this machine's disk: `spark-submit` in client mode, in a process group of its own. */
import { spawn } from "node:child_process";
import path from "node:path";
import { DomainError } from "@/lib/domain/errors";
import type { DriverEnd, Submitter } from "./submitter";

export interface SparkSubmitSettings {
  /** Absolute path of the program. */
  program: string;
  /** Spark's own folder, with its jars; null where the program finds it. */
  home: string | null;
  /** Interpreter that runs the driver; Spark's choice when null. */
  python: string | null;
  /** `local[*]`, `spark://HOST:PORT`, `yarn`, `k8s://…`. */
  master: string;
  /** Absolute paths. */
  jars: readonly string[];
  /** A file of Spark properties; Spark's own defaults when null. */
  properties: string | null;
}

/** The end of what a driver printed. */
const KEPT_OUTPUT = 8000;
/** Milliseconds after which a group that was asked to end is ended. */
const STOP_MS = 5000;
/** Laid beside the bundled programs. */
const DRIVER = path.join("dist", "tributary_driver.py");

/** What the plans rest on, whatever else is set: statements are translated for these. */
const PROPERTIES: Readonly<Record<string, string>> = {
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.ansi.enabled": "true",
  "spark.sql.caseSensitive": "true",
  "spark.ui.showConsoleProgress": "false",
};

/** @param root the installation's folder, with the driver */
export function submitArguments(settings: SparkSubmitSettings, root: string, name: string, plan: string): string[] {
  return [
    "--master",
    settings.master,
    "--name",
    name,
    ...(settings.properties === null ? [] : ["--properties-file", settings.properties]),
    ...(settings.jars.length === 0 ? [] : ["--jars", settings.jars.join(",")]),
    ...Object.entries(PROPERTIES).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
    path.join(root, DRIVER),
    plan,
  ];
}

export function sparkSubmit(settings: SparkSubmitSettings, root: string): Submitter {
  return {
    submit: ({ plan, folder, name }) =>
      new Promise((resolve, reject) => {
        const child = spawn(settings.program, submitArguments(settings, root, name, plan), {
          cwd: folder,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
          env: environmentOf(settings),
        });
        let output = "";
        const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT));
        child.stdout.on("data", keep);
        child.stderr.on("data", keep);
        child.once(
          "error",
          (error) =>
          reject(new DomainError("unavailable", `Spark could not be started: ${error.message}. Check SPARK_HOME and PYSPARK_PYTHON.`)), // prettier-ignore
        );
        const signalGroup = (signal: NodeJS.Signals) => {
          try {
            if (child.pid !== undefined) process.kill(-child.pid, signal);
          } catch {
            // Nothing of the group is left.
          }
        };
        const ended = new Promise<DriverEnd>((end) =>
          child.once("exit", (code, signal) => {
            // Java's Python, or Python's Java, must not outlive it.
            signalGroup("SIGKILL");
            end({ how: signal === null ? `exit code ${code}` : `signal ${signal}`, ok: code === 0, output });
          }),
        );
        child.once("spawn", () =>
          resolve({
            ended,
            async stop() {
              signalGroup("SIGTERM");
              const late = setTimeout(() => signalGroup("SIGKILL"), STOP_MS);
              await ended;
              clearTimeout(late);
            },
          }),
        );
      }),
  };
}

/** Spark gets what it needs of the environment, and nothing that opens the registry or signs a session. */
function environmentOf({ home, python }: SparkSubmitSettings): NodeJS.ProcessEnv {
  const passed = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|USER|LANG|TZ|TMPDIR|JAVA_HOME|HADOOP_|YARN_|KRB5|AWS_|AZURE_|GOOGLE_|SPARK_LOCAL)/.test(name)); // prettier-ignore
  return {
    ...Object.fromEntries(passed),
    NODE_ENV: process.env.NODE_ENV,
    ...(home !== null && { SPARK_HOME: home }),
    ...(python !== null && { PYSPARK_PYTHON: python, PYSPARK_DRIVER_PYTHON: python }),
    // No bytecode is left beside the driver.
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
