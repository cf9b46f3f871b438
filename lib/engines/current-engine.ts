import path from "node:path";
import { environment } from "@/lib/config/environment";
import { installationFolder } from "@/lib/config/installation";
import { isOnlyThisMachine } from "@/lib/config/only-this-machine";
import { mayCallPrivateDatabases } from "@/lib/config/private-address";
import { ownScratch } from "@/lib/config/scratch-folder";
import type { OtherEngine } from "@/lib/domain/runs/engine-support";
import type { Engine } from "./engine";
import { createIsolatedEngine, type IsolatedEngine } from "./local/child/isolated-engine";
import { findSpark } from "./spark/find-spark";
import { createSparkEngine } from "./spark/spark-engine";
import { sparkSubmit } from "./spark/spark-submit";

const holder = globalThis as typeof globalThis & { tributaryEngine?: IsolatedEngine };

/** The engine that this process runs and plans with. */
export function engine(): IsolatedEngine {
  return (holder.tributaryEngine ??= withOthers(createLocal()));
}

/** The local engine, which knows this installation's others. Spark is looked for when somebody first asks for it. */
function withOthers(local: IsolatedEngine): IsolatedEngine {
  let spark: OtherEngine<Engine> | undefined;
  return { ...local, other: (name) => (name === "spark" ? (spark ??= sparkEngine(local)) : { engine: local }) };
}

function sparkEngine(local: IsolatedEngine): OtherEngine<Engine> {
  const { SPARK_HOME, PYSPARK_PYTHON, SPARK_MASTER, SPARK_JARS, SPARK_PROPERTIES, TRIBUTARY_DATA } = environment();
  const found = findSpark({
    home: SPARK_HOME,
    python: PYSPARK_PYTHON,
    master: SPARK_MASTER,
    jars: SPARK_JARS,
    properties: SPARK_PROPERTIES,
  });
  if ("whyNot" in found) return found;
  const submitter = sparkSubmit(found.submit, installationFolder());
  return { engine: createSparkEngine({ local, submitter, dataDirectory: TRIBUTARY_DATA }, found.version) };
}

function createLocal(): IsolatedEngine {
  const { TRIBUTARY_DATA, TRIBUTARY_SOURCES, TRIBUTARY_ENGINE_THREADS, TRIBUTARY_ENGINE_MEMORY, TRIBUTARY_RUN_HOURS } =
    environment();
  return createIsolatedEngine({
    runLimit: TRIBUTARY_RUN_HOURS * 3_600_000,
    dataDirectory: ownScratch(TRIBUTARY_DATA),
    threads: TRIBUTARY_ENGINE_THREADS,
    memoryLimit: TRIBUTARY_ENGINE_MEMORY,
    tables: {
      folder: path.join(TRIBUTARY_DATA, "tables"),
      readMs: TRIBUTARY_RUN_HOURS * 3_600_000,
      // Asked anew each time, as below.
      get privateAddresses() {
        return mayCallPrivateDatabases();
      },
    },
    sources: {
      directories: [...(TRIBUTARY_SOURCES ?? []), path.join(TRIBUTARY_DATA, "sources")],
      // Whoever may declare a source could otherwise read any file of the server. Asked anew each time: it can end.
      get anywhere() {
        return TRIBUTARY_SOURCES === undefined && isOnlyThisMachine();
      },
    },
  });
}
