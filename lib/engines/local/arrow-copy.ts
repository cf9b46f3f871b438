/** Arrow files (Feather) as lines of JSON, which DuckDB reads without an extension. Every value is written in full, so that its text is the value. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  CompressionType,
  type Data,
  type Date_,
  DateUnit,
  type DataType,
  type Decimal,
  type Field,
  RecordBatchReader,
  type Time,
  TimeUnit,
  type Timestamp,
  Type,
  type Vector,
  compressionRegistry,
  makeVector,
} from "apache-arrow";
import { decompress as decompressZstd } from "fzstd";
import lz4 from "lz4js";
import { DomainError } from "@/lib/domain/errors";

const DAY_MS = 86_400_000;
const UNITS: Record<TimeUnit, number> = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
};

const vectors = new WeakMap<Data, Vector>();

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes: Uint8Array) => lz4.decompress(bytes) });
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes: Uint8Array) => decompressZstd(bytes) });

/** Writes a copy, of the first rows only where `most` says so, into `folder` and answers its path. Throws `invalid` for what is no Arrow file, and for columns of bytes. */
export async function arrowAsJson(path: string, folder: string, most = Infinity): Promise<string> {
  const copy = join(folder, `arrow-${randomUUID()}.json`);
  const out = createWriteStream(copy);
  const file = await open(path);
  try {
    const reader = await RecordBatchReader.from(file);
    await reader.open();
    let written = 0;
    for await (const batch of reader) {
      if (written >= most) break;
      written += batch.numRows;
      const columns = batch.schema.fields.map((field: Field, i: number) => ({
        name: JSON.stringify(field.name),
        data: batch.data.children[i] as Data,
      }));
      for (let row = 0; row < batch.numRows; row++) {
        const line = `{${columns.map(({ name, data }) => `${name}:${jsonOf(data, row)}`).join(",")}}\n`;
        if (!out.write(line)) await once(out, "drain");
      }
    }
  } catch (error) {
    out.destroy();
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "invalid",
      `The file ${path} cannot be read as arrow: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await file.close().catch(() => undefined);
  }
  out.end();
  await once(out, "close");
  return copy;
}

function jsonOf(data: Data, row: number): string {
  if (!data.getValid(row)) return "null";
  const type = data.type as DataType;
  // Which array it is follows from the type, which is told apart below only.
  const values = data.values as unknown as ArrayLike<number | bigint>;
  switch (type.typeId) {
    case Type.Null:
      return "null";
    case Type.Bool: {
      const at = row + data.offset;
      return ((Number(values[at >> 3]) >> (at & 7)) & 1) === 1 ? "true" : "false";
    }
    case Type.Int:
      return String(values[row]);
    case Type.Float: {
      const number = Number(valueAt(data, row));
      return Number.isFinite(number) ? String(number) : `"${number}"`;
    }
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return `"${isoOf(BigInt(values[row] as bigint), UNITS[unit])}${timezone ? "Z" : ""}"`;
    }
    case Type.Date: {
      const ms = (type as Date_).unit === DateUnit.DAY ? Number(values[row]) * DAY_MS : Number(values[row]);
      return `"${new Date(ms).toISOString().slice(0, ms % DAY_MS === 0 ? 10 : 23)}"`;
    }
    case Type.Time: {
      const text = isoOf(BigInt(values[row] as bigint), UNITS[(type as Time).unit]);
      return `"${text.slice(11)}"`;
    }
    case Type.Decimal: {
      const { scale } = type as Decimal;
      return `"${decimalOf(valueAt(data, row) as Uint32Array, scale)}"`;
    }
    case Type.Utf8:
    case Type.LargeUtf8:
      return JSON.stringify(valueAt(data, row));
    case Type.Dictionary: {
      const value: unknown = data.dictionary?.get(Number(values[row]));
      return typeof value === "bigint" ? String(value) : JSON.stringify(value ?? null);
    }
    case Type.List:
    case Type.FixedSizeList: {
      const child = data.children[0] as Data;
      const size = (type as { listSize?: number }).listSize;
      const offsets = data.valueOffsets as unknown as ArrayLike<number>;
      const from = size === undefined ? Number(offsets[row]) : row * size;
      const to = size === undefined ? Number(offsets[row + 1]) : from + size;
      return `[${Array.from({ length: to - from }, (_, i) => jsonOf(child, from + i)).join(",")}]`;
    }
    case Type.Struct:
      return `{${(type.children as Field[]).map((field, i) => `${JSON.stringify(field.name)}:${jsonOf(data.children[i] as Data, row)}`).join(",")}}`;
    default:
      throw new DomainError(
        "invalid",
        `A column of type ${String(type)} in an Arrow file cannot be read. Leave it out.`,
      );
  }
}

/** One value through the library, for types whose bytes need more than an index. */
function valueAt(data: Data, row: number): unknown {
  let vector = vectors.get(data);
  if (!vector) vectors.set(data, (vector = makeVector(data)));
  return vector.get(row);
}

/** Text of a count of 10^-digits seconds since 1970. */
function isoOf(count: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const seconds = Number((count - rest) / perSecond);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return digits === 0 ? text : `${text}.${String(rest).padStart(digits, "0")}`;
}

/** Little-endian two's complement words as decimal text. */
function decimalOf(words: Uint32Array, scale: number): string {
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i] as number);
  const bits = BigInt(words.length * 32);
  const signed = BigInt.asIntN(Number(bits), value);
  const digits = String(signed < 0n ? -signed : signed).padStart(scale + 1, "0");
  const text = scale > 0 ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
  return signed < 0n ? `-${text}` : text;
}
