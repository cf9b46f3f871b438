/** Text files with bytes that are no UTF-8: DuckDB would refuse the whole file for one of them. */
import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { SourceDefinition } from "@/lib/domain/definitions/source";

const CHUNK_BYTES = 1 << 20;
/** A character of UTF-8 has at most four bytes. */
const MOST_CARRIED = 3;

/** The paths, and in the place of a text file that is not UTF-8 a copy in `folder` with U+FFFD for what cannot be read. */
export async function asUtf8(
  { format }: Pick<SourceDefinition, "format">,
  paths: readonly string[],
  folder: string,
): Promise<string[]> {
  if (format === "parquet") return [...paths];
  const readable: string[] = [];
  for (const path of paths) {
    if (await isUtf8File(path)) {
      readable.push(path);
      continue;
    }
    const copy = join(folder, `utf8-${randomUUID()}.${format}`);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    await pipeline(
      createReadStream(path, { highWaterMark: CHUNK_BYTES }),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
        yield decoder.decode();
      },
      createWriteStream(copy),
    );
    readable.push(copy);
  }
  return readable;
}

async function isUtf8File(path: string): Promise<boolean> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = Buffer.concat([carried, chunk as Buffer]);
    const whole = endOfCharacters(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return false;
    carried = bytes.subarray(whole);
  }
  return isUtf8(carried);
}

/** Where the last character that may go on in the next chunk begins. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(MOST_CARRIED, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    // The first byte of a character of several.
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}
