/**
 * The process that an engine's work runs in, one call at a time. It leaves when the process that started it is gone, and ends
 * itself when it holds more memory than its first argument says, in bytes: where the operating system has a limit too, that one
 * comes first.
 */
import { DomainError } from "@/lib/domain/errors";
import { createLocalEngine } from "../local-engine";
import { carry, type Call, type FromChild, OVER_MEMORY, type ToChild } from "./messages";

const WATCH_MS = 50;

const most = Number(process.argv[2]);
let abort: AbortController | null = null;

const say = (message: FromChild) => process.send?.(message);

process.on("message", (message: ToChild) => {
  if (message.kind === "abort") abort?.abort(message.reason);
  else void perform(message);
});
process.on("disconnect", () => process.exit(0));
// A terminal's interrupt goes to all its processes; whoever gave the work decides what becomes of it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
setInterval(() => {
  if (process.memoryUsage.rss() > most) process.exit(OVER_MEMORY);
}, WATCH_MS);

async function perform({ options, method, args }: Call): Promise<void> {
  const own = (abort = new AbortController());
  try {
    const engine = createLocalEngine(options);
    const control = {
      signal: own.signal,
      progress: (update: Extract<FromChild, { kind: "progress" }>["update"]) => void say({ kind: "progress", update }),
      log: (level: Extract<FromChild, { kind: "log" }>["level"], text: string) =>
        void say({ kind: "log", level, message: text }),
    };
    const last = method === "runVariant" ? control : own.signal;
    // The caller has typed the arguments by the method's own signature.
    const value: unknown = await Reflect.apply(engine[method], engine, [...args, last]);
    say({ kind: "answer", value, bytes: process.memoryUsage.rss() });
  } catch (error) {
    const canceled = own.signal.aborted && !(error instanceof DomainError);
    say({
      kind: "error",
      error: carry(canceled ? new DomainError("canceled", "The run was canceled.") : error),
      bytes: process.memoryUsage.rss(),
    });
  }
}

say({ kind: "ready" });
