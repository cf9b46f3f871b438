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
