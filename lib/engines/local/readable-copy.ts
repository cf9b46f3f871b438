/** Text files in another encoding than UTF-8: DuckDB reads none of UTF-16BE and refuses a whole file for one byte that it does not know. */
import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import iconv from "iconv-lite";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";

const CHUNK_BYTES = 1 << 20;
const MOST_HEAD = 4 << 20;
const LINE_END = 0x0a;
/** Bytes of the disk that a copy leaves free. */
const KEPT_FREE = 1 << 30;
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

/**
 * The file itself, or a copy in `folder` where a text file is not UTF-8. Throws `invalid` for an encoding that cannot be.
 * @param most bytes of text to look at and to copy; a copy then ends with the last whole row within them
 */
export async function asReadable(
  source: Pick<SourceDefinition, "name" | "format" | "reading">,
  path: string,
  folder: string,
  most = Infinity,
): Promise<ReadableFile> {
  if (source.format !== "csv" && source.format !== "json") return { path, replaced: 0 };
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
  if (isUtf8Name(encoding) && (await isUtf8Text(contentOf(path, compressed === "gz"), most)))
    return { path, replaced: 0 };
  const copy = join(folder, `utf8-${randomUUID()}.${source.format}`);
  const room = await roomIn(folder);
  let written = 0;
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
        written += text.length;
        if (written > room) throw noRoom(source.name, path, folder);
        return text;
      };
      for await (const chunk of chunks) {
        const text = take(decoder.write(chunk));
        if (written <= most) yield text;
        else return yield wholeRows(text, source.reading?.quote ?? '"');
      }
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
  let isLong = false;
  for await (const chunk of contentOf(path, path.endsWith(".gz"))) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= CHUNK_BYTES) isLong = true;
    // A first line may be longer.
    if (isLong && ((chunk as Buffer).includes(LINE_END) || bytes >= MOST_HEAD)) break;
  }
  const text = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  return !isLong ? text : text.slice(0, text.lastIndexOf("\n") + 1 || text.length);
}

/** The beginning of a text up to its last line end that is in no quotes. */
function wholeRows(text: string, quote: string): string {
  const quotes = quote === "" ? 0 : text.split(quote).length - 1;
  let after = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (quote !== "" && text.startsWith(quote, at)) after += 1;
    if (text[at] === "\n" && (quotes - after) % 2 === 0) return text.slice(0, at + 1);
  }
  return "";
}

/** Bytes that a copy may take: what is free, but for what others need. */
async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - KEPT_FREE);
}

function noRoom(source: string, path: string, folder: string): DomainError {
  return new DomainError(
    "unavailable",
    `The file ${path} of source ${source} is not UTF-8, and a copy of it that is does not fit into ${folder}. Store the file as UTF-8, or free space on that disk.`,
  );
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

async function isUtf8Text(stream: Readable, most: number): Promise<boolean> {
  let carried: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const chunk of stream) {
    if (seen > most) return true;
    seen += (chunk as Buffer).length;
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
