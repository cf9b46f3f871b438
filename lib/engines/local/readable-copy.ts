/** Text files in another encoding than UTF-8: DuckDB reads none of UTF-16BE and refuses a whole file for one byte that it does not know. */
import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import iconv from "iconv-lite";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";

const CHUNK_BYTES = 1 << 20;
/** A character of UTF-8 has at most four bytes. */
const MOST_CARRIED = 3;
const REPLACEMENT = /\uFFFD/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

export interface ReadableFile {
  /** UTF-8 text, or whatever the format is. */
  path: string;
  /** Places where the file has bytes that its encoding does not know; there the text has U+FFFD. */
  replaced: number;
}

/** The file itself, or a copy in `folder` where a text file is not UTF-8. Throws `invalid` for an encoding that cannot be. */
export async function asReadable(
  source: Pick<SourceDefinition, "name" | "format" | "reading">,
  path: string,
  folder: string,
): Promise<ReadableFile> {
  if (source.format === "parquet" || source.format === "arrow") return { path, replaced: 0 };
  const named = source.reading?.encoding;
  const compressed = /\.(gz|zst)$/.exec(path)?.[1];
  if (compressed === "zst") {
    if (named !== undefined && !isUtf8Name(named))
      throw new DomainError(
        "invalid",
        `Source ${source.name} names encoding ${named} for ${path}, and a .zst file can only be read as UTF-8. Decompress it or store it as UTF-8.`,
      );
    return { path, replaced: 0 };
  }
  const marked = await markOf(path, compressed === "gz");
  if (marked !== null && named !== undefined && isUtf8Name(named))
    throw new DomainError(
      "invalid",
      `The file ${path} of source ${source.name} begins with the mark of ${marked}, and reading.encoding says ${named}. Leave the encoding out or name ${marked}.`,
      { expected: marked, found: named },
    );
  const encoding = marked ?? named ?? "utf-8";
  if (!iconv.encodingExists(encoding))
    throw new DomainError(
      "invalid",
      `Source ${source.name} names the encoding ${encoding}, which is unknown. Name one such as utf-8, utf-16, latin1 or windows-1252.`,
    );
  if (isUtf8Name(encoding) && (await isUtf8Text(contentOf(path, compressed === "gz")))) return { path, replaced: 0 };
  const copy = join(folder, `utf8-${randomUUID()}.${source.format}`);
  let replaced = 0;
  let carried = "";
  const decoder = iconv.getDecoder(encoding);
  // Text in UTF-16 may have U+FFFD itself; what is lost there is half of a pair.
  const lost = /^(?:utf-?16|ucs-?2)/i.test(encoding) ? LONE_SURROGATE : REPLACEMENT;
  await pipeline(
    contentOf(path, compressed === "gz"),
    async function* (chunks: AsyncIterable<Buffer>) {
      const take = (decoded: string, isLast = false) => {
        const whole = carried + decoded;
        // A chunk may end between the two halves of a character.
        const end = !isLast && /[\uD800-\uDBFF]$/.test(whole) ? whole.length - 1 : whole.length;
        carried = whole.slice(end);
        const text = whole.slice(0, end);
        replaced += text.match(lost)?.length ?? 0;
        return text;
      };
      for await (const chunk of chunks) yield take(decoder.write(chunk));
      yield take(decoder.end() ?? "", true);
    },
    createWriteStream(copy),
  );
  return { path: copy, replaced };
}

/** The first lines of a UTF-8 file, decompressed where it is a .gz, without a byte order mark. */
export async function readHead(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of contentOf(path, path.endsWith(".gz"))) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= CHUNK_BYTES) break;
  }
  const text = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  return bytes < CHUNK_BYTES ? text : text.slice(0, text.lastIndexOf("\n") + 1 || text.length);
}

function isUtf8Name(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

function contentOf(path: string, gzipped: boolean): Readable {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!gzipped) return stream;
  const content = createGunzip();
  stream.on("error", (error) => content.destroy(error));
  return stream.pipe(content);
}

/** What the first bytes say, where they say anything but UTF-8. */
async function markOf(path: string, gzipped: boolean): Promise<"utf-16le" | "utf-16be" | null> {
  const first = Buffer.alloc(2);
  if (gzipped) {
    const stream = contentOf(path, true);
    for await (const chunk of stream) {
      (chunk as Buffer).copy(first);
      break;
    }
  } else {
    const file = await open(path);
    await file.read(first, 0, 2, 0).finally(() => file.close());
  }
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  if (first[0] === 0xfe && first[1] === 0xff) return "utf-16be";
  return null;
}

async function isUtf8Text(stream: Readable): Promise<boolean> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
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
