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

/** The same for every copy of this module in a process: pages, routes and what starts with the server are bundled apart. */
const BRAND = Symbol.for("tributary.DomainError");

/**
 * The one error type of the product. `message` names the thing, what was expected and what to do;
 * `context` is shown to the caller as extra members of the problem document (`issues` when the code is `invalid`).
 */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly [BRAND] = true;

  /** An error that another copy of this module made is one too. */
  static override [Symbol.hasInstance](value: unknown): value is DomainError {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly context: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
