import type { z } from "zod";
import { DomainError, type ErrorCode, type Issue } from "@/lib/domain/errors";
import type { Problem } from "@/lib/contracts/problem";
import { log } from "@/lib/config/log";

const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  canceled: 409,
  invalid: 422,
  unsupported: 422,
  too_many: 429,
  unavailable: 503,
};

const TITLE: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Forbidden",
  404: "Not found",
  409: "Conflict",
  422: "Invalid input",
  429: "Too many requests",
  500: "Internal error",
  503: "Unavailable",
};

/** Zod's findings as issues; `root` says which part of the request they are about. */
export function issuesOf(error: z.ZodError, root: (string | number)[] = []): Issue[] {
  return error.issues.map((issue) => ({
    path: [...root, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))],
    message: issue.message,
    ...("expected" in issue && typeof issue.expected === "string" && { expected: issue.expected }),
  }));
}

/** The one place where something thrown becomes an answer. What is not a DomainError is logged whole and shown as nothing but an id. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof DomainError) {
    const status = STATUS[error.code];
    return {
      type: "about:blank",
      title: TITLE[status] ?? "Error",
      status,
      code: error.code,
      detail: error.message,
      requestId,
      ...error.context,
    };
  }
  log().error({ requestId, err: error }, "unexpected error");
  return {
    type: "about:blank",
    title: "Internal error",
    status: 500,
    code: "internal",
    detail: `Something went wrong on our side. The log has it under request ${requestId}.`,
    requestId,
  };
}

export function problemResponse(error: unknown, requestId: string): Response {
  const problem = toProblem(error, requestId);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "x-request-id": requestId,
      ...(problem.status === 401 && { "www-authenticate": "Bearer" }),
      ...(problem.status === 429 && { "retry-after": String(problem.retryAfterSeconds ?? 5) }),
    },
  });
}
