import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import { programFile } from "@/lib/config/installation";
import { log } from "@/lib/config/log";
import { startThread } from "@/lib/config/start-thread";

/** Postgres as this process's threads run it. V8 goes on to optimise it for seconds, for all that hold it: once is enough. */
let compiled: WebAssembly.Module | undefined;

/** The embedded database, running in a thread of its own. A thread that died (out of memory) is begun again by the next session. */
export class EmbeddedDatabase {
  private readonly ready: Promise<void>;
  private thread: Worker | null = null;
  private closing = false;

  private constructor(
    private readonly dataDir: string | null,
    private readonly snapshot: string | null,
  ) {
    this.ready = this.begin();
  }

  /**
   * Opens the files in `dataDir`, null for memory, which begins empty or as in the archive `snapshot`. Rejects with why they cannot
   * be opened.
   */
  static async start(dataDir: string | null, snapshot: string | null = null): Promise<EmbeddedDatabase> {
    const database = new EmbeddedDatabase(dataDir, snapshot);
    await database.ready;
    return database;
  }

  /** One more session, for this thread or to be sent to another. */
  connect(): MessagePort {
    if (this.closing) throw new Error("The embedded database is closed.");
    if (!this.thread) void this.begin().catch(() => undefined);
    const { port1, port2 } = new MessageChannel();
    this.thread?.postMessage({ connect: port1 }, [port1]);
    return port2;
  }

  /** Waits for the files to be closed in order. */
  async close(): Promise<void> {
    this.closing = true;
    const { thread } = this;
    if (!thread) return;
    const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
    thread.postMessage({ close: true });
    await ended;
  }

  private begin(): Promise<void> {
    const thread = startThread(programFile("database"), {
      workerData: { dataDir: this.dataDir, snapshot: this.snapshot, program: compiled },
      name: "embedded database",
    });
    this.thread = thread;
    return new Promise<void>((resolve, reject) => {
      thread.once("message", (message: { failed: { message: string } } | { program: WebAssembly.Module }) => {
        if ("failed" in message) return reject(new Error(message.failed.message));
        compiled = message.program;
        resolve();
      });
      thread.on("error", (error) => {
        log().error({ err: error }, "the embedded database stopped and is opened again");
        reject(error);
      });
      thread.once("exit", () => {
        this.thread = null;
        reject(new Error("The thread of the embedded database ended before it was ready."));
      });
    });
  }
}
