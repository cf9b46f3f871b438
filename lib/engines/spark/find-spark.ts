/** Where this installation's Spark is: by SPARK_HOME, or as the pyspark package of a Python. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { SparkSubmitSettings } from "./spark-submit";

export interface SparkSettings {
  home?: string | undefined;
  python?: string | undefined;
  master: string;
  jars?: readonly string[] | undefined;
  properties?: string | undefined;
}

export type FoundSpark = { submit: SparkSubmitSettings; version: string } | { whyNot: string };

/** Series whose Spark ML and SQL the plans are tested with. */
const SERIES = "4.";
const FIND_MS = 20_000;

/** Nothing is started but, without SPARK_HOME, the Python that is asked where its pyspark is. */
export function findSpark({ home, python, master, jars = [], properties }: SparkSettings): FoundSpark {
  if (home === undefined && python === undefined)
    return {
      whyNot: "Set SPARK_HOME to a Spark 4 installation, or PYSPARK_PYTHON to a Python with pyspark 4 (docs/spark.md).",
    };
  const folder = home ?? folderOfPackage(python ?? "");
  if (folder === null)
    return { whyNot: `PYSPARK_PYTHON is ${python}, and that Python has no pyspark. Install pyspark 4 there, or set SPARK_HOME.` }; // prettier-ignore
  const program = path.join(folder, "bin", "spark-submit");
  if (!existsSync(program))
    return { whyNot: `There is no ${program}. Set SPARK_HOME to the folder of a Spark 4 installation.` };
  const version = versionOf(folder);
  if (version === null) return { whyNot: `${path.join(folder, "jars")} holds no spark-core, so it is no Spark.` };
  if (!version.startsWith(SERIES)) return { whyNot: `Spark in ${folder} is ${version}, and the engine needs Spark 4.` };
  const absent = [...jars, ...(properties === undefined ? [] : [properties])].find((file) => !existsSync(file));
  if (absent !== undefined)
    return { whyNot: `There is no file ${absent}, which SPARK_JARS or SPARK_PROPERTIES names.` };
  return {
    submit: { program, home: folder, python: python ?? null, master, jars, properties: properties ?? null },
    version,
  };
}

function folderOfPackage(python: string): string | null {
  const found = spawnSync(
    python,
    [
      "-c",
      "import importlib.util as u; s = u.find_spec('pyspark'); print(s.submodule_search_locations[0] if s else '')",
    ],
    { encoding: "utf8", timeout: FIND_MS },
  );
  const folder = found.status === 0 ? found.stdout.trim() : "";
  return folder === "" ? null : folder;
}

function versionOf(folder: string): string | null {
  const jars = path.join(folder, "jars");
  const names = existsSync(jars) ? readdirSync(jars) : [];
  return names.flatMap((name) => /^spark-core_[\d.]+-(\d+\.\d+\.\d+.*)\.jar$/.exec(name)?.[1] ?? [])[0] ?? null;
}
