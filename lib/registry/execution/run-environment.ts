import os from "node:os";
import { environment } from "@/lib/config/environment";
import { lockfileDigest } from "@/lib/config/lockfile";
import { version } from "@/lib/config/version";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { RunEnvironment } from "@/lib/domain/runs/run-record";
import { digestOf } from "../record-event";

/** What this process is, as a run records it. */
export function runEnvironment(engine: EngineIdentity): RunEnvironment {
  const settings = environment();
  return {
    tributary: version,
    commit: settings.TRIBUTARY_COMMIT ?? null,
    dirty: settings.TRIBUTARY_COMMIT_DIRTY ?? null,
    lockfile: lockfileDigest(),
    engine: engine.version,
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
    processors: os.cpus().length,
    memoryBytes: os.totalmem(),
    threads: settings.TRIBUTARY_ENGINE_THREADS,
    engineMemory: settings.TRIBUTARY_ENGINE_MEMORY,
  };
}

/**
 * The same as two digests, for a fit: the code that fitted it, and the environment that the code ran in. The size of the machine is in
 * neither, because it changes no value.
 */
export function environmentDigests(engine: EngineIdentity): { codeDigest: string; environmentDigest: string } {
  const { tributary, commit, engine: engineVersion, node, platform } = runEnvironment(engine);
  return {
    codeDigest: digestOf({ tributary, commit, engine: `${engine.name} ${engineVersion}` }),
    environmentDigest: digestOf({ engine: engineVersion, node, platform }),
  };
}
