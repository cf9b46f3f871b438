import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { statementOf } from "@/lib/domain/lineage/column-flows";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import { parseStatements } from "@/lib/sql/parse-sql";

/** The statements of SQL stages, as DuckDB parses them, by the stage's name. */
export async function statementsOf(stages: readonly StageDefinition[]): Promise<Map<string, SerializedSql>> {
  const trees = await parseStatements(stages.flatMap((stage) => statementOf(stage) ?? []));
  return new Map(
    stages.flatMap((stage) => {
      const tree = trees.get(statementOf(stage) ?? "");
      return tree ? [[stage.name, tree] as const] : [];
    }),
  );
}
