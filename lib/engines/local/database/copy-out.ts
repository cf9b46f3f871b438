/** The rows of a COPY … TO STDOUT as the server sends them, for the driver's `query`. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Client, Connection, Submittable } from "pg";

/** What the driver tells a query of its answer; the package has no type for it. */
interface CopyAnswer extends Submittable {
  handleCopyData(message: { chunk: Buffer }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

const BLOCK_BYTES = 2 ** 20;

export interface Copied {
  rows: number;
  /** Bytes of all rows as text, and of the longest. */
  bytes: number;
  longest: number;
  /** Whether it was stopped at `most` bytes. */
  isPart: boolean;
}

/**
 * Writes what one COPY statement sends to a stream, no faster than the stream takes it. The statement goes by the extended protocol,
 * in which there can be no second one.
 * @param most bytes after which nothing more is written; what is written then ends with a whole row, and the connection is over
 * @throws whatever the driver or the stream fails with
 */
export async function copyOut(client: Client, statement: string, to: Writable, most = Infinity): Promise<Copied> {
  const copied: Copied = { rows: 0, bytes: 0, longest: 0, isPart: false };
  let socket: Connection["stream"] | undefined;
  let isPaused = false;
  await new Promise<void>((resolve, reject) => {
    const resume = () => {
      if (!isPaused) return;
      isPaused = false;
      socket?.resume();
    };
    to.on("drain", resume);
    const write = (bytes: Buffer) => {
      if (to.write(bytes) || isPaused) return;
      isPaused = true;
      socket?.pause();
    };
    // Millions of rows are thousands of writes.
    let block = Buffer.allocUnsafe(BLOCK_BYTES);
    let filled = 0;
    const flush = () => {
      if (filled === 0) return;
      write(block.subarray(0, filled));
      block = Buffer.allocUnsafe(BLOCK_BYTES);
      filled = 0;
    };
    const fail = (error: Error) => {
      // What is still on its way is read and dropped, or the connection could not be closed.
      resume();
      reject(error);
    };
    to.on("error", fail);
    const answer: CopyAnswer = {
      submit(connection) {
        socket = connection.stream;
        connection.parse({ text: statement, name: "", types: [] }, true);
        connection.bind({}, true);
        connection.execute({}, true);
        connection.sync();
      },
      handleCopyData({ chunk }) {
        // The server sends each row as a message of its own.
        if (to.destroyed || copied.isPart) return;
        if (copied.bytes + chunk.length > most && copied.rows > 0) {
          copied.isPart = true;
          // The server would go on sending all the rest.
          socket?.destroy();
          flush();
          resolve();
          return;
        }
        copied.rows += 1;
        copied.bytes += chunk.length;
        copied.longest = Math.max(copied.longest, chunk.length);
        // The driver reuses the memory of what it hands out.
        if (chunk.length > block.length - filled) flush();
        if (chunk.length > block.length) write(Buffer.from(chunk));
        else filled += chunk.copy(block, filled);
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => {
        flush();
        resolve();
      },
      handleError: fail,
    };
    client.query(answer);
  });
  to.end();
  if (!to.closed) await once(to, "close");
  return copied;
}
