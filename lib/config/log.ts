import pino, { type Logger } from "pino";
import { environment } from "./environment";

const holder = globalThis as typeof globalThis & { tributaryLog?: Logger };

/** The process's log: JSON lines on standard error, so that standard output stays for what a person asked for. */
export function log(): Logger {
  return (holder.tributaryLog ??= pino(
    {
      level: environment().TRIBUTARY_LOG_LEVEL,
      base: undefined,
      redact: ["*.password", "*.token", "*.secret", "*.authorization", "*.cookie"],
    },
    pino.destination(2),
  ));
}
