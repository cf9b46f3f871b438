import path from "node:path";
import { environment } from "@/lib/config/environment";
import { isLoopback } from "@/lib/config/loopback";
import type { Engine } from "./engine";
import { createLocalEngine } from "./local/local-engine";

const holder = globalThis as typeof globalThis & { tributaryEngine?: Engine };

/** The engine that this process runs and plans with. */
export function engine(): Engine {
  const { HOST, TRIBUTARY_DATA, TRIBUTARY_SOURCES, TRIBUTARY_ENGINE_THREADS, TRIBUTARY_ENGINE_MEMORY } = environment();
  return (holder.tributaryEngine ??= createLocalEngine({
    dataDirectory: path.join(TRIBUTARY_DATA, "scratch"),
    threads: TRIBUTARY_ENGINE_THREADS,
    memoryLimit: TRIBUTARY_ENGINE_MEMORY,
    sources: {
      directories: TRIBUTARY_SOURCES ?? [path.join(TRIBUTARY_DATA, "sources")],
      // Whoever may declare a source could otherwise read any file of the server.
      anywhere: TRIBUTARY_SOURCES === undefined && isLoopback(HOST),
    },
  }));
}
