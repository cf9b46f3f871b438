import { join } from "node:path";
import * as duckdb from "@duckdb/node-api";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import {
  type FileSource,
  isFileSource,
  isTableSource,
  type SourceDefinition,
  type TableSource,
} from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { checkStage } from "@/lib/domain/operators/check-stage";
import { findOperator, operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import { DomainError } from "@/lib/domain/errors";
import type { UnsupportedStage } from "@/lib/domain/runs/engine-support";
import type { Engine } from "../engine";
import { toSurroundings } from "@/lib/domain/stage-tests/test-columns";
import { assignRows } from "./assign-rows";
import { checkStatements } from "./check-statements";
import type { TableOptions } from "./database/copy-table";
import { countTableRows, describeTable, type TableReading } from "./database/describe-table";
import { greetDatabase, inspectTable } from "./database/inspect-table";
import { compareOutcomes } from "./compare-outcomes";
import { compareRows } from "./compare-rows";
import { measureOutcomes } from "./measure-outcomes";
import { joinHistory } from "./joins/join-history";
import { convertTraining, freezeTraining, previewTraining } from "./joins/training-rows";
import { glanceAt } from "./glance";
import { inspectFiles } from "./inspect/inspect-files";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import { measureOutputRules } from "./rules/check-output";
import { measureSourceRules } from "./rules/check-source";
import { profileValues } from "./profile-values";
import { readRows } from "./read-rows";
import { runVariant } from "./run-variant";
import { sampleRows } from "./sample-rows";
import { scoreRows } from "./scoring/scorer";
import { type Session, type SessionOptions, openSession } from "./session";
import { countSourceRows, describeSource } from "./source-file";
import type { SourceFolders } from "./source-location";
import { runStageTest } from "./stage-tests/run-stage-test";
import { intersectUnits, sketchUnits } from "./unit-keys";

export interface LocalEngineOptions extends Omit<SessionOptions, "signal"> {
  /** Any absolute path when left out: for one's own machine. */
  sources?: SourceFolders;
  /** How tables are read; their copies go with the scratch folder when left out, and private addresses may be called. */
  tables?: TableOptions;
}

/** Milliseconds that reading a table may take where nobody says. */
const READ_MS = 3_600_000;
const ANYWHERE: SourceFolders = { directories: [], anywhere: true };

/** DuckDB over Parquet on this machine. Every call opens a database of its own in a scratch folder and removes it. */
export function createLocalEngine(options: LocalEngineOptions): Engine {
  const folders = options.sources ?? ANYWHERE;
  const tables = options.tables ?? {
    folder: join(options.dataDirectory, "tables"),
    privateAddresses: true,
    readMs: READ_MS,
  };
  const reading = (source: TableSource, access: DatabaseAccess | undefined, signal?: AbortSignal): TableReading => {
    if (!access)
      throw new DomainError(
        "unsupported",
        `Source ${source.name} reads a table by connection ${source.connection}, which only a server knows.`,
      );
    return { access, options: tables, signal };
  };
  return {
    name: "local",
    version: `duckdb ${duckdb.version()}`,
    format: "tributary-sql",
    unsupported: (stages) => Promise.resolve(stages.flatMap(whyUnsupported)),
    describe: (source, bounds, access, signal) =>
      withSession(withSignal(options, signal), (session) =>
        isTableSource(source)
          ? describeTable(session, source, reading(source, access, signal), bounds)
          : describeSource(session, filesOf(source), folders, bounds),
      ),
    glance: (source) => glanceAt(source, folders),
    inspectFiles: (request, bounds, signal) =>
      withSession(withSignal(options, signal), (session) => inspectFiles(session, request, folders, bounds)),
    inspectTable: (request, access, signal) =>
      withSession(withSignal(options, signal), (session) =>
        inspectTable(session, request, { access, options: tables, signal }),
      ),
    greetDatabase: (access, signal) => greetDatabase(access, tables, signal),
    countRows: (source, windows, access) =>
      withSession(options, (session) =>
        isTableSource(source)
          ? countTableRows(session, source, windows, reading(source, access))
          : countSourceRows(session, filesOf(source), windows, folders),
      ),
    measureRules: (source, snapshot, rules) => measureSourceRules(options, source, snapshot, rules),
    measureOutputRules: (output, rules) => measureOutputRules(options, output, rules),
    runVariant: (plan, control) => runVariant(options, plan, control),
    scoreRows: (request) => scoreRows(options, request),
    compareOutcomes: (request, signal) =>
      withSession(withSignal(options, signal), (session) => compareOutcomes(session, request)),
    measureOutcomes: (request, signal) =>
      withSession(withSignal(options, signal), (session) => measureOutcomes(session, request)),
    profileValues: (asked) => withSession(options, (session) => profileValues(session, asked)),
    sampleRows: (request, signal) =>
      withSession(withSignal(options, signal), (session) => sampleRows(session, request)),
    assignRows: (request, signal) =>
      withSession(withSignal(options, signal), (session) => assignRows(session, request)),
    joinHistory: (request, signal) =>
      withSession(withSignal(options, signal), (session) => joinHistory(session, request)),
    previewTraining: (request, first, signal) =>
      withSession(withSignal(options, signal), (session) => previewTraining(session, request, first)),
    freezeTraining: (request, file, signal) =>
      withSession(withSignal(options, signal), (session) => freezeTraining(session, request, file)),
    convertTraining: (request, signal) =>
      withSession(withSignal(options, signal), (session) => convertTraining(session, request)),
    compareRows: (request, signal) =>
      withSession(withSignal(options, signal), (session) => compareRows(session, request)),
    intersectUnits: (request, signal) =>
      withSession(withSignal(options, signal), (session) => intersectUnits(session, request)),
    sketchUnits: (request, signal) =>
      withSession(withSignal(options, signal), (session) => sketchUnits(session, request)),
    readRows: (file, wanted) => readRows(options, file, wanted),
    testStage: async (stage, surroundings, signal) => {
      const results = [];
      for (const test of stage.tests ?? [])
        results.push(await runStageTest(withSignal(options, signal), stage, test, toSurroundings(surroundings)));
      return results;
    },
    checkStatements: (stages, signal) =>
      withSession(withSignal(options, signal), (session) => checkStatements(session, stages)),
  };
}

function filesOf(source: SourceDefinition): FileSource {
  if (isFileSource(source)) return source;
  throw new DomainError("invalid", `Source ${source.name} has no location.`);
}

const withSignal = (options: SessionOptions, signal: AbortSignal | undefined): SessionOptions =>
  signal ? { ...options, signal } : options;

async function withSession<Answer>(
  options: SessionOptions,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  const session = await openSession(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function whyUnsupported(stage: StageDefinition): UnsupportedStage[] {
  const operator = operatorName(stage);
  if (operator === "sql") return [];
  if (Object.hasOwn(LOCAL_OPERATORS, operator)) {
    const refusal = LOCAL_OPERATORS[operator]?.unsupported?.(resolveParams(stage));
    return refusal ? [{ stage: stage.name, operator, reason: refusal }] : [];
  }
  const known = findOperator(operator);
  const reason = known
    ? `${operator} runs on ${known.engines.filter((engine) => engine !== "local").join(", ")} only.`
    : (checkStage(stage)[0]?.message ?? `${operator} is a class that only Spark can load.`);
  return [{ stage: stage.name, operator, reason }];
}
