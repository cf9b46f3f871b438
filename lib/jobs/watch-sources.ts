import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import { listWatchedSources, recordLook, type WatchedSource } from "@/lib/registry/datasets/source-watches";

/** A table is copied to be looked at, so that it is looked at less often. */
const TABLE_LOOKS = 15;

/**
 * Looks at the sources that jobs wait for, and has those read that changed: files once they are the same at two looks, because they may
 * still be written at the first. @returns how many are going to be read
 */
export async function watchSources(engine: Pick<Engine, "glance">, now: Date): Promise<number> {
  let read = 0;
  for (const source of await listWatchedSources()) if (await look(engine, source, now)) read += 1;
  return read;
}

async function look(engine: Pick<Engine, "glance">, source: WatchedSource, now: Date): Promise<boolean> {
  const { watch, definition } = source;
  const known = { glance: watch?.glance ?? null, pending: watch?.pending ?? null, error: watch?.error ?? null };
  const keep = async (next: typeof known, isRead: boolean) => {
    await recordLook(source, { ...next, isRead }, now);
    return isRead;
  };
  try {
    const found = await engine.glance(definition);
    if (found === null) {
      const wait = TABLE_LOOKS * environment().TRIBUTARY_NEW_DATA_SECONDS * 1000;
      if (watch && now.getTime() - watch.lookedAt.getTime() < wait) return false;
      return await keep(known, true);
    }
    // Files that could not be looked at and are the same again are read too: what was wrong with them may be said of them still.
    if (found === known.glance && known.error === null) return false;
    if (found === known.pending) return await keep({ glance: found, pending: null, error: null }, true);
    return await keep({ ...known, pending: found }, false);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (known.error !== error.message)
      log().warn({ source: definition.name, reason: error.message }, "a source that a job waits for cannot be looked at"); // prettier-ignore
    return keep({ ...known, pending: null, error: error.message }, false);
  }
}
