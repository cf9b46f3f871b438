import { ERROR_CODES } from "@/lib/contracts/problem";
import { DomainError, type Issue } from "@/lib/domain/errors";

/** An answer that is not values. Feast's clients retry every 5xx, so that whatever the caller did wrong is 4xx. */
export class WireError extends Error {
  override readonly name = "WireError";
  constructor(
    readonly status: number,
    /** JSON text of the body. */
    readonly body: string,
  ) {
    super(body);
  }
}

/** Feast's own exceptions travel as a JSON string that holds JSON: its clients decode both and raise the class. */
export function feastError(status: number, className: string, message: string): WireError {
  // Spaced as Python writes it, so that an answer is the same to the byte.
  const inner = `{"module": "feast.errors", "class": ${JSON.stringify(className)}, "message": ${JSON.stringify(message)}}`;
  return new WireError(status, JSON.stringify(inner));
}

export interface WireDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input?: unknown;
  ctx?: Record<string, unknown>;
}

/** 422 in the form of the Python server's validation. */
export function malformed(details: WireDetail[]): WireError {
  return new WireError(
    422,
    JSON.stringify({ detail: details }, (_, value) => (typeof value === "bigint" ? String(value) : value)),
  );
}

/** 401, 403 and others that have no class on the client's side. */
export function refused(status: number, detail: string): WireError {
  return new WireError(status, JSON.stringify({ detail }));
}

/** What the registry and the engine throw, in the form of this protocol. Anything else is no answer for the caller. */
export function toWireError(error: unknown): WireError | null {
  if (error instanceof WireError) return error;
  if (!(error instanceof DomainError)) return null;
  const { issues } = error.context as { issues?: Issue[] };
  if (error.code === "invalid" && issues && issues.length > 0)
    return malformed(issues.map(({ path, message }) => ({ type: "value_error", loc: ["body", ...path], msg: `${error.message} ${message}` }))); // prettier-ignore
  return refused(ERROR_CODES[error.code].status, error.message);
}

/** The same errors as the API's own routes tell them. `place` says where what this protocol calls by another name is. */
export function toDomainError(error: unknown, place: (path: Issue["path"]) => Issue["path"] = (path) => path): unknown {
  if (!(error instanceof WireError)) return error;
  const code = (Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]).find((one) => ERROR_CODES[one].status === error.status) ?? "invalid"; // prettier-ignore
  let body = JSON.parse(error.body) as unknown;
  if (typeof body === "string") body = JSON.parse(body);
  const { detail, message } = body as { detail?: string | WireDetail[]; message?: string };
  if (!Array.isArray(detail)) return new DomainError(code, detail ?? message ?? "The features cannot be read.");
  const issues = detail.map(({ loc, msg }): Issue => ({ path: place(loc.slice(1)), message: msg }));
  return new DomainError(code, issues.map(({ path, message: text }) => `${path.join(".")}: ${text}`).join("; "), { issues }); // prettier-ignore
}
