import type { ParsedSpecs } from "@/lib/contracts/spec-documents";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import { isTableSource, type SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { databaseAccess } from "../database-access";

/** Reads a source's files as an engine does, as far as a request waits for it. */
export type DescribeSource = (
  workspace: string,
  source: SourceDefinition,
  access?: DatabaseAccess,
) => Promise<Pick<SourceDescription, "warnings">>;

/** Opening the files of all sources takes no longer, and the source that is being read, in milliseconds. */
const MOST_MS = 60_000;

/** What decides how files are read. */
const READ_BY = [
  "format",
  "location",
  "connection",
  "table",
  "sql",
  "reading",
  "columns",
  "rowKey",
  "timeColumn",
  "rowNumber",
] as const;

/**
 * Opens the files of sources that are new or read in another way. A file that does not fit its source is an error, each with its place in
 * the document; one that is not there yet, and what is doubtful in one that is, are warnings, and so are sources whose turn comes too
 * late. Throws `too_many` when the workspace keeps the engine busy.
 */
export async function openSources(
  workspace: { id: string | null; name: string },
  { definitions }: Pick<ParsedSpecs, "definitions">,
  differences: readonly SpecDifference[],
  describe: DescribeSource,
  now: () => number = Date.now,
): Promise<{ errors: Issue[]; warnings: Issue[] }> {
  const until = now() + MOST_MS;
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  for (const { kind, name, before, after } of differences) {
    if (kind !== "Source" || after?.kind !== "Source" || !isReadAnew(before as SourceDefinition | null, after))
      continue;
    const placed = definitions.find(({ definition }) => definition.kind === kind && definition.name === name);
    const locate = placed?.locate ?? ((path: Issue["path"]) => ({ path }));
    const place = [isTableSource(after) ? "connection" : "location"];
    if (now() > until) {
      warnings.push({
        message: `source ${name}: its data were not opened, because those of other sources took a minute. The first run reads them; plan fewer sources at a time to have them opened before.`,
        ...locate(place),
      });
      continue;
    }
    try {
      const { warnings: doubts } = await describe(workspace.name, after, await databaseAccess(workspace.id, after));
      warnings.push(...doubts.map((message) => ({ message: `source ${name}: ${message}`, ...locate(place) })));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === "too_many") throw error;
      if (error.code !== "invalid") {
        warnings.push({ message: error.message, ...locate(place) });
        continue;
      }
      const found = (error.context.issues as Issue[] | undefined) ?? [];
      if (found.length === 0) errors.push({ message: error.message, ...locate(place) });
      errors.push(
        ...found.map(({ path, message, expected, found: value }) => ({
          message: `source ${name}: ${message}`,
          ...(expected !== undefined && { expected }),
          ...(value !== undefined && { found: value }),
          ...locate(path),
        })),
      );
    }
  }
  return { errors, warnings };
}

function isReadAnew(before: SourceDefinition | null, after: SourceDefinition): boolean {
  return before === null || READ_BY.some((member) => canonicalJson(before[member] ?? null) !== canonicalJson(after[member] ?? null)); // prettier-ignore
}
