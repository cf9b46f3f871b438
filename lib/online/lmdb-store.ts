import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { open, type RootDatabase, type Transaction } from "lmdb";
import { isLater } from "@/lib/domain/instant";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { assertSound, damaged, whyDamaged } from "./assert-sound";
import { whyUnwritten } from "./commit-failure";
import { decodeText, encodeText } from "./encode-row";
import { markClosed, markOpen } from "./sound-mark";
import { encodeInstant, encodeValue, EPOCH } from "./encode-value";
import type { BaseSet, EncodedRow, OnlineRow, OnlineStore } from "./online-store";

/** The store's file in its folder. */
export const STORE_FILE = "online.lmdb";

/** JSON escapes line feeds, so one can separate a row's parts without ever being part of one. */
const SEPARATOR = "\n";

/** Ends every set's range of keys: no key of a set sorts behind it. */
const LAST = "\uffff";

/** Bytes of UTF-8. LMDB's own limit is 1,978 for set id, entity key and escaped characters together. */
const MOST_KEY_BYTES = 900;
/** Begins the digest that stands for a key that is too long. A key that begins with it is digested too, so that no two keys meet. */
const DIGESTED = "#sha256:";
/** From this length on the library writes control characters unescaped, and does not give back the key that it was given. */
const ESCAPED_UP_TO = 64;
// eslint-disable-next-line no-control-regex -- these are the characters that it escapes
const CONTROL = /[\u0000-\u0003]/;
/** Rows of the base in one transaction. */
const BATCH = 2000;

/**
 * The embedded online store: LMDB, memory-mapped, safe to read from other processes while one writes. A row is
 * `event time LF value LF value …` with values already encoded, and a checksum (encode-row.ts), under `set id : entity key`.
 */
export class LmdbStore implements OnlineStore {
  private constructor(
    private readonly file: string,
    private readonly database: RootDatabase<string, string>,
  ) {}

