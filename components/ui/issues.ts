import { ApiError } from "@/lib/client/api";
import type { Problem } from "@/lib/contracts/problem";

type Issues = NonNullable<Problem["issues"]>;

/** What the server found wrong with the fields of a form; empty when it said nothing about any. */
export function issuesOf(error: Error | null): Issues {
  return error instanceof ApiError ? (error.problem.issues ?? []) : [];
}

/** What the server found wrong with one field; undefined when nothing. */
export function issueOf(error: Error | null, field: string): string | undefined {
  return issuesOf(error).find(({ path }) => path.includes(field))?.message;
}
