/** What an engine's child process and the process that started it say to each other. All of it is plain data. */
import type { Engine } from "../../engine";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { DomainError, type ErrorCode } from "@/lib/domain/errors";
import type { LocalEngineOptions } from "../local-engine";

/** Methods whose arguments are data, and whose work may be made of what users wrote. */
export type ChildMethod = Exclude<keyof Engine, "name" | "version" | "format" | "unsupported" | "readRows" | "other">;

/** Those that report progress. */
export interface Call {
  kind: "call";
  options: LocalEngineOptions;
  method: ChildMethod;
  /** Without the control or signal, which are messages. */
  args: unknown[];
}

export type ToChild = Call | { kind: "abort"; reason: unknown };

export type FromChild =
  | { kind: "ready" }
  | { kind: "progress"; update: Parameters<RunControl["progress"]>[0] }
  | { kind: "log"; level: Parameters<RunControl["log"]>[0]; message: string }
  /** `bytes`: how much the process holds when the work is done. */
  | { kind: "answer"; value: unknown; bytes: number }
  | { kind: "error"; error: CarriedError; bytes: number };

/** An error in a form that a message can carry. */
export type CarriedError =
  | { domain: true; code: ErrorCode; message: string; context: Readonly<Record<string, unknown>> }
  | { domain: false; name: string; message: string; stack: string | undefined; code: unknown };

export function carry(error: unknown): CarriedError {
  if (error instanceof DomainError)
    return { domain: true, code: error.code, message: error.message, context: error.context };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { domain: false, name, message, stack, code: (error as { code?: unknown } | null)?.code };
}

export function unpack(carried: CarriedError): Error {
  if (carried.domain) return new DomainError(carried.code, carried.message, carried.context);
  const error = new Error(carried.message);
  error.name = carried.name;
  if (carried.stack !== undefined) error.stack = carried.stack;
  return carried.code === undefined ? error : Object.assign(error, { code: carried.code });
}

/** Exit code of a child that held more than it may. */
export const OVER_MEMORY = 86;
