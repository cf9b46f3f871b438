import { DomainError } from "@/lib/domain/errors";

/** Requests of one workspace that may keep an engine busy at a time; a person waits for two or three. */
const MOST = 3;
const RETRY_AFTER_SECONDS = 5;

const holder = globalThis as typeof globalThis & { tributaryEngineWork?: Map<string, number> };

/**
 * Does work that a request waits for in an engine. Throws `too_many` when the workspace has as many going already: runs of the
 * worker are not counted.
 */
export async function fewAtATime<Answer>(workspace: string, work: () => Promise<Answer>): Promise<Answer> {
  const going = (holder.tributaryEngineWork ??= new Map<string, number>());
  const count = going.get(workspace) ?? 0;
  if (count >= MOST)
    throw new DomainError(
      "too_many",
      `Workspace ${workspace} has ${count} requests at the engine already. Try again in ${RETRY_AFTER_SECONDS} seconds.`,
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    );
  going.set(workspace, count + 1);
  try {
    return await work();
  } finally {
    const left = (going.get(workspace) ?? 1) - 1;
    if (left > 0) going.set(workspace, left);
    else going.delete(workspace);
  }
}
