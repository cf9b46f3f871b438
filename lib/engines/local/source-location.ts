import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
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

/**
 * Absolute path of a source's file. Throws `invalid` for a location outside its package or outside of what may be read,
 * `not_found` when no file is there.
 */
export function resolveLocation(source: Pick<SourceDefinition, "name" | "location">, folders: SourceFolders): string {
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
  const allowed =
    packaged ||
    (folders.anywhere && isAbsolute(source.location)) ||
    folders.directories.some((directory) => isInside(real(directory), real(path)));
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
function resolveInPackage({ name, location }: Pick<SourceDefinition, "name" | "location">): string {
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
