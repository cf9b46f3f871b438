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
