import { DomainError } from "../errors";
import { quoteAll } from "./quote-all";
import type { Catalogue } from "./read-catalogue";
import { nearestNames } from "../names/nearest-name";

interface MissingColumn {
  column: string;
  /** `<output>` when it was requested, then the stages that read it in declaration order. */
  requiredBy: string[];
  /** At most three columns that do exist and are spelt alike, the nearest first. */
  suggestions: string[];
}

/**
 * Why a requested column cannot be derived, as the error to throw: MISSING_PRODUCER with every column on the way back
 * that nothing writes, or else CYCLE with one loop. Undefined when all requested columns are derivable.
 */
export function explainUnderivable(catalogue: Catalogue, derivable: Uint8Array): DomainError | undefined {
  const roots = catalogue.requested.filter((column) => derivable[column] === 0);
  if (roots.length === 0) return undefined;
  const missing = findMissing(catalogue, derivable, roots);
  if (missing.length > 0) {
    const first = missing[0]!;
    const hint =
      first.suggestions.length > 0
        ? `Did you mean ${quoteAll(first.suggestions)}?`
        : "Declare it as a source or add a stage that writes it.";
    const others = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
    return new DomainError(
      "invalid",
      `No stage writes column "${first.column}"${others}, required by ${quoteAll(first.requiredBy)}. ${hint}`,
      { code: "MISSING_PRODUCER", missing },
    );
  }
  const { columns, stages } = findCycle(catalogue, derivable, roots[0]!);
  return new DomainError(
    "invalid",
    `Column "${columns[0]!}" can only be made from itself, through ${quoteAll(stages)}. Make one of the columns of the loop a source or add a stage that writes it from elsewhere.`,
    { code: "CYCLE", columns, stages },
  );
}

function findMissing(catalogue: Catalogue, derivable: Uint8Array, roots: readonly number[]): MissingColumn[] {
  const { columns, stages, inputs, producers, readers, requested } = catalogue;
  const seen = new Uint8Array(columns.length);
  const open = [...roots];
  for (const column of open) seen[column] = 1;
  const unproduced: number[] = [];
  for (let next = 0; next < open.length; next++) {
    const column = open[next]!;
    if (producers.start[column] === producers.start[column + 1]) unproduced.push(column);
    for (let i = producers.start[column]!; i < producers.start[column + 1]!; i++) {
      const stage = producers.items[i]!;
      for (let j = inputs.start[stage]!; j < inputs.start[stage + 1]!; j++) {
        const input = inputs.items[j]!;
        if (derivable[input] === 1 || seen[input] === 1) continue;
        seen[input] = 1;
        open.push(input);
      }
    }
  }
  if (unproduced.length === 0) return [];
  const suggest = suggester(catalogue);
  const asked = new Set(requested);
  return unproduced
    .map((column) => ({
      column: columns[column]!,
      requiredBy: [
        ...(asked.has(column) ? ["<output>"] : []),
        ...Array.from(
          readers.items.subarray(readers.start[column], readers.start[column + 1]),
          (stage) => stages[stage]!.name,
        ),
      ],
      suggestions: suggest(columns[column]!),
    }))
    .sort((a, b) => (a.column < b.column ? -1 : 1));
}

/** Known columns are the sources and what any stage writes: a name that is only read would be no help. */
function suggester({ columns, isSource, outputs }: Catalogue): (name: string) => string[] {
  const known = Uint8Array.from(isSource);
  for (const column of outputs.items) known[column] = 1;
  return nearestNames(columns.filter((_, column) => known[column] === 1));
}

function findCycle(catalogue: Catalogue, derivable: Uint8Array, root: number): { columns: string[]; stages: string[] } {
  const { columns, stages, inputs, producers } = catalogue;
  const position = new Map<number, number>();
  const path: number[] = [];
  let column = root;
  while (!position.has(column)) {
    position.set(column, path.length);
    path.push(column);
    const stage = producers.items[producers.start[column]!]!;
    const reads = inputs.items.subarray(inputs.start[stage], inputs.start[stage + 1]);
    column = reads.find((input) => derivable[input] === 0)!;
  }
  const loop = path.slice(position.get(column));
  let smallest = 0;
  for (let i = 1; i < loop.length; i++) if (columns[loop[i]!]! < columns[loop[smallest]!]!) smallest = i;
  const rotated = [...loop.slice(smallest), ...loop.slice(0, smallest)];
  return {
    columns: rotated.map((id) => columns[id]!),
    stages: rotated.map((id) => stages[producers.items[producers.start[id]!]!]!.name),
  };
}
