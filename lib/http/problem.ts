import { textOfJson } from "@/lib/domain/exact-integers";
import type { z } from "zod";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { ERROR_CODES, type Problem } from "@/lib/contracts/problem";
import { fullDisk, isFullDiskError } from "@/lib/config/disk-space";
import { log } from "@/lib/config/log";
import { whyDatabaseUnavailable } from "@/lib/db/database-errors";

const TITLE: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Too large",
  422: "Invalid input",
  429: "Too many requests",
  431: "Headers too large",
  500: "Internal error",
  503: "Unavailable",
};

/** Zod's findings as issues; `root` says which part of the request they are about. */
export function issuesOf(error: z.ZodError, root: (string | number)[] = []): Issue[] {
  return error.issues.map((issue) => {
    // Schemas that documents are made of say what they expect after a tab.
    const [message = "", expected = "expected" in issue ? issue.expected : undefined] = issue.message.split("\t");
    return {
      path: [...root, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))],
      message,
      ...(typeof expected === "string" && { expected }),
    };
  });
}

/** More issues than a person reads only make the answer large. */
const MOST_ISSUES = 200;

/** A problem document; further members come from `context`. Of many issues the first are shown. */
export function problem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  context: Readonly<Record<string, unknown>> = {},
): Problem {
  const { issues } = context;
  const isLong = Array.isArray(issues) && issues.length > MOST_ISSUES;
  return {
    type: "about:blank",
    title: TITLE[status] ?? "Error",
    status,
    code,
    detail,
    requestId,
    ...context,
    ...(isLong && { issues: issues.slice(0, MOST_ISSUES), issuesLeftOff: issues.length - MOST_ISSUES }),
  };
}

/**
 * The one place where something thrown becomes an answer. What is not a DomainError is logged whole and shown as nothing but an
 * id, except that a full disk and a database that cannot now are said, whatever failed by them.
 */
function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof DomainError)
    return problem(ERROR_CODES[error.code].status, error.code, error.message, requestId, error.context);
  log().error({ requestId, err: error }, "unexpected error");
  const full = fullDisk() ?? (isFullDiskError(error) ? "A disk that the server writes to is full. See its log." : null);
  const unavailable = full ?? whyDatabaseUnavailable(error);
  if (unavailable) return problem(503, "unavailable", unavailable, requestId);
  return problem(
    500,
    "internal",
    `Internal error. The server's log has the details under request ${requestId}.`,
    requestId,
  );
}

export function problemResponse(error: unknown, requestId: string): Response {
  const document = toProblem(error, requestId);
  return new Response(textOfJson(document), {
    status: document.status,
    headers: {
      "content-type": "application/problem+json",
      "x-request-id": requestId,
      "cache-control": "no-store",
      ...(document.status === 401 && { "www-authenticate": "Bearer" }),
      ...(document.status === 429 && { "retry-after": String(document.retryAfterSeconds ?? 5) }),
      ...(document.status === 503 && { "retry-after": "10" }),
    },
  });
}
