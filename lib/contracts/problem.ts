import type { ErrorCode } from "@/lib/domain/errors";
import { z } from "zod";

/** RFC 9457, the one shape of every error of the API. Further members depend on the code. */
export const Problem = z
  .looseObject({
    type: z.string().describe("Always about:blank; `code` tells the kind."),
    title: z.string().describe("The HTTP status in words."),
    status: z.number().int().describe("HTTP status code."),
    code: z.string().describe("What went wrong, for programs."),
    detail: z.string().describe("What went wrong, what was expected and what to do, for people."),
    requestId: z.string().optional().describe("Also in the server's log and in the x-request-id header."),
    issues: z
      .array(
        z.object({
          path: z.array(z.union([z.string(), z.number()])).describe("Where in the input, outermost first."),
          message: z.string().describe("What is wrong there."),
          expected: z.string().optional().describe("What was expected."),
          found: z.string().optional().describe("What was found."),
          file: z.string().optional().describe("The document's file."),
          line: z.number().int().optional().describe("1-based line in the file."),
        }),
      )
      .optional()
      .describe("What is wrong with the input, when the code is `invalid`; of more than 200, the first."),
    issuesLeftOff: z.number().int().optional().describe("How many further issues there are."),
  })
  .meta({ id: "Problem", description: "An error, as application/problem+json." });
export type Problem = z.infer<typeof Problem>;

/** Every code of a problem document, with its HTTP status. */
export const ERROR_CODES = {
  bad_request: {
    status: 400,
    meaning: "The request cannot be read: no JSON, an unknown parameter, a broken percent code.",
  },
  unauthenticated: { status: 401, meaning: "Nobody is signed in, and no valid token came along." },
  forbidden: { status: 403, meaning: "The role does not allow it; `detail` says which one would." },
  not_found: { status: 404, meaning: "There is no such thing, or it may not be seen." },
  conflict: {
    status: 409,
    meaning: "The thing is in a state, or was changed meanwhile, so that this cannot be done. Read it again.",
  },
  canceled: { status: 409, meaning: "The work was canceled." },
  too_large: { status: 413, meaning: "The body is larger than the route takes; `detail` says the limit." },
  invalid: { status: 422, meaning: "The request was read, and something in it is wrong: `issues`." },
  unsupported: { status: 422, meaning: "What is asked for is right and not to be had here." },
  too_many: { status: 429, meaning: "Too many at a time, or tries; `Retry-After` says when to come again." },
  unavailable: {
    status: 503,
    meaning: "A part that is needed does not answer, or a disk is full; `detail` says which. Try again.",
  },
} as const satisfies Record<ErrorCode, { status: number; meaning: string }>;

/** Codes of what only the server itself can answer. */
export const SERVER_CODES = {
  timeout: { status: 408, meaning: "The request did not arrive in time." },
  headers_too_large: { status: 431, meaning: "The headers and the address are larger than 16 KB." },
  method_not_allowed: { status: 405, meaning: "The address does not answer this method." },
  internal: { status: 500, meaning: "A defect of the product. The log has it under `requestId`." },
} as const;
