import { messages, type QueryOptions, type Results } from "@electric-sql/pglite";
import type { MessagePort } from "node:worker_threads";

/** What travels back from embedded-thread.mjs for something that was thrown there. */
interface PlainError {
  message: string;
  isDatabaseError: boolean;
  members: Record<string, string | number>;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

type Parsers = NonNullable<QueryOptions["parsers"]>;

/** Where statements can be sent: the door itself, or a transaction. As of PGlite, what Prisma's adapter uses. */
interface EmbeddedSession {
  query<Row>(sql: string, values?: unknown[], options?: QueryOptions): Promise<Results<Row>>;
  exec(sql: string): Promise<Results[]>;
}

export interface EmbeddedTransaction extends EmbeddedSession {
  rollback(): Promise<void>;
  /** Why the commit failed; only known once the transaction has ended. */
  failure?: Error;
}

/**
 * A session of the embedded database through a message port: the same answers and errors (with SQLSTATE) as PGlite itself. Every
 * thread of the process has a door of its own to the one database.
 */
export class EmbeddedDoor implements EmbeddedSession {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private port: MessagePort | null = null;
  private closed = false;

  /** `connect` makes a session, and a new one when the database had to be opened again. */
  constructor(private readonly connect: () => MessagePort) {}

  query<Row>(sql: string, values?: unknown[], options?: QueryOptions): Promise<Results<Row>> {
    return this.queryIn(undefined, sql, values, options);
  }

  exec(sql: string): Promise<Results[]> {
    return this.ask({ op: "exec", sql });
  }

  /** Runs statements as one transaction; an error of `run` rolls it back. Other sessions wait meanwhile. */
  async transaction<Answer>(run: (transaction: EmbeddedTransaction) => Promise<Answer>): Promise<Answer> {
    const transaction = ++this.last;
    await this.ask({ op: "begin", transaction });
    let ended: Promise<void> | null = null;
    const end = (op: "commit" | "rollback") => (ended ??= this.ask<void>({ op, transaction }));
    const handle: EmbeddedTransaction = {
      query: (sql, values, options) => this.queryIn(transaction, sql, values, options),
      exec: (sql) => this.ask({ op: "exec", sql, transaction }),
      rollback: () => end("rollback"),
    };
    let answer: Answer;
    try {
      answer = await run(handle);
    } catch (error) {
      await end("rollback").catch(() => undefined);
      throw error;
    }
    try {
      await end("commit");
    } catch (error) {
      handle.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
    return answer;
  }

  close(): void {
    this.closed = true;
    this.port?.close();
  }

  private session(): MessagePort {
    if (this.closed) throw new Error("The embedded database is closed.");
    if (this.port) return this.port;
    const port = this.connect();
    port.on("message", ({ id, result, error }: { id: number; result?: unknown; error?: PlainError }) => {
      const request = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) request?.reject(toError(error));
      else request?.resolve(result);
    });
    port.once("close", () => {
      this.port = null;
      // As a server says that it is shutting down: what was not confirmed did not happen, and can be tried again.
      const message = `The embedded database ${this.closed ? "is closed" : "has stopped"}.`;
      const error = Object.assign(new Error(message), { code: "57P01" });
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    });
    return (this.port = port);
  }

  private async queryIn<Row>(
    transaction: number | undefined,
    sql: string,
    values: unknown[] | undefined,
    { rowMode, parsers }: QueryOptions = {},
  ): Promise<Results<Row>> {
    const textOf = parsers && Object.keys(parsers).map(Number);
    const results = await this.ask<Results<Row>>({ op: "query", sql, values, rowMode, textOf, transaction });
    if (parsers) parse(results as Results<unknown>, parsers);
    return results;
  }

  private ask<Result>(message: Record<string, unknown>): Promise<Result> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      try {
        this.session().postMessage({ id, ...message });
      } catch (error) {
        // Closed, or a value that cannot travel, such as a function.
        this.waiting.delete(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}

/** Gives the columns of these types, which came as text, to the caller's parsers; in place. */
function parse({ fields, rows }: Results<unknown>, parsers: Parsers): void {
  fields.forEach(({ name, dataTypeID }, index) => {
    const parser = parsers[dataTypeID];
    if (!parser) return;
    for (const row of rows as Record<string | number, unknown>[]) {
      const key = Array.isArray(row) ? index : name;
      const text = row[key];
      if (text !== null && text !== undefined) row[key] = parser(text as string);
    }
  });
}

function toError({ message, isDatabaseError, members }: PlainError): Error {
  const error = isDatabaseError
    ? new messages.DatabaseError(message, Number(members.length ?? 0), "error")
    : new Error(message);
  return Object.assign(error, members);
}
