import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { isAlive } from "@/lib/config/is-alive";
import { DomainError } from "@/lib/domain/errors";

/**
 * The embedded database belongs to one process: a second one that opens the same files destroys them. The lock is a file
 * with the owner's process id; one that a killed process left behind is taken over.
 */
export function lockFolder(directory: string): () => void {
  const file = path.join(directory, "registry.lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(directory, error);
      const owner = Number(readFileSync(file, "utf8"));
      // An own id in a file from an earlier life of a container is not somebody else.
      if (owner !== process.pid && isAlive(owner))
        throw new DomainError(
          "unavailable",
          `The registry in ${directory} is in use by process ${owner}. Stop that process, use another TRIBUTARY_DATA, or set DATABASE_URL to a Postgres server that many processes can share.`,
        );
      rmSync(file, { force: true });
    }
  }
  throw new DomainError(
    "unavailable",
    `The registry in ${directory} is being opened by another process. Try again in a moment.`,
  );
}

/** Makes the folder where it is missing. Throws `unavailable`, with what to do, where it cannot be made. */
export function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw unwritable(directory, error);
  }
}

function unwritable(directory: string, error: unknown): DomainError {
  const { code, message } = error as NodeJS.ErrnoException;
  const todo =
    code === "ENOSPC" || code === "EDQUOT"
      ? "Free space on its disk"
      : "Let the user that Tributary runs as write to it";
  return new DomainError(
    "unavailable",
    `The data folder ${directory} cannot be written: ${message}. ${todo}, or set TRIBUTARY_DATA to another folder.`,
  );
}
