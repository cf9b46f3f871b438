/** For tests and benches: the demo's spec files, and a plan for them without the planner. One producer per column, by pin or by being the only one. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { FitRows, StageDefinition } from "@/lib/domain/definitions/stage";
import type { EvaluationTask } from "@/lib/domain/outcomes/evaluation";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { Engine } from "../engine";

export function readDefinitions(folder: string): Definition[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(folder, file), "utf8")).map((document) => document.toJS() as Definition),
    );
}

/** For what an engine says of stages by themselves. */
export const NO_WORLD = { entities: [], sources: [] };

export interface World {
  entities: EntityDefinition[];
  sources: SourceDefinition[];
  stages: StageDefinition[];
  splits: SplitPolicyDefinition[];
}

export function toWorld(definitions: Definition[]): World {
  const of = <Kind extends Definition["kind"]>(kind: Kind) =>
    definitions.filter((item): item is Extract<Definition, { kind: Kind }> => item.kind === kind);
  return { entities: of("Entity"), sources: of("Source"), stages: of("Stage"), splits: of("SplitPolicy") };
}

/** Instances for the wanted columns, inputs first. Estimators without rows of their own are fitted on `fit`. */
export function planInstances(
  world: World,
  outputs: string[],
  pins: Record<string, string> = {},
  fit: FitRows = { rows: "all" },
): EngineInstance[] {
  const instances: EngineInstance[] = [];
  const visit = (column: string): string | null => {
    const writers = world.stages.filter((stage) => stage.outputs.some((output) => output.column === column));
    const stage = pins[column] ? writers.find((writer) => writer.name === pins[column]) : writers[0];
    if (!stage) return null;
    if (!instances.some((instance) => instance.key === stage.name)) {
      const inputs: EngineInstance["inputs"] = {};
      for (const input of [...stage.inputs, ...(stage.fitInputs ?? [])]) inputs[input] = visit(input);
      const rows = stage.fit ?? fit;
      const policy = "split" in rows ? world.splits.find((split) => split.name === rows.split) : undefined;
      instances.push({
        key: stage.name,
        stage,
        inputs,
        ...(stage.estimator === undefined
          ? {}
          : {
              fit: {
                fingerprint: `fit of ${stage.name}`,
                rowSet: [],
                split: policy && "split" in rows ? { policy, parts: rows.parts } : null,
              },
            }),
      });
    }
    return stage.name;
  };
  outputs.forEach(visit);
  return instances;
}

/** A plan of one variant, where a column's name says which column is meant. */
export interface NamedPlan extends Partial<Omit<VariantPlan, "materialise" | "evaluate" | "profile">> {
  instances: EngineInstance[];
  materialise?: string[];
  evaluate?: {
    prediction: string;
    label: string;
    selections: RowSelection[];
    features?: string;
    slices?: string[];
    shuffle?: string;
    /** Left out: binary. */
    task?: EvaluationTask;
    threshold?: number;
  };
  profile?: Omit<VariantPlan["profile"], "columns"> & {
    columns: Omit<VariantPlan["profile"]["columns"][number], "instance">[];
  };
}

/** A plan over the sources as they are now. */
export async function makePlan(
  engine: Engine,
  world: World,
  outputDirectory: string,
  { materialise = [], evaluate, profile, ...rest }: NamedPlan,
): Promise<VariantPlan> {
  const needed = new Set<string>();
  const columns = [
    ...rest.instances.flatMap(({ stage }) => [...stage.inputs, ...(stage.fitInputs ?? [])]),
    ...materialise,
    ...(profile?.columns.map(({ column }) => column) ?? []),
  ];
  const written = (column: string) => ({
    column,
    instance:
      rest.instances.findLast(({ stage }) => stage.outputs.some((output) => output.column === column))?.key ?? null,
  });
  for (const column of columns) needed.add(column.split(".")[0] ?? "");
  const sources = world.sources.filter((source) => needed.has(source.entity));
  return {
    entities: world.entities,
    sources: await Promise.all(
      sources.map(async (definition) => ({
        definition,
        snapshot: { ...(await engine.describe(definition)), version: 1 },
      })),
    ),
    materialise: materialise.map((column) => ({ ...written(column), name: splitColumn(column)[1] })),
    ...(evaluate && {
      evaluate: {
        prediction: written(evaluate.prediction),
        label: written(evaluate.label),
        selections: evaluate.selections,
        task: evaluate.task ?? "binary",
        threshold: evaluate.threshold ?? 0.5,
        ...(evaluate.features !== undefined && { features: evaluate.features }),
        ...(evaluate.shuffle !== undefined && { shuffle: evaluate.shuffle }),
        ...(evaluate.slices && { slices: evaluate.slices.map(written) }),
      },
    }),
    profile: profile
      ? { ...profile, columns: profile.columns.map((column) => ({ ...column, ...written(column.column) })) }
      : { columns: [], selections: [], every: null },
    outputDirectory,
    ...rest,
  };
}

/** A control that keeps what it is told. */
export function quietControl(
  signal = new AbortController().signal,
): RunControl & { messages: string[]; steps: string[] } {
  const messages: string[] = [];
  const steps: string[] = [];
  return {
    signal,
    messages,
    steps,
    progress: ({ message }) => void steps.push(message),
    log: (level, message) => void messages.push(`${level}: ${message}`),
  };
}
