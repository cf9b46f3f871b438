/** What is read of files that are more, or larger, than a request waits for: the beginnings of some of them. */
import { stat } from "node:fs/promises";
import type { FileSource } from "@/lib/domain/definitions/source";
import type { ReadBounds } from "../engine";

/** `2 rows`. */
export const count = (n: number, what: string) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

/** What a byte of a compressed text is worth of text, about. */
const EXPANDS = 20;

export interface Part {
  paths: string[];
  bounds: ReadBounds;
  /** Why not all of it, in words. */
  why: string;
}

/** The files that are looked at, where all of them are too much; null where they are not. */
export async function partOf(
  source: Pick<FileSource, "location">,
  paths: string[],
  bounds: ReadBounds,
): Promise<Part | null> {
  let bytes = 0;
  let weight = 0;
  for (const path of paths) {
    const { size } = await stat(path);
    bytes += size;
    weight += /\.(gz|zst)$/.test(path) ? size * EXPANDS : size;
  }
  if (paths.length <= bounds.files && weight <= bounds.bytes) return null;
  // From the first to the last, because files of one source change in the course of time.
  const step = Math.max(1, (paths.length - 1) / Math.max(1, bounds.files - 1));
  const chosen = [...new Set(Array.from({ length: Math.min(bounds.files, paths.length) }, (_, at) => paths[Math.round(at * step)] as string))]; // prettier-ignore
  const [first = source.location] = paths;
  const what = paths.length === 1 ? first : `${paths.length.toLocaleString("en")} files such as ${first}`;
  return { paths: chosen, bounds, why: `${what} (${megabytes(bytes)})` };
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MB`;

/** What was read of the files, in words. */
export function readOf({ paths, why }: Part, rows: number): string {
  const opening = paths.length === 1 ? "" : `${count(paths.length, "file")} of them opened, and of these `;
  return `${why}: ${opening}the first ${count(rows, "row")} read now. The first run reads all, and fails where one does not fit.`;
}
