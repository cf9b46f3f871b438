import type { ReadBounds } from "./engine";

/** What is read of files before anybody declared or applied them: enough to find what does not fit, and no more than a request waits for. */
export const REQUEST_BOUNDS: ReadBounds = { files: 200, bytes: 256 * 2 ** 20, rows: 500_000 };
