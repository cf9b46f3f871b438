import { estimatorClass } from "@/lib/domain/operators";
import type { EstimatorClass } from "@/lib/domain/definitions";
import type { DatasetFacts, EstimatorFit, LeakageInput, TimeWindow } from "@/lib/domain/leakage/types";
import { toSplitPolicy } from "@/lib/registry/split-policies";
import { featuresRead, type RunContext, stageOf } from "./run-context";
import type { Judged, ResolvedSource, RunPlan } from "./run-plan";

/** Everything that the verdict on a run's model depends on: datasets, policies, fits and the consumer itself. */
export function toLeakageInput(
  context: RunContext,
  { plan, sources }: RunPlan,
  judged: Judged,
  testUnits: number | undefined,
): LeakageInput {
  const evaluate = context.pipeline.evaluate;
  const horizon = evaluate?.labelHorizonDays;
  const rowsIn = (role: string) => judged.roles.find((rows) => rows.role === role)?.rowSet ?? [];
  const others = plan.instances.filter((instance) => instance.key !== judged.instance.key);
  return {
    datasets: Object.fromEntries(
      context.catalogue.sources.flatMap((source) => {
        const resolved = sources.get(source.name);
        if (!resolved) return [];
        const facts: DatasetFacts = {
          columns: source.columns.map((column) => column.name),
          rowKey: source.rowKey,
          timeColumn: source.timeColumn ?? null,
          appendOnly: source.appendOnly ?? false,
          versions: { [String(resolved.version)]: { time: windowOf(resolved) } },
        };
        return [[source.name, facts]];
      }),
    ),
    policies: Object.fromEntries(context.catalogue.splits.map((split) => [split.name, toSplitPolicy(split)])),
    estimators: others.flatMap(({ stage, fit }): EstimatorFit[] =>
      fit
        ? [
            {
              id: stage.name,
              class: estimatorClass(stage) as EstimatorClass,
              inputs: stage.inputs,
              fitInputs: stage.fitInputs ?? [],
              outputs: stage.outputs.map((output) => output.column),
              fit: fit.rowSet,
              ...(horizon !== undefined && { labelHorizonDays: horizon }),
            },
          ]
        : [],
    ),
    transformers: others
      .filter(({ fit }) => !fit)
      .map(({ stage }) => ({
        id: stage.name,
        inputs: stage.inputs,
        outputs: stage.outputs.map((output) => output.column),
      })),
    consumer: {
      name: judged.model,
      features: modelReads(context, judged),
      label: judged.label,
      unit: evaluate?.unit ?? [],
      // A split by time says that the model is to predict what comes after the rows it learned from.
      temporal: judged.roles.some(({ role, split }) => role === "test" && split?.policy.type === "time"),
      train: rowsIn("train"),
      test: rowsIn("test"),
      ...(testUnits !== undefined && { testUnits }),
    },
    measurements: [],
  };
}

/** What the model reads: the features behind its inputs, and inputs that nobody documented, so that no fit in between is missed. */
export function modelReads(context: RunContext, judged: Judged): string[] {
  const { inputs } = stageOf(context, judged.instance).definition;
  return [...new Set([...featuresRead(context, inputs), ...inputs])];
}

/** Half-open, one millisecond past the last row. */
function windowOf({ snapshot }: ResolvedSource): TimeWindow | null {
  if (!snapshot.time) return null;
  const [first, last] = snapshot.time;
  return [first, new Date(new Date(last).getTime() + 1).toISOString()];
}
