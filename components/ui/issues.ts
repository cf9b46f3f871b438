import { ApiError } from "@/lib/client/api";

/** What the server found wrong with one field of a form; undefined when nothing. */
export function issueOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { issues } = error.problem;
  if (!Array.isArray(issues)) return undefined;
  for (const issue of issues as { path?: unknown; message?: unknown }[])
    if (Array.isArray(issue.path) && issue.path.includes(field) && typeof issue.message === "string")
      return issue.message;
  return undefined;
}
