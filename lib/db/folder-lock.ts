import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
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
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(readFileSync(file, "utf8"));
      if (isAlive(owner))
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

/** Whether a process runs. An own id in a file from an earlier life of a container is not somebody else. */
function isAlive(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
