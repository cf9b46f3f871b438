import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";

/** Of a file: SHA-256 in hexadecimal, and its size. */
export interface FileDigest {
  sha256: string;
  bytes: number;
}

/** Reads a file once, a megabyte at a time. */
export async function digestFile(path: string): Promise<FileDigest> {
  // Of as many bytes as the file has now: one that grows meanwhile has an end all the same.
  const { size } = await stat(path);
  return digestStart(path, size);
}

/** The same of a file's first bytes; of all of a file that has fewer. */
export async function digestStart(path: string, bytes: number): Promise<FileDigest> {
  const digester = createDigester();
  if (bytes === 0) return digester.digest();
  const content = createReadStream(path, { highWaterMark: 1 << 20, end: bytes - 1 });
  for await (const chunk of content) digester.add(chunk as Buffer);
  return digester.digest();
}

/** A stream that lets everything through; its digest is that of what has passed. */
export function digestingStream(): Transform & { digest(): FileDigest } {
  const digester = createDigester();
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      digester.add(chunk);
      done(null, chunk);
    },
  });
  return Object.assign(stream, { digest: () => digester.digest() });
}

function createDigester() {
  const hash = createHash("sha256");
  let bytes = 0;
  return {
    add(chunk: Buffer): void {
      hash.update(chunk);
      bytes += chunk.length;
    },
    digest: (): FileDigest => ({ sha256: hash.digest("hex"), bytes }),
  };
}
