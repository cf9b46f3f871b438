import { log } from "@/lib/config/log";
import type { RunControl } from "@/lib/domain/runs/run-control";

/** At most so often is progress written. */
const SAY_EVERY_MS = 500;
/** What follows the engine's work is a step that it does not see. */
const MOST = 0.95;

/**
 * Carries the progress of what is no run of its own into the registry: a share from 0 to 1 and what is being done. A write that fails is a
 * step that nobody sees; what the engine logs is kept nowhere.
 */
export function progressControl(
  signal: AbortSignal,
  say: (share: number, message: string) => Promise<unknown>,
): RunControl {
  let said = 0;
  return {
    signal,
    progress({ done, total, message }) {
      if (performance.now() - said < SAY_EVERY_MS) return;
      said = performance.now();
      const share = Math.min(MOST, total > 0 ? done / total : 0);
      say(share, message).catch((error: unknown) => log().warn({ err: error }, "progress is lost"));
    },
    log: () => undefined,
  };
}
