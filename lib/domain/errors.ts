/** What can go wrong by a caller's or the world's doing; lib/http maps each code to a status in one place. */
export type ErrorCode =
  | "bad_request"
  | "too_large"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "invalid"
  | "unsupported"
  | "too_many"
  | "unavailable"
  | "canceled";

/** One thing wrong with an input: where it is, and what was expected there. */
export interface Issue {
  /** Path inside the input, outermost first. */
  path: (string | number)[];
  message: string;
  expected?: string;
  found?: string;
  /** For documents: the file and the 1-based line. */
  file?: string;
  line?: number;
}

/**
 * The one error type of the product. `message` names the thing, what was expected and what to do;
 * `context` is shown to the caller as extra members of the problem document (`issues` when the code is `invalid`).
 */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly context: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
