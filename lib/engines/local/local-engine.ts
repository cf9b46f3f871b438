import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { checkStage } from "@/lib/domain/operators/check-stage";
import { findOperator, operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { Engine, UnsupportedStage } from "../engine";
import { compareOutcomes } from "./compare-outcomes";
import { measureOutcomes } from "./measure-outcomes";
import { LOCAL_OPERATORS } from "./operators/local-operators";
import { measureOutputRules } from "./rules/check-output";
import { measureSourceRules } from "./rules/check-source";
import { profileValues } from "./profile-values";
import { runVariant } from "./run-variant";
import { sampleRows } from "./sample-rows";
import { selectRows } from "./select-rows";
import { type Session, type SessionOptions, openSession } from "./session";
import { countSourceRows, describeSource } from "./source-file";
import type { SourceFolders } from "./source-location";

export interface LocalEngineOptions extends Omit<SessionOptions, "signal"> {
  /** Any absolute path when left out: for one's own machine. */
  sources?: SourceFolders;
}

const ANYWHERE: SourceFolders = { directories: [], anywhere: true };

/** DuckDB over Parquet on this machine. Every call opens a database of its own in a scratch folder and removes it. */
export function createLocalEngine(options: LocalEngineOptions): Engine {
  const folders = options.sources ?? ANYWHERE;
  return {
    name: "local",
    unsupported: (stages) => stages.flatMap(whyUnsupported),
    describe: (source) => withSession(options, (session) => describeSource(session, source, folders)),
    countRows: (source, windows) =>
      withSession(options, (session) => countSourceRows(session, source, windows, folders)),
    measureRules: (source, snapshot, rules) => measureSourceRules(options, source, snapshot, rules),
    measureOutputRules: (output, rules) => measureOutputRules(options, output, rules),
    runVariant: (plan, control) => runVariant(options, plan, control),
    compareOutcomes: (request, signal) =>
      withSession(signal ? { ...options, signal } : options, (session) => compareOutcomes(session, request)),
    measureOutcomes: (request, signal) =>
      withSession(signal ? { ...options, signal } : options, (session) => measureOutcomes(session, request)),
    profileValues: (asked) => withSession(options, (session) => profileValues(session, asked)),
    sampleRows: (request, signal) =>
      withSession(signal ? { ...options, signal } : options, (session) => sampleRows(session, request)),
    async *readRows(file, { batch = 2048, ...wanted }) {
      const session = await openSession(options);
      try {
        await session.confine([file], [session.scratch]);
        yield* regroup(session.batches(selectRows(file, wanted)), batch);
      } catch (error) {
        if (error instanceof DomainError) throw error;
        throw new DomainError(
          "invalid",
          `The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        await session.close();
      }
    },
  };
}

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

/** Batches of at most `size` rows, whatever DuckDB's chunks are. */
async function* regroup<Row>(chunks: AsyncIterable<Row[]>, size: number): AsyncIterable<Row[]> {
  let pending: Row[] = [];
  for await (const chunk of chunks) {
    pending.push(...chunk);
    while (pending.length >= size) {
      yield pending.slice(0, size);
      pending = pending.slice(size);
    }
  }
  if (pending.length > 0) yield pending;
}
