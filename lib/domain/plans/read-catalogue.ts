import { DomainError } from "../errors";
import { invert, type Lists } from "./adjacency";
import { quoteAll } from "./quote-all";
import { nearestNames } from "../names/nearest-name";
import type { PlanRequest, PlanStage } from "./types";

/**
 * A plan request by integer ids: stages by declaration index, columns by first mention.
 * Lists hold every id once, in the order of the request.
 */
export interface Catalogue {
  stages: readonly PlanStage[];
  columns: string[];
  /** Stage to the columns it reads: `inputs`, then `fitInputs`. */
  inputs: Lists;
  /** Stage to how many of its listed inputs are needed to transform; they come first. */
  transformInputs: Int32Array;
  /** Stage to the columns it writes. */
  outputs: Lists;
  /** Column to the stages that may write it: none for a source, the pinned one for a pinned column. */
  producers: Lists;
  /** Column to the stages that read it. */
  readers: Lists;
  isSource: Uint8Array;
  /** Column to the stage that must write it, or -1. */
  pin: Int32Array;
  requested: number[];
}

/**
 * Validates a request and turns names into ids.
 * @throws DomainError `invalid` with `code` DUPLICATE_STAGE, NO_OUTPUTS_REQUESTED, SELF_LOOP, INVALID_PIN or INVALID_COST: the first class that applies
 */
export function readCatalogue({ stages, sources, outputs, options }: PlanRequest): Catalogue {
  const stageIds = assertUniqueNames(stages);
  if (outputs.length === 0) {
    throw new DomainError("invalid", "No output is requested. Name at least one column that the plan has to deliver.", {
      code: "NO_OUTPUTS_REQUESTED",
    });
  }

  const columnIds = new Map<string, number>();
  const columns: string[] = [];
  const seenBy: number[] = [];
  const toColumn = (name: string): number => {
    let id = columnIds.get(name);
    if (id === undefined) {
      id = columns.length;
      columnIds.set(name, id);
      columns.push(name);
      seenBy.push(-1);
    }
    return id;
  };

  const inputStart = new Int32Array(stages.length + 1);
  const outputStart = new Int32Array(stages.length + 1);
  const transformInputs = new Int32Array(stages.length);
  const inputItems: number[] = [];
  const outputItems: number[] = [];
  const selfLoops: string[] = [];
  for (let stage = 0; stage < stages.length; stage++) {
    const declared = stages[stage]!;
    const reading = 2 * stage;
    const writing = reading + 1;
    for (const name of declared.inputs) {
      const column = toColumn(name);
      if (seenBy[column] === reading) continue;
      seenBy[column] = reading;
      inputItems.push(column);
    }
    transformInputs[stage] = inputItems.length - inputStart[stage]!;
    if (declared.fitInputs) {
      for (const name of declared.fitInputs) {
        const column = toColumn(name);
        if (seenBy[column] === reading) continue;
        seenBy[column] = reading;
        inputItems.push(column);
      }
    }
    let loops = false;
    for (const name of declared.outputs) {
      const column = toColumn(name);
      if (seenBy[column] === writing) continue;
      if (seenBy[column] === reading) loops = true;
      seenBy[column] = writing;
      outputItems.push(column);
    }
    if (loops) selfLoops.push(declared.name);
    inputStart[stage + 1] = inputItems.length;
    outputStart[stage + 1] = outputItems.length;
  }
  if (selfLoops.length > 0) {
    throw new DomainError(
      "invalid",
      `${quoteAll(selfLoops)} read${selfLoops.length === 1 ? "s" : ""} a column that it also writes. Write to a column of another name.`,
      { code: "SELF_LOOP", stages: selfLoops },
    );
  }

  const sourceIds = sources.map(toColumn);
  const requested = [...new Set(outputs.map(toColumn))];
  const isSource = new Uint8Array(columns.length);
  for (const column of sourceIds) isSource[column] = 1;
  const inputLists = { start: inputStart, items: Int32Array.from(inputItems) };
  const outputLists = { start: outputStart, items: Int32Array.from(outputItems) };
  const pin = readPins(options?.pins ?? {}, stages, stageIds, columnIds);
  assertCosts(stages);

  return {
    stages,
    columns,
    inputs: inputLists,
    transformInputs,
    outputs: outputLists,
    producers: invert(
      outputLists,
      columns.length,
      (column, stage) => isSource[column] === 0 && (pin[column] === -1 || pin[column] === stage),
    ),
    readers: invert(inputLists, columns.length, () => true),
    isSource,
    pin,
    requested,
  };
}

function assertUniqueNames(stages: readonly PlanStage[]): Map<string, number> {
  const ids = new Map<string, number>();
  const repeated = new Set<string>();
  for (let stage = 0; stage < stages.length; stage++) {
    const { name } = stages[stage]!;
    if (ids.has(name)) repeated.add(name);
    else ids.set(name, stage);
  }
  if (repeated.size > 0) {
    const names = [...repeated].sort();
    throw new DomainError(
      "invalid",
      `${quoteAll(names)} ${names.length === 1 ? "is" : "are"} declared more than once. Stage names must be unique: rename or remove the repetition.`,
      { code: "DUPLICATE_STAGE", stages: names },
    );
  }
  return ids;
}

function readPins(
  pins: Readonly<Record<string, string>>,
  stages: readonly PlanStage[],
  stageIds: ReadonlyMap<string, number>,
  columnIds: ReadonlyMap<string, number>,
): Int32Array {
  const pin = new Int32Array(columnIds.size).fill(-1);
  for (const [column, name] of Object.entries(pins)) {
    const stage = stageIds.get(name);
    if (stage === undefined || !stages[stage]!.outputs.includes(column)) throw wrongPin(stages, column, name);
    pin[columnIds.get(column)!] = stage;
  }
  return pin;
}

/** What is wrong with a pin, with what it may have meant: columns where nobody writes the column, else stages that do. */
function wrongPin(stages: readonly PlanStage[], column: string, name: string): DomainError {
  const stage = stages.find((one) => one.name === name);
  const writers = stages.filter((one) => one.outputs.includes(column)).map((one) => one.name);
  const context = { code: "INVALID_PIN", column, stage: name };
  if (writers.length === 0) {
    const suggestions = stage?.outputs.length
      ? stage.outputs
      : nearestNames(new Set(stages.flatMap((one) => one.outputs)))(column);
    const hint =
      suggestions.length > 0 ? `Did you mean ${quoteAll(suggestions)}?` : "Pin a column that some stage writes.";
    return new DomainError(
      "invalid",
      `Column "${column}" is pinned to stage "${name}", but no stage writes it. ${hint}`,
      {
        ...context,
        unknown: "column",
        suggestions,
      },
    );
  }
  const found = stage ? `which writes ${quoteAll(stage.outputs)}` : "which does not exist";
  return new DomainError(
    "invalid",
    `Column "${column}" is pinned to stage "${name}", ${found}. Pin it to a stage that writes it: ${quoteAll(writers)}.`,
    { ...context, unknown: "stage", suggestions: writers },
  );
}

function assertCosts(stages: readonly PlanStage[]): void {
  const wrong = stages.filter(({ cost }) => cost !== undefined && !(cost >= 0 && cost < Infinity));
  if (wrong.length > 0) {
    throw new DomainError(
      "invalid",
      `${quoteAll(wrong.map((stage) => stage.name))} must have a finite cost of 0 or more, found ${String(wrong[0]!.cost)}.`,
      { code: "INVALID_COST", stages: wrong.map((stage) => stage.name) },
    );
  }
}
