import { mkdirSync } from "node:fs";
import path from "node:path";
import { open, type RootDatabase } from "lmdb";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { encodeInstant, encodeValue, EPOCH } from "./encode-value";
import type { EncodedRow, OnlineRow, OnlineStore } from "./online-store";

/** JSON escapes line feeds, so one can separate a row's parts without ever being part of one. */
const SEPARATOR = "\n";

/** Ends every set's range of keys: no key of a set sorts behind it. */
const LAST = "\uffff";

/**
 * The embedded online store: LMDB, memory-mapped, safe to read from other processes while one writes. A row is
 * `event time LF value LF value …` with values already encoded, under `set id : entity key`.
 */
export class LmdbStore implements OnlineStore {
  private constructor(private readonly database: RootDatabase<string, string>) {}

  static open(directory: string): LmdbStore {
    mkdirSync(directory, { recursive: true });
    // Keys are short names; LMDB's limit is 1,978 bytes and a longer one is refused with its name when it is written.
    return new LmdbStore(
      open<string, string>({ path: path.join(directory, "online.lmdb"), encoding: "string", compression: false }),
    );
  }

  async writeSet(setId: string, types: ColumnType[], batches: AsyncIterable<OnlineRow[]>): Promise<{ rows: number }> {
    let rows = 0;
    for await (const batch of batches) {
      // One transaction per batch: a set becomes visible by its row in the registry, which is written after the last batch.
      await this.database.transaction(() => {
        for (const row of batch) this.database.put(`${setId}:${row.key}`, encodeRow(row, types));
      });
      rows += batch.length;
    }
    await this.database.flushed;
    return { rows };
  }

  readRows(setId: string, keys: string[]): (EncodedRow | undefined)[] {
    const transaction = this.database.useReadTransaction();
    try {
      return keys.map((key) => {
        const text = this.database.get(`${setId}:${key}`, { transaction });
        return text === undefined ? undefined : decodeRow(text);
      });
    } finally {
      transaction.done();
    }
  }

  async dropSet(setId: string): Promise<void> {
    await this.database.transaction(() => {
      for (const key of this.database.getKeys({ start: `${setId}:`, end: `${setId}:${LAST}` }))
        this.database.remove(key);
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

function encodeRow(row: OnlineRow, types: ColumnType[]): string {
  const time = row.eventTime === null ? EPOCH : encodeInstant(row.eventTime);
  return [time, ...types.map((type, index) => encodeValue(row.values[index], type))].join(SEPARATOR);
}

function decodeRow(text: string): EncodedRow {
  const [eventTime = EPOCH, ...values] = text.split(SEPARATOR);
  return { eventTime, values };
}
