import { splitColumn } from "@/lib/domain/definitions/column-type";
import { judgePlaced } from "@/lib/domain/rules/judge-placed";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import { type PlacedRule, placeRules } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import { trainSplit } from "@/lib/domain/rules/train-split";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import { findNewestOutput, recordOutputCheck } from "@/lib/registry/execution/output-to-check";
import type { RunContext } from "@/lib/registry/execution/run-context";
import type { CheckedOutput } from "@/lib/registry/rules/output-checks";
import type { Scope } from "@/lib/registry/scope";

/** Checks every output of a run that carries a feature with rules. Throws `invalid` when a file cannot be read. */
export async function checkOutputs(
  { catalogue, pipeline }: Pick<RunContext, "catalogue" | "pipeline">,
  result: VariantResult,
  engine: Engine,
): Promise<CheckedOutput[]> {
  const checked: CheckedOutput[] = [];
  const seconds = new Map(result.stages.map(({ instance, seconds }) => [instance, seconds]));
  for (const { entity, snapshot, columns } of result.outputs) {
    const named = columns.map((column) => ({ ...column, bare: splitColumn(column.column)[1] }));
    const placed = placeRules(
      entity,
      named.map(({ bare }) => bare),
      catalogue.features,
    );
    const definition = catalogue.entities.find(({ name }) => name === entity);
    if (placed.length === 0 || !definition) continue;
    const output: OutputToCheck = {
      entity: definition,
      files: snapshot.files.map((file) => file.path),
      columns: named.map(({ bare, name, type }) => ({ name: bare, file: name, type })),
      train: trainSplit(pipeline, catalogue.splits),
      milliseconds: Object.fromEntries(
        named.flatMap(({ bare, instance }) => {
          const taken = instance === null ? undefined : seconds.get(instance);
          return taken === undefined ? [] : [[bare, 1000 * taken]];
        }),
      ),
    };
    checked.push({ entity, placed, results: await measure(engine, output, placed) });
  }
  return checked;
}

/** Checks the newest version of an output with the rules as they are worded now. */
export async function checkNewestOutput(scope: Scope, dataset: string, engine: Engine): Promise<void> {
  const newest = await findNewestOutput(scope, dataset);
  if (newest) await recordOutputCheck(scope, newest, await measure(engine, newest.output, newest.placed));
}

async function measure(engine: Engine, output: OutputToCheck, placed: readonly PlacedRule[]): Promise<RuleResult[]> {
  const measured = await engine.measureOutputRules(
    output,
    placed.map(({ rule }) => rule),
  );
  return placed.map((one, at) => judgePlaced(one, measured[at] as NonNullable<(typeof measured)[number]>));
}
