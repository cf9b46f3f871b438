/** For tests: a folder with small tables written by DuckDB, and one call that runs stages over them and reads the result. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { FitRows, StageDefinition } from "@/lib/domain/definitions/stage";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "../engine";
import { createLocalEngine } from "./local-engine";
import { makePlan, type NamedPlan, planInstances, quietControl } from "./make-plan.test-support";

export interface RunRequest {
  entities: EntityDefinition[];
  sources: SourceDefinition[];
  stages?: StageDefinition[];
  splits?: SplitPolicyDefinition[];
  /** Columns to write; every stage's outputs when left out. */
  outputs?: string[];
  fit?: FitRows;
  evaluate?: NamedPlan["evaluate"];
  profile?: NamedPlan["profile"];
  signal?: AbortSignal;
  instances?: EngineInstance[];
}

export interface RunAnswer {
  result: VariantResult;
  messages: string[];
  /** Rows of an entity's output in order of key and event time. */
  rows(entity: string): Promise<Record<string, unknown>[]>;
  /** One output column of the first entity, in that order. */
  column(name: string): Promise<unknown[]>;
}

export interface SmallWorld {
  engine: Engine;
  folder: string;
  outputDirectory: string;
  dataDirectory: string;
  /** Writes the query's rows and answers the file's path. */
  write(name: string, query: string): Promise<string>;
  run(request: RunRequest): Promise<RunAnswer>;
  /** Names of everything left behind by runs. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

const inThisProcess = (dataDirectory: string): Engine =>
  createLocalEngine({ dataDirectory, threads: 2, memoryLimit: "1GB" });

export async function openSmallWorld(createEngine = inThisProcess): Promise<SmallWorld> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-engine-"));
  const outputDirectory = join(folder, "outputs");
  const dataDirectory = join(folder, "data");
  const engine = createEngine(dataDirectory);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();

  return {
    engine,
    folder,
    outputDirectory,
    dataDirectory,
    async write(name, query) {
      const path = join(folder, name);
      const format = name.endsWith(".csv") ? "csv" : name.endsWith(".json") ? "json" : "parquet";
      await connection.run(`COPY (${query}) TO '${path}' (FORMAT ${format})`);
      return path;
    },
    async run(request) {
      const stages = request.stages ?? [];
      const outputs = request.outputs ?? stages.flatMap((stage) => stage.outputs.map((output) => output.column));
      const world = { entities: request.entities, sources: request.sources, stages, splits: request.splits ?? [] };
      const plan = await makePlan(engine, world, outputDirectory, {
        instances:
          request.instances ??
          planInstances(
            world,
            [...outputs, ...(request.evaluate ? [request.evaluate.prediction, request.evaluate.label] : [])],
            {},
            request.fit,
          ),
        materialise: outputs,
        ...(request.evaluate ? { evaluate: request.evaluate } : {}),
        ...(request.profile ? { profile: request.profile } : {}),
      });
      const control = quietControl(request.signal);
      const result = await engine.runVariant(plan, control);
      const rows = async (entity: string) => {
        const output = result.outputs.find((candidate) => candidate.entity === entity);
        const keys =
          request.entities.find((candidate) => candidate.name === entity)?.joinKeys.map((key) => key.name) ?? [];
        const all: Record<string, unknown>[] = [];
        if (!output) return all;
        const columns = output.columns.map((column) => column.name);
        for await (const batch of engine.readRows(output.snapshot.files[0]?.path ?? "", { columns, keys }))
          all.push(...batch);
        return all;
      };
      const column = async (name: string) =>
        (await rows(name.split(".")[0] ?? "")).map((row) => row[name.split(".")[1] ?? ""]);
      return { result, messages: control.messages, rows, column };
    },
    async leftovers() {
      const list = async (path: string) => readdir(path).catch(() => [] as string[]);
      return [...(await list(outputDirectory)), ...(await list(dataDirectory))];
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An entity `obs` with key `id`, and one with an event time `t` when wanted. */
export function obsEntity(timed = false): EntityDefinition {
  return {
    kind: "Entity",
    name: "obs",
    joinKeys: [{ name: "id", type: "bigint" }],
    ...(timed ? { eventTime: "t" } : {}),
  };
}

/** A source of `obs` over a file, with the given columns beside `id` and `t`. */
export function obsSource(location: string, columns: SourceDefinition["columns"], timed = false): SourceDefinition {
  return {
    kind: "Source",
    name: "observations",
    entity: "obs",
    format: "parquet",
    location,
    columns: [
      { name: "id", type: "bigint" },
      ...(timed ? [{ name: "t", type: "timestamp" as const }] : []),
      ...columns,
    ],
    rowKey: ["id"],
    ...(timed ? { timeColumn: "t" } : {}),
  };
}

export function stage(
  name: string,
  rest: Partial<StageDefinition> & Pick<StageDefinition, "inputs" | "outputs">,
): StageDefinition {
  return { kind: "Stage", name, entity: "obs", ...rest };
}