  /** Throws `unavailable` for a file that is damaged. */
  static open(directory: string): LmdbStore {
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, STORE_FILE);
    assertSound(file);
    markOpen(file);
    return new LmdbStore(file, open<string, string>({ path: file, encoding: "string", compression: false }));
  }

  /** As it is, and unchanged: nothing is written, not even that it was open. */
  static openToCheck(directory: string): LmdbStore {
    const file = path.join(directory, STORE_FILE);
    assertSound(file);
    return new LmdbStore(file, open<string, string>({ path: file, encoding: "string", compression: false, readOnly: true })); // prettier-ignore
  }

  writeSet(
    setId: string,
    types: ColumnType[],
    batches: AsyncIterable<OnlineRow[]>,
    base: BaseSet | null = null,
  ): Promise<{ rows: number; longKeys: string[] }> {
    return this.write(setId, types, batches, base).catch((error: unknown) => {
      throw whyUnwritten(this.file, error);
    });
  }

  private async write(
    setId: string,
    types: ColumnType[],
    batches: AsyncIterable<OnlineRow[]>,
    base: BaseSet | null,
  ): Promise<{ rows: number; longKeys: string[] }> {
    const longKeys: string[] = [];
    let rows = base ? await this.copySet(base, setId) : 0;
    for await (const batch of batches) {
      // One transaction per batch: a set becomes visible by its row in the registry, which is written after the last batch. Committed
      // at once, because the library rejects promises of its own when a later commit fails, as on a full disk: the process would end.
      this.database.transactionSync(() => {
        for (const row of batch) {
          const key = placeOf(setId, row.key);
          const before = base && this.database.get(key);
          if (before && isNewer(this.decode(key, before).eventTime, row.eventTime)) continue;
          this.database.put(key, encodeText(key, encodeRow(row, types)));
          if (!before) rows += 1;
          if (isLong(row.key)) longKeys.push(row.key);
        }
      });
    }
    await this.database.flushed;
    return { rows, longKeys };
  }

  private async copySet({ setId, positions }: BaseSet, to: string): Promise<number> {
    let rows = 0;
    let start = `${setId}:`;
    for (;;) {
      const copied = [...this.database.getRange({ start, end: `${setId}:${LAST}`, limit: BATCH + 1 })];
      this.database.transactionSync(() => {
        for (const { key, value } of copied.slice(0, BATCH)) {
          const { eventTime, values } = this.decode(key, value);
          const kept = positions.map((position) => values[position] ?? "null");
          const place = `${to}${key.slice(setId.length)}`;
          this.database.put(place, encodeText(place, [eventTime, ...kept].join(SEPARATOR)));
        }
      });
      rows += Math.min(copied.length, BATCH);
      const next = copied[BATCH];
      if (!next) return rows;
      start = next.key;
    }
  }

  readRows(setId: string, keys: string[]): (EncodedRow | undefined)[] {
    const transaction = this.database.useReadTransaction();
    try {
      return keys.map((key) => {
        const place = placeOf(setId, key);
        const text = this.database.get(place, { transaction });
        if (text !== undefined) return this.decode(place, text);
        const old = this.before(setId, key, place, transaction);
        return old === undefined ? undefined : this.decode(`${setId}:${key}`, old);
      });
    } catch (error) {
      throw whyDamaged(this.file, error);
    } finally {
      transaction.done();
    }
  }

  /** A row of a set that was written before keys with control characters were digested. */
  private before(setId: string, key: string, place: string, transaction: Transaction): string | undefined {
    const old = `${setId}:${key}`;
    return old === place || isLong(key) ? undefined : this.database.get(old, { transaction });
  }

  dropSet(setId: string): Promise<void> {
    try {
      this.database.transactionSync(() => {
        for (const key of this.database.getKeys({ start: `${setId}:`, end: `${setId}:${LAST}` }))
          void this.database.remove(key);
      });
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(whyUnwritten(this.file, error));
    }
  }

  /** Every row, for who checks the file. Throws `unavailable` where one is not what was written, or there are fewer than there should be. */
  assertWhole(): void {
    let rows = 0;
    try {
      for (const { key, value } of this.database.getRange({})) {
        this.decode(key, value);
        rows += 1;
      }
    } catch (error) {
      throw whyDamaged(this.file, error);
    }
    const { entryCount } = this.database.getStats() as { entryCount: number };
    if (rows !== entryCount) throw damaged(this.file, `${rows} of its ${entryCount} rows can be reached`);
  }

  async close(): Promise<void> {
    await this.database.close();
    markClosed(this.file);
  }

  private decode(place: string, text: string): EncodedRow {
    const row = decodeText(place, text);
    if (row === null) throw damaged(this.file, "a row is not what was written");
    return decodeRow(row);
  }
}

/** Where an entity's row is; a key that cannot be stored as it is is found by its digest. */
function placeOf(setId: string, key: string): string {
  const place = `${setId}:${key}`;
  const isStored = !isLong(key) && !key.startsWith(DIGESTED) && (place.length < ESCAPED_UP_TO || !CONTROL.test(key));
  return isStored ? place : `${setId}:${DIGESTED}${createHash("sha256").update(key).digest("hex")}`;
}

function isLong(key: string): boolean {
  return key.length > MOST_KEY_BYTES / 3 && Buffer.byteLength(key) > MOST_KEY_BYTES;
}

/** Whether a stored row holds from a later moment than one that comes; a row that always held is older than any. */
function isNewer(stored: string, coming: string | null): boolean {
  return coming !== null && isLater(stored, encodeInstant(coming));
}

function encodeRow(row: OnlineRow, types: ColumnType[]): string {
  const time = row.eventTime === null ? EPOCH : encodeInstant(row.eventTime);
  return [time, ...types.map((type, index) => encodeValue(row.values[index], type))].join(SEPARATOR);
}

function decodeRow(text: string): EncodedRow {
  const [eventTime = EPOCH, ...values] = text.split(SEPARATOR);
  return { eventTime, values };
}
