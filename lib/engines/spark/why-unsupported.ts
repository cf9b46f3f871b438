/** What the Spark engine refuses, by stage and by name, before anything runs. Pure. */
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { checkStage } from "@/lib/domain/operators/check-stage";
import { operatorName } from "@/lib/domain/operators/operator-table";
import type { SerializedSql } from "@/lib/domain/sql/syntax-tree";
import type { EngineWorld, UnsupportedStage } from "@/lib/domain/runs/engine-support";
import { type DeclaredColumn, declaredColumns, isTimed, visibleColumns } from "./column-types";
import { SPARK_OPERATORS, sparkOperatorOf } from "./spark-operators";
import { type SparkExpression, SparkSqlRefusal, translateProjection } from "./spark-sql";
import { whyNoSplit } from "./split-sql";

/** @param statements of SQL stages, as DuckDB parsed them, by the stage's name */
export function whyUnsupported(
  stages: readonly StageDefinition[],
  world: EngineWorld,
  statements: ReadonlyMap<string, SerializedSql>,
): UnsupportedStage[] {
  const columns = declaredColumns(world, stages);
  return stages.flatMap((stage) => {
    const reason =
      refusalOfRows(stage, world) ??
      refusalOfLists(stage, columns) ??
      (operatorName(stage) === "sql"
        ? refusalOfStatement(stage, world, columns, statements.get(stage.name))
        : refusalOfOperator(stage, columns)) ??
      refusalOfFit(stage, world, columns);
    return reason === null ? [] : [{ stage: stage.name, operator: operatorName(stage), reason }];
  });
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function refusalOfRows(stage: StageDefinition, { entities, sources }: EngineWorld): string | null {
  if (stage.from !== undefined)
    return `It aggregates rows of ${stage.from}, which the spark engine does not do yet. Run it on the local engine.`;
  if (!sources.some(({ entity }) => entity === stage.entity))
    return `Rows of ${stage.entity} come from no source, and the spark engine has only rows of sources. Run it on the local engine.`;
  const others = new Set([...stage.inputs, ...(stage.fitInputs ?? [])].map((column) => splitColumn(column)[0]));
  for (const name of others) {
    const entity = name === stage.entity ? undefined : entities.find((one) => one.name === name);
    const problem = entity && refusalOfRelation(entity, sources);
    if (problem) return problem;
  }
  return null;
}

/** Through a relation rows are found by one key: the newest of those with a time, or the only one. */
function refusalOfRelation(entity: EntityDefinition, sources: readonly SourceDefinition[]): string | null {
  const own = sources.filter((source) => source.entity === entity.name);
  if (own.length === 0)
    return `It reads columns of ${entity.name}, whose rows come from no source. Run it on the local engine.`;
  if (entity.joinKeys.length !== 1)
    return `It reads columns of ${entity.name}, which has ${entity.joinKeys.length} join keys; a relation needs exactly one.`;
  if (isTimed(entity, own) && own.some(({ timeColumn }) => timeColumn === undefined))
    return `It reads columns of ${entity.name}, which has sources with a time and without; the spark engine reads one kind. Run it on the local engine.`;
  return null;
}

function refusalOfLists(stage: StageDefinition, columns: ReadonlyMap<string, DeclaredColumn>): string | null {
  const list = [...stage.inputs, ...(stage.fitInputs ?? [])].find((column) => {
    const declared = columns.get(column);
    const isOther = splitColumn(column)[0] !== stage.entity;
    return declared?.type === "strings" || (declared?.type === "vector" && (isOther || declared.writer === null || declared.writer === "sql")); // prettier-ignore
  });
  return list === undefined
    ? null
    : `It reads ${list}, a list, which the spark engine does not read yet. Run it on the local engine.`;
}

function refusalOfOperator(stage: StageDefinition, columns: ReadonlyMap<string, DeclaredColumn>): string | null {
  const issue = checkStage(stage)[0];
  if (issue) return issue.message;
  const found = sparkOperatorOf(stage);
  if (!found)
    return `The spark engine does not run ${operatorName(stage)} yet; it runs sql, ${Object.keys(SPARK_OPERATORS).join(", ")}.`;
  const inputs = stage.inputs.map((column) => ({
    column,
    type: columns.get(column)?.type ?? ("double" as const),
    writer: columns.get(column)?.writer ?? null,
  }));
  const refusal = found.operator.refusal?.(stage, found.params, inputs);
  return refusal ? sentence(`it ${refusal}, which the spark engine does not do`) : null;
}

function refusalOfStatement(
  stage: StageDefinition,
  { entities, sources }: EngineWorld,
  columns: ReadonlyMap<string, DeclaredColumn>,
  parsed: SerializedSql | undefined,
): string | null {
  const entity = entities.find(({ name }) => name === stage.entity);
  if (!entity || !parsed) return null;
  const visible = new Map(
    visibleColumns(stage, entity, isTimed(entity, sources)).map(({ name, column }): [string, SparkExpression] => [
      name,
      { sql: name, type: columns.get(column)?.type ?? "null" },
    ]),
  );
  try {
    const made = translateProjection(parsed, visible);
    return outputProblem(stage, made);
  } catch (error) {
    if (error instanceof SparkSqlRefusal) return sentence(error.message);
    throw error;
  }
}

/** Why what a statement gives is not what its stage declares; null when it is. Whole numbers are doubles too. */
function outputProblem(stage: StageDefinition, made: ReadonlyMap<string, SparkExpression>): string | null {
  for (const { column, type } of stage.outputs) {
    const [, name] = splitColumn(column);
    const found = [...made].find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
    if (!found) return `Its statement does not return ${name}.`;
    if (found.type !== type && found.type !== "null" && !(found.type === "bigint" && type === "double"))
      return `Its statement gives ${column} as ${found.type} on the spark engine, and it declares ${type}. Add a CAST.`;
  }
  return null;
}

function refusalOfFit(
  stage: StageDefinition,
  { splits = [], fit }: EngineWorld,
  columns: ReadonlyMap<string, DeclaredColumn>,
): string | null {
  const rows = stage.estimator === undefined ? undefined : (stage.fit ?? fit);
  if (!rows || !("split" in rows)) return null;
  const policy = splits.find(({ name }) => name === rows.split);
  const problem = policy && whyNoSplit(policy, (key) => columns.get(`${stage.entity}.${key}`)?.type);
  return problem ? sentence(`it is fitted by ${problem}`) : null;
}
