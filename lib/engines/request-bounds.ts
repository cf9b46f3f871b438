import type { ReadBounds } from "./engine";

/** What is read of files before anybody declared or applied them: enough to find what does not fit, and no more than a request waits for. */
export const REQUEST_BOUNDS: ReadBounds = { files: 200, bytes: 256 * 2 ** 20, rows: 500_000 };

/** The same of files that nobody has declared: they are read several times over, to tell what they hold. */
export const INSPECTION_BOUNDS: ReadBounds = { ...REQUEST_BOUNDS, rows: 100_000 };
