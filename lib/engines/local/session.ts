import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance, type DuckDBVector } from "@duckdb/node-api";
import { DomainError } from "@/lib/domain/errors";
import { quoteText } from "./quote";
import { bytesOf } from "@/lib/config/byte-size";
import { plainValue } from "./plain-value";
import { PreparedQuery } from "./scoring/prepared-query";

export interface SessionOptions {
  /** Folder that the scratch folder is made in. */
  dataDirectory: string;
  threads: number;
  /** DuckDB's notation: `2GB`. */
  memoryLimit: string;
  /** Whether half of the memory is left to kernels, which compute outside DuckDB. */
  hasKernels?: boolean;
  signal?: AbortSignal;
}

/** One DuckDB database of its own: tables live in memory up to the limit and spill to a scratch folder beyond it. */
export interface Session {
  /** A fresh folder that disappears with the session. */
  readonly scratch: string;
  /** What kernels may hold, in bytes. */
  readonly kernelBytes: number;
  /** Throws `canceled` when the signal was aborted. */
  assertGoing(): void;
  run(sql: string): Promise<void>;
  /** All rows of a small answer. Integers beyond 2^53 are decimal strings, dates and instants ISO. */
  rows<Row>(sql: string): Promise<Row[]>;
  /** The only row. */
  row<Row>(sql: string): Promise<Row>;
  batches(sql: string): AsyncIterable<Record<string, unknown>[]>;
  /** The answer column by column, some thousand rows at a time; a chunk is valid until the next one is asked for. */
  chunks(sql: string): AsyncIterable<DuckDBDataChunk>;
  /** The answer of a query whose columns are all DOUBLE, a few thousand rows at a time and without an object for each. */
  numbers(sql: string): AsyncIterable<NumberChunk>;
  /** A query that is planned once and asked with ever new texts. */
  prepare(sql: string): Promise<PreparedQuery>;
  /** From here on SQL can touch these files and folders and nothing else, and cannot change that. */
  confine(files: string[], directories: string[]): Promise<void>;
  /** How far the running query is, 0 to 100; null when nobody knows. */
  percent(): number | null;
  close(): Promise<void>;
}

interface NumberChunk {
  rows: number;
  /** Valid until the next chunk is asked for. */
  columns: { getItem(row: number): number | null }[];
  /** Copies a column that holds no null, ten times as fast as by item. */
  copy(column: number, into: Float64Array, at: number): void;
}

const CANCELED = "The run was canceled.";
/** An interrupt is lost when no query runs at that moment, so it is repeated until the session closes. */
const INTERRUPT_EVERY_MS = 25;

/** Throws `canceled` when the signal was aborted and `unavailable` when the machine has no room; other DuckDB errors pass. */
function translate(error: unknown, signal: AbortSignal | undefined): never {
  const message = error instanceof Error ? error.message : String(error);
  if (signal?.aborted) throw new DomainError("canceled", CANCELED);
  if (/^Out of Memory Error|max_temp_directory_size/i.test(message)) {
    throw new DomainError(
      "unavailable",
      `The engine ran out of memory or scratch space: ${message} Raise the engine's memory limit or free disk space.`,
      { limit: "memory" },
    );
  }
  if (/No space left on device|Could not write file|disk full/i.test(message)) {
    throw new DomainError(
      "unavailable",
      `The disk is full: ${message.replace(/\.?$/, ".")} Free space and run again; nothing was published.`,
    );
  }
  throw error;
}

/** What DuckDB needs for joins and sorts of the smallest data, whatever its share would be. */
const LEAST_BESIDE_KERNELS = 256 * 2 ** 20;

/** DuckDB's limit where kernels compute too: half, but not so little that it could do nothing. */
function besideKernels(memoryLimit: string): string {
  const all = bytesOf(memoryLimit);
  const bytes = Math.min(all, Math.max(all / 2, LEAST_BESIDE_KERNELS));
  return `${Math.floor(bytes / 2 ** 20)}MiB`;
}

export async function openSession(options: SessionOptions): Promise<Session> {
  const { signal } = options;
  await mkdir(options.dataDirectory, { recursive: true });
  const scratch = await mkdtemp(join(options.dataDirectory, "scratch-"));
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  try {
    instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads),
      memory_limit: options.hasKernels ? besideKernels(options.memoryLimit) : options.memoryLimit,
      temp_directory: join(scratch, "spill"),
      // A run never downloads code.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    // DuckDB only counts how far a query is when it would show it.
    await connection.run("SET enable_progress_bar = true");
    await connection.run("SET enable_progress_bar_print = false");
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }

  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });

  const guard = () => {
    if (signal?.aborted) throw new DomainError("canceled", CANCELED);
  };

  const session: Session = {
    scratch,
    kernelBytes: bytesOf(options.memoryLimit) / 2,
    assertGoing: guard,
    async run(sql) {
      guard();
      try {
        await connection.run(sql);
      } catch (error) {
        translate(error, signal);
      }
      guard();
    },
    async rows<Row>(sql: string) {
      guard();
      try {
        const reader = await connection.runAndReadAll(sql);
        return reader.convertRowObjects(plainValue) as Row[];
      } catch (error) {
        return translate(error, signal);
      }
    },
    async row<Row>(sql: string) {
      const [first] = await session.rows<Row>(sql);
      if (first === undefined) throw new Error(`No row for: ${sql}`);
      return first;
    },
    async *batches(sql) {
      guard();
      try {
        const result = await connection.stream(sql);
        for await (const rows of result.yieldConvertedRowObjects(plainValue)) {
          guard();
          yield rows;
        }
      } catch (error) {
        translate(error, signal);
      }
    },
    async *chunks(sql) {
      guard();
      try {
        const result = await connection.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) return;
          guard();
          yield chunk;
        }
      } catch (error) {
        translate(error, signal);
      }
    },
    async *numbers(sql) {
      for await (const chunk of session.chunks(sql)) {
        const columns = Array.from(
          { length: chunk.columnCount },
          (_, i) => chunk.getColumnVector(i) as DuckDBVector<number>,
        );
        const copy = (column: number, into: Float64Array, at: number) => into.set(doublesOf(columns[column]), at);
        yield { rows: chunk.rowCount, columns, copy };
      }
    },
    prepare: (sql) => PreparedQuery.prepare(connection, sql),
    async confine(files, directories) {
      await connection.run(`SET allowed_paths = [${files.map(quoteText).join(", ")}]`);
      await connection.run(`SET allowed_directories = [${directories.map(quoteText).join(", ")}]`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
    },
    percent() {
      const { percentage } = connection.progress;
      return percentage >= 0 && percentage <= 100 ? percentage : null;
    },
    async close() {
      signal?.removeEventListener("abort", abort);
      if (timer) clearInterval(timer);
      connection.closeSync();
      instance.closeSync();
      await rm(scratch, { recursive: true, force: true });
    },
  };
  return session;
}

/** What `getItem` of a vector of doubles reads from; the package has no public name for it. */
function doublesOf(vector: DuckDBVector<number> | undefined): Float64Array {
  if (vector && "items" in vector && vector.items instanceof Float64Array) return vector.items;
  throw new Error("A column that is copied into numbers holds no doubles.");
}
