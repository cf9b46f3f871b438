import { createReadStream } from "node:fs";

/** Text that is sent while it is produced. A reader that goes away ends the production. */
export function stream(chunks: AsyncIterable<string> | Iterable<string>, headers: Record<string, string>): Response {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers });
}

/** Text as a file with a name, sent while it is produced. */
export function download(
  chunks: AsyncIterable<string> | Iterable<string>,
  file: { name: string; type: string },
): Response {
  return stream(chunks, {
    "content-type": `${file.type}; charset=utf-8`,
    "content-disposition": `attachment; filename="${file.name}"`,
  });
}

/**
 * A file that is sent as it is read, between two texts.
 * @param around.done what follows, whether the reader took all of it or went away
 */
export function streamFile(
  file: string,
  headers: Record<string, string>,
  around: { before: string; after: string; done: () => Promise<void> },
): Response {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from(around.before);
      yield* createReadStream(file) as AsyncIterable<Buffer>;
      yield Buffer.from(around.after);
    } finally {
      await around.done();
    }
  }
  const iterator = bytes();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      // An empty chunk is none.
      else if (value.length > 0) controller.enqueue(value);
      else await this.pull?.(controller);
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
  return new Response(body, { headers });
}
