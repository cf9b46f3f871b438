import { spawnSync } from "node:child_process";
import type { TestProject } from "vitest/node";
import { ensurePython, MLFLOW_REQUIREMENTS, SPARK_REQUIREMENTS } from "./python-environment";

/** Makes the Python environments of the project `peers` before its first test. Where one cannot be had, its tests are skipped by name. */
export default function setup(project: TestProject): void {
  project.provide(
    "python",
    attempt("MLflow and the Python client", () => ensurePython(MLFLOW_REQUIREMENTS)),
  );
  project.provide(
    "sparkPython",
    attempt("Spark", () => (assertJava(), ensurePython(SPARK_REQUIREMENTS))),
  );
}

/** What `make` gives; empty where it throws, which is said. */
function attempt(of: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    console.warn(`peers: the suite of ${of} is skipped: ${(error as Error).message}`);
    return "";
  }
}

const OLDEST_JAVA = 17;

function assertJava(): void {
  const { stderr, status } = spawnSync("java", ["-version"], { encoding: "utf8" });
  const version = Number(/version "(\d+)/.exec(stderr ?? "")?.[1]);
  if (status !== 0 || !(version >= OLDEST_JAVA)) throw new Error(`There is no Java ${OLDEST_JAVA} or newer here.`);
}

declare module "vitest" {
  interface ProvidedContext {
    /** Commands of the interpreters; empty where there is none. */
    python: string;
    sparkPython: string;
  }
}
