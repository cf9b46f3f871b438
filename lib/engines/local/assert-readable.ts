import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { SampleRequest } from "@/lib/domain/datasets/row-sample";
import { DomainError } from "@/lib/domain/errors";
import { assertUnchanged } from "./source-file";

/** Digests of files by path, time and size: reading a large file whole for every look at it would be most of the work. */
const digests = new Map<string, string>();

/** Throws `not_found` for a file that is gone, and `conflict` for a source's that is no longer the version's. */
export async function assertReadable({ source, snapshot }: Pick<SampleRequest, "source" | "snapshot">): Promise<void> {
  for (const file of snapshot.files) {
    if (!existsSync(file.path))
      throw new DomainError(
        "not_found",
        `A file of ${snapshot.dataset} version ${snapshot.version} is gone: ${file.path}. Restore it or use a newer version.`,
      );
    if (source === null) continue;
    const { mtimeMs, size } = await stat(file.path);
    const key = `${file.path}|${mtimeMs}|${size}`;
    if (digests.get(key) === file.sha256) continue;
    await assertUnchanged(source, { ...snapshot, files: [file] });
    digests.set(key, file.sha256);
  }
}
