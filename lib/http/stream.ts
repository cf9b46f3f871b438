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
