import type { PlacedDefinition } from "@/lib/domain/specs/placed-definition";
import { statementOf } from "@/lib/domain/lineage/column-flows";
import { statementToCheck } from "@/lib/domain/specs/check-statement";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { type SpecIndex, toIssue } from "@/lib/domain/specs/spec-index";
import type { CheckStatements, StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import { assertNoIssues } from "./assert-no-issues";

/** Binds statements of a workspace as its engine would, in a process that may die of it. */
export type BindStatements = (workspace: string, stages: StatementToCheck[]) => ReturnType<CheckStatements>;

/** Throws `invalid` for statements among what the documents change that an engine cannot run over columns of the declared types. */
export async function assertBound(
  bind: BindStatements,
  workspace: string,
  definitions: readonly PlacedDefinition[],
  differences: readonly SpecDifference[],
  index: SpecIndex,
): Promise<void> {
  const changed = new Set(differences.flatMap(({ kind, name }) => (kind === "Stage" ? [name] : [])));
  const stages = definitions.flatMap((placed) => {
    const { definition } = placed;
    if (definition.kind !== "Stage" || !changed.has(definition.name) || statementOf(definition) === undefined)
      return [];
    const statement = statementToCheck(definition, index);
    return statement ? [{ placed, statement }] : [];
  });
  if (stages.length === 0) return;
  const findings = await bind(
    workspace,
    stages.map(({ statement }) => statement),
  );
  assertNoIssues(
    stages.flatMap(({ placed }, place) => (findings[place] ?? []).map((finding) => toIssue(placed, finding))),
  );
}
