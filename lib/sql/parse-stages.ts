import type { PlacedDefinition } from "@/lib/domain/specs/placed-definition";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { statementOf } from "@/lib/domain/lineage/column-flows";
import { parseStatements } from "./parse-sql";

/** Trees of the statements of SQL stages among definitions. */
export function parseStages(definitions: readonly PlacedDefinition[]): Promise<Map<string, SerializedSql>> {
  return parseStatements(
    definitions.flatMap(({ definition }) => (definition.kind === "Stage" ? (statementOf(definition) ?? []) : [])),
  );
}
