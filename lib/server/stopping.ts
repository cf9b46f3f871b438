const holder = globalThis as typeof globalThis & { tributaryCloseFirst?: () => Promise<void> };

/**
 * What is closed before anything else when the process is asked to stop: what takes requests. On `globalThis`, because the server is
 * not in the bundle that the work behind it runs in.
 */
export function closeFirst(close: () => Promise<void>): void {
  holder.tributaryCloseFirst = close;
}

export async function closeWhatListens(): Promise<void> {
  await holder.tributaryCloseFirst?.();
}

/** A process that nobody can interrupt any more does not wait longer for its end. */
const ALONE_WITHIN_MS = 15_000;

/**
 * Calls `stop`, once, when the process is asked to stop: by a signal, or because the process that started it is gone, which a
 * channel to it tells where there is one (scripts/start.mjs). A second signal ends it at once.
 */
export function onStop(stop: (reason: string) => void): void {
  let stopping = false;
  const begin = (reason: string) => {
    if (stopping) return;
    stopping = true;
    stop(reason);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      begin(signal);
    });
  const alone = () => {
    setTimeout(() => process.exit(1), ALONE_WITHIN_MS).unref();
    begin("the process that started this one is gone");
  };
  // Undefined without a channel; false when its other end was gone before this was called.
  if (process.connected === false) alone();
  process.once("disconnect", alone);
}
