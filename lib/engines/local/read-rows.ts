import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "../engine";
import { selectRows } from "./select-rows";
import { openSession, type SessionOptions } from "./session";

/** Rows of an output file in batches. Throws `invalid` when it cannot be read. */
export async function* readRows(
  options: SessionOptions,
  file: string,
  { batch = 2048, ...wanted }: Parameters<Engine["readRows"]>[1],
): AsyncIterable<Record<string, unknown>[]> {
  const session = await openSession(options);
  try {
    await session.confine([file], [session.scratch]);
    yield* regroup(session.batches(selectRows(file, wanted)), batch);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)} Run its pipeline again, which writes another one, or put the file back from a copy.`,
    );
  } finally {
    await session.close();
  }
}

/** Batches of at most `size` rows, whatever DuckDB's chunks are. */
async function* regroup<Row>(chunks: AsyncIterable<Row[]>, size: number): AsyncIterable<Row[]> {
  let pending: Row[] = [];
  for await (const chunk of chunks) {
    pending.push(...chunk);
    while (pending.length >= size) {
      yield pending.slice(0, size);
      pending = pending.slice(size);
    }
  }
  if (pending.length > 0) yield pending;
}
