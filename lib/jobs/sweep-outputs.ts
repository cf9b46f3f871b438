import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isOrphan, scratchFolder } from "@/lib/config/scratch-folder";
import { attemptsOf } from "@/lib/registry/execution/attempts";

/**
 * Removes what attempts that were never recorded left behind. Where other workers may be alive, only of runs that are
 * over; where this process is alone, of all that did not succeed. Of `scratch`, what nobody can be using any more: this process may be
 * serving pages with the same folder, while its jobs begin again.
 */
export async function sweepOutputs(data: string, { alone }: { alone: boolean }): Promise<string[]> {
  const offline = path.join(data, "offline");
  const scratch = scratchFolder(data);
  const swept: string[] = [];
  const remove = async (folder: string) => {
    await rm(folder, { recursive: true, force: true });
    swept.push(path.relative(data, folder));
  };
  for (const workspace of await foldersOf(offline)) {
    const known = new Map([...(await attemptsOf(workspace))].map(([number, run]) => [`run-${number}`, run]));
    for (const name of await foldersOf(path.join(offline, workspace))) {
      const run = known.get(name);
      const folder = path.join(offline, workspace, name);
      if (run?.state === "succeeded") {
        for (const attempt of await foldersOf(folder))
          if (attempt !== String(run.attempt)) await remove(path.join(folder, attempt));
      } else if (alone || !run || run.state === "failed" || run.state === "canceled") await remove(folder);
    }
  }
  for (const folder of await foldersOf(scratch))
    if (isOrphan(folder, { alone })) await remove(path.join(scratch, folder));
  return swept;
}

async function foldersOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
