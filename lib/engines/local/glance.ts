import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { isFileSource, type SourceDefinition } from "@/lib/domain/definitions/source";
import { resolveFiles, type SourceFolders } from "./source-location";

/** See `Engine.glance`. */
export async function glanceAt(source: SourceDefinition, folders: SourceFolders): Promise<string | null> {
  if (!isFileSource(source)) return null;
  const hash = createHash("sha256");
  for (const file of resolveFiles(source, folders)) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}
