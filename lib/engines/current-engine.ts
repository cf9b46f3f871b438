import path from "node:path";
import { environment } from "@/lib/config/environment";
import { isOnlyThisMachine } from "@/lib/config/only-this-machine";
import { mayCallPrivateDatabases } from "@/lib/config/private-address";
import { ownScratch } from "@/lib/config/scratch-folder";
import { createIsolatedEngine, type IsolatedEngine } from "./local/child/isolated-engine";

const holder = globalThis as typeof globalThis & { tributaryEngine?: IsolatedEngine };

/** The engine that this process runs and plans with. */
export function engine(): IsolatedEngine {
  const { TRIBUTARY_DATA, TRIBUTARY_SOURCES, TRIBUTARY_ENGINE_THREADS, TRIBUTARY_ENGINE_MEMORY, TRIBUTARY_RUN_HOURS } =
    environment();
  return (holder.tributaryEngine ??= createIsolatedEngine({
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
  }));
}
