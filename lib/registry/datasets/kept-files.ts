/**
 * Bytes of sources' files, kept by their content: `kept/ab/abcdef…/NAME` in the data folder. A file that has not changed is there once,
 * however many versions name it. Below its content's folder it has the end of its path, because names say how files are read: `.gz`, and
 * Hive partitions such as `region=eu/`. What is there is never written to again.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  constants,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  utimes,
} from "node:fs/promises";
import path from "node:path";
import { isFullDiskError } from "@/lib/config/disk-space";
import { environment } from "@/lib/config/environment";
import { digestFile, digestStart, type FileDigest } from "@/lib/config/file-digest";
import { DomainError } from "@/lib/domain/errors";

/** A file of a dataset version, as it was recorded. */
export interface RecordedFile extends FileDigest {
  /** Absolute, or below the data folder. */
  path: string;
}

/** Bytes of the disk that keeping leaves free. */
const LEFT_FREE = 256 * 2 ** 20;
const PART = ".part";

const home = () => path.join(environment().TRIBUTARY_DATA, "kept");
const folderOf = (sha256: string) => path.join(home(), sha256.slice(0, 2), sha256);
const absolute = (file: string) => path.resolve(environment().TRIBUTARY_DATA, file);

/** Where a file is kept, whether it is there or not. */
function placeOf({ path: file, sha256 }: RecordedFile): string {
  const partitions = path.dirname(file).split(path.sep).filter((segment) => segment.includes("=")); // prettier-ignore
  return path.join(folderOf(sha256), ...partitions, path.basename(file));
}

/** Copies of tables were made to be kept: their folder is another. */
export const isTableCopy = (file: string): boolean =>
  absolute(file).startsWith(path.join(environment().TRIBUTARY_DATA, "tables") + path.sep);

/** The files as they are read: kept ones where they are kept, others where they were found. */
export function filesToRead<File extends RecordedFile>(files: readonly File[]): File[] {
  return files.map((file) => {
    const kept = placeOf(file);
    return { ...file, path: existsSync(kept) ? kept : absolute(file.path) };
  });
}

/**
 * Keeps files. What is kept already costs a look at it.
 * @returns why they could not be kept, as a sentence; null when they are
 * @throws DomainError `conflict` for a file that is no longer what its digest says
 */
export async function keepFiles(files: readonly RecordedFile[]): Promise<string | null> {
  for (const file of files) {
    if (isTableCopy(file.path)) continue;
    if (await isKept(file)) continue;
    const room = await roomFor(file);
    if (room !== null) return room;
    try {
      await keepFile(file);
    } catch (error) {
      if (isFullDiskError(error)) return noRoom(file);
      if ((error as { code?: unknown } | null)?.code === "ENOENT") return `There is no file ${file.path} to keep.`;
      throw error;
    }
  }
  return null;
}

/** Says that the content is in use as well, so that nobody removes what a version that is about to be recorded names. */
async function isKept(file: RecordedFile): Promise<boolean> {
  const found = await stat(placeOf(file)).catch(() => null);
  if (found?.size !== file.bytes) return false;
  const now = new Date();
  await utimes(folderOf(file.sha256), now, now).catch(() => undefined);
  return true;
}

async function keepFile(file: RecordedFile): Promise<void> {
  const target = placeOf(file);
  await mkdir(path.dirname(target), { recursive: true });
  const twin = (await filesBelow(folderOf(file.sha256)))[0];
  const aside = path.join(folderOf(file.sha256), `.${randomUUID()}${PART}`);
  try {
    // A disk that can shares the blocks until one of the two is written to.
    if (twin === undefined) await copyFile(absolute(file.path), aside, constants.COPYFILE_FICLONE);
    else await link(twin, aside).catch(() => copyFile(twin, aside));
    const found = await digestFile(aside);
    if (found.sha256 !== file.sha256) throw changed(file);
    if (twin === undefined) {
      // What a power cut leaves is all of it or none.
      const written = await open(aside, "r");
      await written.sync().finally(() => written.close());
      await chmod(aside, 0o444);
    }
    await rename(aside, target);
  } finally {
    await rm(aside, { force: true });
  }
}

