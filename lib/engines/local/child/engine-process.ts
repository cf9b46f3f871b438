/** One child process, with limits of the operating system on what it may hold. */
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { DomainError } from "@/lib/domain/errors";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { bytesOf } from "@/lib/config/byte-size";
import { installationFolder, programFile } from "@/lib/config/installation";
import { type Call, type FromChild, OVER_MEMORY, type ToChild, unpack } from "./messages";

/** What Node and DuckDB hold besides what DuckDB counts against its memory limit. */
const BESIDES = 768 * 2 ** 20;
/** How long an interrupted call may take to end by itself. */
const ABORT_MS = 2000;
/** The end of what a process wrote before it died. */
const KEPT_OUTPUT = 4000;

export interface Work {
  call: Call;
  control?: RunControl | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take. */
  timeLimit: number;
  /** What is said of a call that takes longer; that a statement is too large when left out. */
  tooLong?: ((milliseconds: number) => DomainError) | undefined;
}

export class EngineProcess {
  private readonly child: ChildProcess;
  private said = "";
  private listener: ((message: FromChild) => void) | null = null;
  private onEnd: ((code: number | null, signal: NodeJS.Signals | null) => void) | null = null;
  private readonly ready: Promise<void>;
  /** Whether it takes no further call. */
  isOver = false;

  /** @param memoryLimit DuckDB's notation: `2GB` */
  constructor(private readonly memoryLimit: string) {
    const most = bytesOf(memoryLimit) + BESIDES;
    const node = [process.execPath, programFile("engine"), String(most)];
    // A shell sets the limit and becomes the process, on every system that has one.
    const [command = "", ...args] =
      process.platform === "win32"
        ? node
        : [
            "/bin/sh",
            "-c",
            'ulimit -d "$1" 2>/dev/null; shift; exec "$@"',
            "sh",
            String(Math.ceil(most / 1024)),
            ...node,
          ];
    this.child = spawn(command, args, {
      cwd: installationFolder(),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      // Nothing that opens a database or signs a session is for those whose SQL runs here.
      env: { ...pick(process.env, ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG", "TZ"]), NODE_ENV: process.env.NODE_ENV }, // prettier-ignore
    });
    const keep = (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-KEPT_OUTPUT));
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
    this.ready = new Promise((resolve, reject) => {
      this.child.on("message", (message: FromChild) =>
        message.kind === "ready" ? resolve() : this.listener?.(message),
      );
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.isOver = true;
        reject(new DomainError("unavailable", `The engine's process did not start: ${this.said.trim() || (signal ?? code)}`)); // prettier-ignore
        this.onEnd?.(code, signal);
      };
      this.child.once("error", (error) => {
        this.said += error.message;
        end(null, null);
      });
      this.child.once("exit", end);
    });
    this.ready.catch(() => undefined);
    this.rest();
  }

  /** While it waits for work, it keeps nobody's process from ending. */
  private rest(): void {
    this.child.unref();
    (this.child.channel as { unref?(): void } | null | undefined)?.unref?.();
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream instanceof Socket) stream.unref();
  }

  private wake(): void {
    this.child.ref();
    (this.child.channel as { ref?(): void } | null | undefined)?.ref?.();
  }

  kill(): void {
    this.isOver = true;
    this.child.kill("SIGKILL");
  }

  /**
   * Does one call. Rejects with what the call throws, `canceled` on abort, `invalid` when it holds more than it may, what `tooLong` says
   * when it takes longer, and `unavailable` when the process died of something else. Answers the call's value and the bytes that the process still holds.
   */
  async perform({
    call,
    control,
    signal,
    timeLimit,
    tooLong = statementTooLong,
  }: Work): Promise<{ value: unknown; bytes: number }> {
    this.wake();
    let timer: NodeJS.Timeout | undefined;
    let grace: NodeJS.Timeout | undefined;
    let isLate = false;
    const send = (message: ToChild) => {
      if (this.child.connected) this.child.send(message);
    };
    const abort = () => {
      send({ kind: "abort", reason: typeof signal?.reason === "string" ? signal.reason : "canceled" });
      grace = setTimeout(() => this.kill(), ABORT_MS);
    };
    try {
      await this.ready;
      return await new Promise((resolve, reject) => {
        this.listener = (message) => {
          if (message.kind === "progress") control?.progress(message.update);
          else if (message.kind === "log") control?.log(message.level, message.message);
          else if (message.kind === "answer") resolve({ value: message.value, bytes: message.bytes });
          else if (message.kind === "error") reject(unpack(message.error));
        };
        this.onEnd = (code, ended) => {
          if (signal?.aborted) reject(new DomainError("canceled", "The run was canceled."));
          else reject(isLate ? tooLong(timeLimit) : this.causeOf(code, ended));
        };
        if (this.isOver) return this.onEnd(this.child.exitCode, this.child.signalCode);
        timer = setTimeout(() => {
          isLate = true;
          this.kill();
        }, timeLimit);
        if (signal?.aborted) abort();
        signal?.addEventListener("abort", abort, { once: true });
        send(call);
      });
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener("abort", abort);
      this.listener = null;
      this.onEnd = null;
      this.rest();
    }
  }

  private causeOf(code: number | null, signal: NodeJS.Signals | null): DomainError {
    const outOfMemory = /out of memory|bad_alloc|Cannot allocate memory|allocation failed/i.test(this.said);
    if (code === OVER_MEMORY || outOfMemory)
      return new DomainError(
        "invalid",
        `This needs more memory than the engine may have (${this.memoryLimit}, TRIBUTARY_ENGINE_MEMORY). Nothing was published. Make the statement smaller, or raise the limit.`,
      );
    return new DomainError(
      "unavailable",
      `The engine's process ended in the middle of its work (${signal ?? `exit code ${code}`}). Nothing was published, and the server is not affected.`,
    );
  }
}

function statementTooLong(milliseconds: number): DomainError {
  return new DomainError(
    "invalid",
    `This took longer than ${milliseconds / 1000} seconds and was stopped. Nothing was published. Make the statement smaller.`,
  );
}

function pick(from: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
