import type { ParsedSpecs } from "@/lib/contracts/spec-documents";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { SpecDifference } from "@/lib/domain/specs/difference";

/** Reads a source's files as an engine does. */
export type DescribeSource = (source: SourceDefinition) => Promise<SourceDescription>;

/** What decides how files are read. */
const READ_BY = ["format", "location", "reading", "columns", "rowKey", "timeColumn", "rowNumber"] as const;

/**
 * Opens the files of sources that are new or read in another way. A file that does not fit its source is an error, each with its place in
 * the document; one that is not there yet, and what is doubtful in one that is, are warnings.
 */
export async function openSources(
  { definitions }: Pick<ParsedSpecs, "definitions">,
  differences: readonly SpecDifference[],
  describe: DescribeSource,
): Promise<{ errors: Issue[]; warnings: Issue[] }> {
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  for (const { kind, name, before, after } of differences) {
    if (kind !== "Source" || after?.kind !== "Source" || !isReadAnew(before as SourceDefinition | null, after))
      continue;
    const placed = definitions.find(({ definition }) => definition.kind === kind && definition.name === name);
    const locate = placed?.locate ?? ((path: Issue["path"]) => ({ path }));
    try {
      const { warnings: doubts } = await describe(after);
      warnings.push(...doubts.map((message) => ({ message: `source ${name}: ${message}`, ...locate(["location"]) })));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code !== "invalid") {
        warnings.push({ message: error.message, ...locate(["location"]) });
        continue;
      }
      const found = (error.context.issues as Issue[] | undefined) ?? [];
      if (found.length === 0) errors.push({ message: error.message, ...locate(["location"]) });
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
