import { type Dirent, existsSync, opendirSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileSource } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";

const NPM = "npm:";
/** `npm:package/path` or `npm:@scope/package/path`. */
const NPM_LOCATION = /^npm:((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)\/(.+)$/;

/** Where sources may be, besides installed packages. */
export interface SourceFolders {
  /** Relative locations are looked for in these, in order. */
  directories: readonly string[];
  /** Whether any absolute path of the machine may be read as well: for one's own machine. */
  anywhere: boolean;
}

/** How names of files of each format end. */
export const EXTENSIONS: Record<FileSource["format"], RegExp> = {
  parquet: /\.(parquet|pq)$/i,
  csv: /\.(csv|tsv|txt|psv)(\.gz|\.zst)?$/i,
  json: /\.(json|ndjson|jsonl)(\.gz|\.zst)?$/i,
  arrow: /\.(arrow|feather|ipc)$/i,
};
const PATTERN = /[*?[{]/;
const MOST_ENTRIES = 20_000;

/**
 * Absolute paths of a source's files, in order: of one file, of a folder with those below it that are of its format, or of a pattern
 * with `*`, `**`, `?`, `[abc]` and `{a,b}`. Names that begin with `.` or `_` are not data. Throws `invalid` for a location outside its package
 * or outside of what may be read, `not_found` when no file is there.
 */
export function resolveFiles(
  source: Pick<FileSource, "name" | "location" | "format">,
  folders: SourceFolders,
): string[] {
  const { location } = source;
  if (location.startsWith(NPM)) return [resolveLocation(source, folders)];
  const roots = isAbsolute(location) ? [""] : folders.directories;
  for (const root of roots) {
    const whole = root === "" ? location : join(root, location);
    if (existsSync(whole)) {
      const found = statSync(whole);
      if (found.isFile()) return [resolveLocation(source, folders)];
      assertAllowed(source, whole, folders, false);
      if (!found.isDirectory())
        throw new DomainError(
          "invalid",
          `Source ${source.name} reads ${whole}, which is neither a file nor a folder but a pipe, a device or a socket. Write the data to a file and name that.`,
        );
      const files = filesBelow(source, whole).filter((file) => EXTENSIONS[source.format].test(file));
      if (files.length > 0) return checked(source, files, folders);
      continue;
    }
    if (!PATTERN.test(location)) continue;
    // Everything before the first segment with a pattern is a folder.
    const segments = whole.split("/");
    const fixed =
      segments
        .slice(
          0,
          segments.findIndex((segment) => PATTERN.test(segment)),
        )
        .join("/") || "/";
    if (!existsSync(fixed)) continue;
    assertAllowed(source, fixed, folders, false);
    const pattern = patternOf(whole);
    const files = filesBelow(source, fixed).filter((file) => pattern.test(file));
    if (files.length > 0) return checked(source, files, folders);
  }
  return [resolveLocation(source, folders)];
}

function checked(source: Pick<FileSource, "name" | "location">, files: string[], folders: SourceFolders): string[] {
  return files.map((file) => assertAllowed(source, file, folders, false));
}

/**
 * Files of a folder and those below it, in order of their paths. Throws `invalid` for a folder that cannot be read, or with so much in it that
 * it is no folder of one source.
 */
function filesBelow(source: Pick<FileSource, "name">, root: string): string[] {
  const files: string[] = [];
  let seen = 0;
  const visit = (folder: string) => {
    for (const entry of entriesOf(source, folder)) {
      if (/^[._]/.test(entry.name)) continue;
      if ((seen += 1) > MOST_ENTRIES)
        throw new DomainError(
          "invalid",
          `Source ${source.name} reads the folder ${root}, which has more than ${MOST_ENTRIES.toLocaleString("en")} files and folders below it. Name a folder that holds the source's files only.`,
        );
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && existsSync(path) && statSync(path).isFile()))
        files.push(path);
    }
  };
  visit(root);
  return files.sort();
}

/** A folder's entries one by one, so that one with millions of them is left as soon as it is too large. */
function* entriesOf(source: Pick<FileSource, "name">, folder: string): Generator<Dirent> {
  try {
    const opened = opendirSync(folder);
    try {
      for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) yield entry;
    } finally {
      opened.closeSync();
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `Source ${source.name} reads the folder ${folder}, which cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function patternOf(location: string): RegExp {
  const parts: Record<string, string> = {
    "**/": "(?:.*/)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
    "{": "(?:",
    "}": ")",
  };
  let inBraces = false;
  const source = location.replace(/\*\*\/|\*\*|\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "{") inBraces = true;
    if (part === "}") inBraces = false;
    if (part === "," && inBraces) return "|";
    if (part.length > 1 && part.startsWith("["))
      return `[${part.slice(1, -1).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
    return parts[part] ?? part.replace(/[.+^$()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

/**
 * Absolute path of a source's file. Throws `invalid` for a location outside its package or outside of what may be read,
 * `not_found` when no file is there.
 */
export function resolveLocation(source: Pick<FileSource, "name" | "location">, folders: SourceFolders): string {
  const packaged = source.location.startsWith(NPM);
  const candidates = packaged
    ? [resolveInPackage(source)]
    : isAbsolute(source.location)
      ? [source.location]
      : folders.directories.map((directory) => join(directory, source.location));
  const path = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (!path) {
    const relativeTo =
      folders.directories.length > 0 ? `is not below ${folders.directories.join(" or ")}` : "is not there";
    const where =
      packaged || isAbsolute(source.location)
        ? "there is none"
        : `no folder of TRIBUTARY_SOURCES holds it: it ${relativeTo}`;
    throw new DomainError(
      "not_found",
      `Source ${source.name} expects a file at ${source.location}, and ${where}. Put the file there or correct the source's location.`,
      { source: source.name, location: source.location },
    );
  }
  return assertAllowed(source, path, folders, packaged);
}

function assertAllowed(
  source: Pick<FileSource, "name" | "location">,
  path: string,
  folders: SourceFolders,
  packaged: boolean,
): string {
  const allowed =
    packaged ||
    (folders.anywhere && isAbsolute(source.location)) ||
    folders.directories.some((directory) => real(directory) === real(path) || isInside(real(directory), real(path)));
  if (!allowed) {
    throw new DomainError(
      "invalid",
      `The location ${source.location} of source ${source.name} is outside the folders that this server reads data from. Move the file there or have its folder added to TRIBUTARY_SOURCES.`,
    );
  }
  return path;
}

/**
 * Walks up to the nearest `node_modules` that holds the package, because a package of ES modules need not export its
 * data files and so cannot be asked through `require.resolve`.
 */
function resolveInPackage({ name, location }: Pick<FileSource, "name" | "location">): string {
  const match = NPM_LOCATION.exec(location);
  if (!match?.[1] || !match[2]) {
    throw new DomainError("invalid", `The location ${location} of source ${name} should read npm:package/path.`);
  }
  const root = findPackage(match[1]);
  if (!root) {
    throw new DomainError(
      "not_found",
      `Source ${name} reads from the npm package ${match[1]}, which is not installed. Run \`npm install ${match[1]}\`.`,
    );
  }
  const path = join(root, match[2]);
  if (!isInside(root, path) || (existsSync(path) && !isInside(realpathSync(root), realpathSync(path)))) {
    throw new DomainError(
      "invalid",
      `The location ${location} of source ${name} leaves its package. Only files inside the package can be read.`,
    );
  }
  return path;
}

/** Without symbolic links, so that none leads out of an allowed folder. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function isInside(folder: string, path: string): boolean {
  const step = relative(folder, path);
  return step !== "" && step !== ".." && !step.startsWith(`..${sep}`) && !isAbsolute(step);
}

function findPackage(name: string): string | undefined {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, "node_modules", name);
      if (existsSync(join(candidate, "package.json"))) return candidate;
      if (folder === dirname(folder)) break;
    }
  }
  return undefined;
}
