/** The answer of a query as an Arrow stream, some thousand rows at a time and without an object for each. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import {
  AsyncByteQueue,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Field,
  Float64,
  Int64,
  List,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from "apache-arrow";
import { type DuckDBDataChunk, DuckDBListValue } from "@duckdb/node-api";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Session } from "../session";

const TYPES: Record<ColumnType, () => DataType> = {
  boolean: () => new Bool(),
  bigint: () => new Int64(),
  double: () => new Float64(),
  string: () => new Utf8(),
  date: () => new DateDay(),
  timestamp: () => new TimestampMicrosecond("UTC"),
  vector: () => new List(new Field("item", new Float64(), true)),
  strings: () => new List(new Field("item", new Utf8(), true)),
};

/** Keeps what a writer writes until it is taken. */
class Written extends AsyncByteQueue {
  private chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [];
    return bytes;
  }
}

/**
 * Writes a query's rows.
 * @param columns of the query, in order: a timestamp as BIGINT microseconds, a date as INTEGER days since 1970
 */
export async function writeArrow(
  session: Session,
  query: string,
  columns: readonly { name: string; type: ColumnType }[],
  file: string,
): Promise<void> {
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, TYPES[type](), true)));
  const written = new Written();
  const writer = new RecordBatchStreamWriter({ autoDestroy: false });
  // The stream says what its columns are although it may have no rows.
  writer.reset(written, schema);
  const out = createWriteStream(file);
  try {
    for await (const chunk of session.chunks(query)) {
      writer.write(toBatch(schema, columns, chunk));
      if (!out.write(written.take())) await once(out, "drain");
    }
    writer.finish();
    out.end(written.take());
    await finished(out);
  } finally {
    out.destroy();
  }
}

function toBatch(schema: Schema, columns: readonly { type: ColumnType }[], chunk: DuckDBDataChunk): RecordBatch {
  const length = chunk.rowCount;
  const children = columns.map(({ type }, at) => {
    const vector = chunk.getColumnVector(at);
    return toData(type, schema.fields[at]?.type as DataType, length, (row) => vector.getItem(row));
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function toData(column: ColumnType, type: DataType, length: number, item: (row: number) => unknown): Data {
  switch (column) {
    case "bigint":
    case "timestamp":
      return fixed(type, length, item, new BigInt64Array(length));
    case "double":
      return fixed(type, length, item, new Float64Array(length));
    case "date":
      return fixed(type, length, item, new Int32Array(length));
    default: {
      const builder = makeBuilder({ type, nullValues: [null] });
      for (let row = 0; row < length; row++) {
        const value = item(row);
        builder.append(value instanceof DuckDBListValue ? value.items : value);
      }
      return builder.finish().flush();
    }
  }
}

/** Values of one width, with a bit for each that is there. */
function fixed(
  type: DataType,
  length: number,
  item: (row: number) => unknown,
  values: BigInt64Array | Float64Array | Int32Array,
): Data {
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let row = 0; row < length; row++) {
    const value = item(row);
    if (value === null) nullCount++;
    else {
      values[row] = value as never;
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
    }
  }
  // Which array goes with which type is said above only.
  return makeData({ type: type as Int64, length, nullCount, nullBitmap, data: values as BigInt64Array });
}
