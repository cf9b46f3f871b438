import { DomainError, type Issue } from "@/lib/domain/errors";

/** Throws all issues at once, by file and line. */
export function assertNoIssues(issues: Issue[]): void {
  if (issues.length === 0) return;
  const sorted = issues.toSorted((a, b) => (a.file ?? "").localeCompare(b.file ?? "") || (a.line ?? 0) - (b.line ?? 0));
  const [first] = sorted;
  const where = first?.file === undefined ? "" : `${first.file}, line ${first.line}: `;
  const more = issues.length > 1 ? ` There are ${issues.length} errors in all; \`issues\` lists them.` : "";
  throw new DomainError("invalid", `Nothing was applied. ${where}${first?.message}${more}`, { issues: sorted });
}