function changed({ path: file }: RecordedFile): DomainError {
  return new DomainError(
    "conflict",
    `The file ${file} changed while it was read. Write to another file and rename it when it is whole; then try again.`,
  );
}

async function roomFor(file: RecordedFile): Promise<string | null> {
  await mkdir(home(), { recursive: true });
  const { bavail, bsize } = await statfs(home());
  return bavail * bsize - file.bytes < LEFT_FREE ? noRoom(file) : null;
}

const noRoom = ({ bytes }: RecordedFile) =>
  `The disk of the data folder has no room for ${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MB more.`;

/** What of a recorded file can be read. `sha256` is what is found in its place where it is another file. */
export type FoundFile =
  | { state: "there"; file: RecordedFile; from: "kept" | "source" }
  | { state: "changed"; file: RecordedFile; sha256: string }
  | { state: "gone"; file: RecordedFile };

/**
 * Looks for the bytes of a recorded file, and reads all of them: among what is kept, then where it was found.
 * @param mayGrow whether the beginning of a file that has only grown, which is how sources are appended to, is kept anew and read
 */
export async function findFile(recorded: RecordedFile, mayGrow: boolean): Promise<FoundFile> {
  const kept = placeOf(recorded);
  if (existsSync(kept) && (await digestFile(kept)).sha256 === recorded.sha256)
    return { state: "there", file: { ...recorded, path: kept }, from: "kept" };
  const own = absolute(recorded.path);
  const size = (await stat(own).catch(() => null))?.size;
  if (size === undefined) return { state: "gone", file: recorded };
  if (mayGrow && size > recorded.bytes && (await digestStart(own, recorded.bytes)).sha256 === recorded.sha256)
    return { state: "there", file: { ...recorded, path: await keepStart(recorded, own) }, from: "source" };
  const { sha256 } = await digestFile(own);
  if (sha256 !== recorded.sha256) return { state: "changed", file: recorded, sha256 };
  return { state: "there", file: { ...recorded, path: own }, from: "source" };
}

async function keepStart(recorded: RecordedFile, grown: string): Promise<string> {
  const target = placeOf(recorded);
  const aside = path.join(folderOf(recorded.sha256), `.${randomUUID()}${PART}`);
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await copyFile(grown, aside, constants.COPYFILE_FICLONE);
    await chmod(aside, 0o600);
    const copy = await open(aside, "r+");
    await copy
      .truncate(recorded.bytes)
      .then(() => copy.sync())
      .finally(() => copy.close());
    await chmod(aside, 0o444);
    await rename(aside, target);
    return target;
  } finally {
    await rm(aside, { force: true });
  }
}

/** A content that nobody names yet may be of a version that is about to be recorded. */
const GRACE_MS = 3_600_000;

/**
 * Removes kept contents, but those that are named.
 * @param named SHA-256 of the contents that stay
 * @returns how many were removed, and their bytes
 */
export async function removeUnnamed(
  named: ReadonlySet<string>,
  graceMs = GRACE_MS,
): Promise<{ files: number; bytes: number }> {
  const removed = { files: 0, bytes: 0 };
  for (const shelf of await readdir(home()).catch(() => []))
    for (const sha256 of await readdir(path.join(home(), shelf))) {
      if (named.has(sha256)) continue;
      const folder = folderOf(sha256);
      const found = await stat(folder).catch(() => null);
      if (found === null || Date.now() - found.mtimeMs < graceMs) continue;
      for (const file of await filesBelow(folder)) {
        removed.files += 1;
        removed.bytes += (await stat(file)).size;
      }
      await rm(folder, { recursive: true, force: true });
    }
  return removed;
}

/** Removes a copy of a table. */
export async function removeTableCopy(file: string): Promise<void> {
  if (isTableCopy(file)) await rm(absolute(file), { force: true });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(PART))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
