/** Runs the tests of stages: small rows become Parquet files, and the stage runs over them as it runs over millions. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { type StageDefinition, stageKind } from "@/lib/domain/definitions/stage";
import type { StageTest, TestRow } from "@/lib/domain/definitions/stage-test";
import { DomainError } from "@/lib/domain/errors";
import { compareTestRows } from "@/lib/domain/stage-tests/compare-test-rows";
import type { StageTestResult, TestDifference } from "@/lib/domain/stage-tests/stage-test-result";
import { testColumns, type TestSurroundings } from "@/lib/domain/stage-tests/test-columns";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { readRows } from "../read-rows";
import { runVariant } from "../run-variant";
import type { SessionOptions } from "../session";
import { writeTestRows } from "./write-test-rows";

/** Rows without an event time of their own are all of this moment. */
const DEFAULT_TIME = "1970-01-01";
/** So many differences make the point. */
const MOST_DIFFERENCES = 50;

/** Runs one test in a folder of its own and removes it. What the stage does is in the result; only `canceled` is thrown. */
export async function runStageTest(
  options: SessionOptions,
  stage: StageDefinition,
  test: StageTest,
  surroundings: TestSurroundings,
): Promise<StageTestResult> {
  const started = performance.now();
  const answer = (passed: boolean, error: string | null, differences: TestDifference[] = []): StageTestResult => ({
    stage: stage.name,
    test: test.name,
    passed,
    seconds: (performance.now() - started) / 1000,
    error,
    differences: differences.slice(0, MOST_DIFFERENCES),
  });
  await mkdir(options.dataDirectory, { recursive: true });
  const folder = await mkdtemp(join(options.dataDirectory, "stage-test-"));
  try {
    const { given, found } = await runOn({ options, folder, stage, test, surroundings });
    if (test.error !== undefined)
      return answer(false, `The stage took the rows. It should have refused them with: ${test.error}`);
    const entity = entityOf(surroundings, stage.entity);
    const differences = compareTestRows(stage, test, entity, surroundings, given, found);
    return answer(differences.length === 0, null, differences);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "canceled") throw error;
    if (test.error === undefined) return answer(false, error.message);
    if (error.message.includes(test.error)) return answer(true, null);
    return answer(
      false,
      `The stage refused the rows otherwise than expected. Expected: ${test.error} Found: ${error.message}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Work {
  options: SessionOptions;
  folder: string;
  stage: StageDefinition;
  test: StageTest;
  surroundings: TestSurroundings;
}

async function runOn(work: Work): Promise<{ given: TestRow[]; found: Record<string, unknown>[] }> {
  const { stage, test, options } = work;
  let fitted: FittedModel | undefined;
  if (stageKind(stage) === "estimator" && test.fit) {
    const { result } = await runRows(work, "fit", test.fit, undefined);
    fitted = result.fits[0]?.model;
  }
  const { result, given } = await runRows(work, "rows", test.rows, fitted);
  const output = result.outputs[0];
  const found: Record<string, unknown>[] = [];
  const entity = entityOf(work.surroundings, stage.entity);
  const file = output?.snapshot.files[0]?.path;
  if (output && file) {
    const keys = [...entity.joinKeys.map((key) => key.name), ...(entity.eventTime ? [entity.eventTime] : [])];
    const columns = output.columns.map((column) => column.name);
    for await (const batch of readRows(options, file, { columns, keys })) found.push(...batch);
  }
  return { given, found };
}

/** Runs the stage over rows that are written as if sources had given them. Answers the rows of the entity it reads, with their keys. */
async function runRows(
  { options, folder, stage, surroundings }: Work,
  role: "rows" | "fit",
  rows: Record<string, TestRow[]>,
  fitted: FittedModel | undefined,
): Promise<{ result: VariantResult; given: TestRow[] }> {
  const labels = stageKind(stage) === "estimator" && fitted === undefined;
  const sources: VariantPlan["sources"] = [];
  const entities = new Map<string, EntityDefinition>([[stage.entity, entityOf(surroundings, stage.entity)]]);
  let given: TestRow[] = [];
  for (const [name, allowed] of testColumns(stage, surroundings, labels)) {
    const entity = entityOf(surroundings, name);
    entities.set(name, entity);
    const columns = allowed.map((column) => ({ name: column.name, type: typed(stage, name, column) }));
    const complete = (rows[name] ?? []).map((row, index) => withIdentity(entity, row, index));
    if (name === (stage.from ?? stage.entity)) given = complete;
    const dataset = `${role}_${name}`;
    sources.push({
      definition: {
        kind: "Source",
        name: dataset,
        entity: name,
        format: "parquet",
        location: dataset,
        columns,
        rowKey: entity.joinKeys.map((key) => key.name),
        ...(entity.eventTime && { timeColumn: entity.eventTime }),
      },
      snapshot: await writeTestRows(options, folder, dataset, columns, complete),
    });
  }
  const instance: EngineInstance = {
    key: stage.name,
    stage,
    inputs: Object.fromEntries([...stage.inputs, ...(stage.fitInputs ?? [])].map((column) => [column, null])),
    ...(stageKind(stage) === "estimator" && {
      fit: { fingerprint: "test", rowSet: [], split: null, ...(fitted && { fitted }) },
    }),
  };
  const result = await runVariant(
    options,
    {
      entities: [...entities.values()],
      sources,
      instances: [instance],
      materialise: stage.outputs.map(({ column }) => ({
        column,
        instance: stage.name,
        name: splitColumn(column)[1],
      })),
      profile: { columns: [], selections: [], every: null },
      outputDirectory: join(folder, role),
    },
    { signal: options.signal ?? new AbortController().signal, progress: () => undefined, log: () => undefined },
  );
  return { result, given };
}

/** Keys that a row leaves out are its number, from 1. */
function withIdentity(entity: EntityDefinition, row: TestRow, index: number): TestRow {
  const keys = entity.joinKeys
    .filter(({ name }) => !(name in row))
    .map(({ name, type }) => [name, type === "bigint" || type === "double" ? index + 1 : String(index + 1)] as const);
  const time = entity.eventTime && !(entity.eventTime in row) ? { [entity.eventTime]: DEFAULT_TIME } : {};
  return { ...Object.fromEntries(keys), ...time, ...row };
}

function typed(
  stage: StageDefinition,
  entity: string,
  column: { name: string; type: ColumnType | undefined },
): ColumnType {
  if (column.type) return column.type;
  throw new DomainError(
    "invalid",
    `Stage ${stage.name} reads ${entity}.${column.name}, which no stage or source writes, so its type is not known. Declare one that writes it.`,
  );
}

function entityOf(surroundings: TestSurroundings, name: string): EntityDefinition {
  const entity = surroundings.entity(name);
  if (entity) return entity;
  throw new DomainError("invalid", `There is no entity ${name}. Declare it.`);
}
